interface Viewer {
  look(frame: HTMLVideoElement): Promise<void>;
  fail(why: string): void;
  /** The camera ended by itself: somebody unplugged it, or took the permission back. */
  ended(): void;
}

/**
 * Makes a button start and stop the camera, whose frames are looked at one after the other. Gives a function that stops
 * it, also while the browser still asks for permission.
 */
export function openCamera(button: HTMLButtonElement, { look, fail, ended }: Viewer): () => void {
  button.hidden = navigator.mediaDevices === undefined;
  button.disabled = false;
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  /** The start that counts, which has a stream once that is permitted. */
  let current: { stream?: MediaStream } | undefined;

  const show = (isOn: boolean) => {
    button.textContent = isOn ? 'Stop camera' : 'Camera';
    button.setAttribute('aria-pressed', String(isOn));
  };
  const stop = () => {
    if (current?.stream) endTracks(current.stream);
    current = undefined;
    show(false);
  };
  const start = async () => {
    const mine: typeof current = {};
    current = mine;
    const counts = () => current === mine;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
      if (!counts()) return endTracks(stream);
      mine.stream = stream;
      video.srcObject = stream;
      await video.play();
      if (counts()) show(true);
      while (counts() && stream.active) {
        await look(video);
        await new Promise(requestAnimationFrame);
      }
      if (!counts()) return;
      stop();
      ended();
    } catch (error) {
      if (!counts()) return;
      stop();
      fail(error instanceof Error ? error.message : String(error));
    }
  };
  button.addEventListener('click', () => {
    if (current?.stream) stop();
    else if (!current) void start();
  });
  return stop;
}

function endTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
