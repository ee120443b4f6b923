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

  const stop = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = undefined;
    button.textContent = 'Camera';
    button.setAttribute('aria-pressed', 'false');
  };
  const start = async () => {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    video.srcObject = stream;
    await video.play();
    button.textContent = 'Stop camera';
    button.setAttribute('aria-pressed', 'true');
    const running = stream;
    while (running.active) {
      await look(video);
      await new Promise(requestAnimationFrame);
    }
  };
  button.addEventListener('click', () => {
    if (stream) stop();
    else
      start().catch((error: unknown) => {
        stop();
        fail(error instanceof Error ? error.message : String(error));
      });
  });
}
