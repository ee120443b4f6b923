interface Viewer {
  look(frame: HTMLVideoElement): Promise<void>;
  fail(why: string): void;
}

/** Makes a button start and stop the camera, whose frames are looked at one after the other. */
export function openCamera(button: HTMLButtonElement, { look, fail }: Viewer): void {
  button.hidden = navigator.mediaDevices === undefined;
  button.disabled = false;
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  let stream: MediaStream | undefined;
  let isAsking = false;

  const stop = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = undefined;
    button.textContent = 'Camera';
    button.setAttribute('aria-pressed', 'false');
  };
  const start = async () => {
    isAsking = true;
    const running = await navigator.mediaDevices
      .getUserMedia({ video: { facingMode: 'environment' } })
      .finally(() => (isAsking = false));
    stream = running;
    video.srcObject = running;
    await video.play();
    if (!running.active) return; // stopped meanwhile
    button.textContent = 'Stop camera';
    button.setAttribute('aria-pressed', 'true');
    while (running.active) {
      await look(video);
      await new Promise(requestAnimationFrame);
    }
  };
  button.addEventListener('click', () => {
    if (stream) stop();
    else if (!isAsking)
      start().catch((error: unknown) => {
        stop();
        fail(error instanceof Error ? error.message : String(error));
      });
  });
}
