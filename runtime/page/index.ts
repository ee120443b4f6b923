// The script of the page that `--html` writes; see scripts/build-runtime.ts and compiler/bundle/html.ts.
import type { CreateModel } from '../model.ts';
import type { Model } from '../session.ts';
import { messageOf, openAnswer, type Answer } from './answer.ts';
import { openCamera } from './camera.ts';
import { centred, drawingField } from './drawing.ts';

/** Elements of the page by id; compiler/bundle/html.ts writes them all. */
function element<T extends HTMLElement>(id: string): T {
  return document.getElementById(id) as T; // the page has it, of this kind
}

/** The module of a bundle. */
interface ModelModule {
  readonly createModel: CreateModel;
}

/** Loads the model and makes the page answer to files, drops, pastes, the camera and the pen. */
export async function startPage(load: () => Promise<ModelModule>): Promise<void> {
  const [status, spoken] = [element('status'), element('spoken')];
  const progress = element<HTMLProgressElement>('progress');
  status.textContent = 'Loading the model …';
  progress.hidden = false;
  try {
    const { createModel } = await load();
    const model = await createModel({
      onProgress: ({ loaded, total }) => (progress.value = total === 0 ? 1 : loaded / total),
    });
    const say = () => (element('target').textContent = describe(model));
    const answer = openAnswer(model, { ranking: element('ranking'), status, spoken }, say);
    say();
    answer.say('Ready.');
    listen(answer);
  } catch (error) {
    spoken.textContent = status.textContent = whyNotLoaded(error);
  }
  progress.hidden = true;
}

const whyNotLoaded = (error: unknown): string =>
  location.protocol === 'file:'
    ? 'This page was opened as a file, and browsers load models from servers only. ' +
      'Run “npx serve” in its folder, and open the address that it says.'
    : `The model cannot be loaded: ${messageOf(error)}`;

function describe({ report }: Model): string {
  const names = { webgpu: 'GPU', js: 'JavaScript' };
  const why = report.skipped.map(({ target, why: reason }) => `${names[target]}: ${reason}`).join('; ');
  const device = report.device === undefined ? '' : ` (${report.device})`;
  return `Runs on ${names[report.target]}${device}.${why ? ` Not on ${why}.` : ''}`;
}

function listen(answer: Answer): void {
  const preview = element<HTMLCanvasElement>('preview');
  const clearField = listenToPen(answer, () => {
    stopCamera();
    preview.hidden = true;
  });
  const stopCamera = openCamera(element<HTMLButtonElement>('camera'), {
    look: (frame) => {
      clearField();
      drawInto(preview, frame);
      return answer.look(preview, 'camera');
    },
    fail: (why) => answer.replace(`The camera cannot be used: ${why}`),
    ended: () => answer.say('The camera has stopped.'),
  });
  const show = async (source: Blob): Promise<void> => {
    stopCamera();
    const isNewest = answer.begin();
    const bitmap = await createImageBitmap(source).catch(() => undefined);
    if (!isNewest()) return;
    clearField();
    preview.hidden = true;
    if (!bitmap) return answer.replace('This file is no picture that the browser can read.');
    drawInto(preview, bitmap);
    return answer.look(bitmap);
  };

  const file = element<HTMLInputElement>('file');
  file.disabled = false;
  file.addEventListener('change', () => {
    const chosen = file.files?.[0];
    file.value = ''; // so that the same file may be chosen again
    if (chosen) void show(chosen);
  });
  const pictureIn = (data: DataTransfer | null): File | undefined =>
    [...(data?.files ?? [])].find(({ type }) => type.startsWith('image/'));
  document.addEventListener('paste', ({ clipboardData }) => {
    const pasted = pictureIn(clipboardData);
    if (pasted) void show(pasted);
  });
  const zone = document.body;
  for (const type of ['dragenter', 'dragover', 'dragleave', 'drop'] as const)
    zone.addEventListener(type, (event) => {
      event.preventDefault();
      zone.classList.toggle('over', type === 'dragenter' || type === 'dragover');
      if (type !== 'drop') return;
      const dropped = pictureIn(event.dataTransfer);
      if (dropped) void show(dropped);
      else answer.replace('There is no picture in what was dropped.');
    });
}

/**
 * Where the page has a field to draw in. `takeOver` is called when a stroke is drawn and when the field is cleared by its
 * button. Gives a function that clears it.
 */
function listenToPen(answer: Answer, takeOver: () => void): () => void {
  const field = document.getElementById('field');
  if (!(field instanceof HTMLCanvasElement)) return () => {};
  const clear = drawingField(field, element('pen'), () => {
    takeOver();
    void answer.look(centred(field));
  });
  const button = element<HTMLButtonElement>('clear');
  button.disabled = false;
  button.addEventListener('click', () => {
    takeOver();
    clear();
    answer.replace('Ready.');
  });
  return clear;
}

/** Fits a picture into a canvas of the picture's own shape. */
function drawInto(canvas: HTMLCanvasElement, picture: ImageBitmap | HTMLVideoElement): void {
  const [width, height] =
    'videoWidth' in picture ? [picture.videoWidth, picture.videoHeight] : [picture.width, picture.height];
  const scale = Math.min(1, 640 / Math.max(width, height));
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height);
  canvas.hidden = false;
}
