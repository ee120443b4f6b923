// The script of the page that `--html` writes; see scripts/build-runtime.ts and compiler/bundle/html.ts.
import type { CreateModel } from '../model.ts';
import type { Model } from '../session.ts';
import type { Picture } from '../inputs.ts';
import { openCamera } from './camera.ts';
import { centred, drawingField } from './drawing.ts';
import { showRanking } from './ranking.ts';

/** Elements of the page by id; compiler/bundle/html.ts writes them all. */
function element<T extends HTMLElement>(id: string): T {
  return document.getElementById(id) as T; // the page has it, of this kind
}

/** Loads the model and makes the page answer to files, drops, pastes, the camera and the pen. */
export async function startPage(createModel: CreateModel): Promise<void> {
  const status = element('status');
  const progress = element<HTMLProgressElement>('progress');
  try {
    const model = await createModel({
      onProgress: ({ loaded, total }) => (progress.value = total === 0 ? 1 : loaded / total),
    });
    progress.hidden = true;
    element('target').textContent = describe(model);
    status.textContent = 'Ready.';
    listen(model, status);
  } catch (error) {
    progress.hidden = true;
    status.textContent = `The model cannot be loaded: ${messageOf(error)}`;
  }
}

function describe({ report }: Model): string {
  const names = { webgpu: 'GPU', js: 'JavaScript' };
  const why = report.skipped.map(({ target, why: reason }) => `${names[target]}: ${reason}`).join('; ');
  const device = report.device === undefined ? '' : ` (${report.device})`;
  return `Runs on ${names[report.target]}${device}.${why ? ` Not on ${why}.` : ''}`;
}

function listen(model: Model, status: HTMLElement): void {
  let newest = 0;
  /** Nothing that was found before stands beside what failed. */
  const fail = (why: string) => {
    newest++;
    element('ranking').replaceChildren();
    status.textContent = why;
  };
  /** Shows the answer to the newest picture only. */
  const look = async (picture: Picture): Promise<void> => {
    const mine = ++newest;
    try {
      const begun = performance.now();
      const outputs = await model.run(picture);
      const [{ name, labels }] = model.outputs as readonly [Model['outputs'][number]];
      if (mine !== newest) return;
      showRanking(element('ranking'), [...outputs[name]!], labels);
      status.textContent = `Answered in ${(performance.now() - begun).toFixed(1)} ms.`;
      element('target').textContent = describe(model);
    } catch (error) {
      if (mine === newest) fail(`That did not work: ${messageOf(error)}`);
    }
  };
  const preview = element<HTMLCanvasElement>('preview');
  const clearField = listenToPen(preview, look, status);
  const show = async (source: Blob): Promise<void> => {
    const bitmap = await createImageBitmap(source).catch(() => undefined);
    clearField();
    preview.hidden = true;
    if (!bitmap) return fail('This file is no picture that the browser can read.');
    drawInto(preview, bitmap);
    return look(bitmap);
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
      else fail('There is no picture in what was dropped.');
    });

  openCamera(element<HTMLButtonElement>('camera'), {
    look: (frame) => {
      clearField();
      drawInto(preview, frame);
      return look(preview);
    },
    fail: (why) => fail(`The camera cannot be used: ${why}`),
  });
}

/** Where the page has a field to draw in; gives a function that clears it. */
function listenToPen(
  preview: HTMLElement,
  look: (picture: Picture) => Promise<void>,
  status: HTMLElement,
): () => void {
  const field = document.getElementById('field');
  if (!(field instanceof HTMLCanvasElement)) return () => {};
  const clear = drawingField(field, element('pen'), () => {
    preview.hidden = true;
    void look(centred(field));
  });
  const button = element<HTMLButtonElement>('clear');
  button.disabled = false;
  button.addEventListener('click', () => {
    clear();
    preview.hidden = true;
    element('ranking').replaceChildren();
    status.textContent = 'Ready.';
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

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
