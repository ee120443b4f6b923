/** How much of the field a digit fills, and how thick the pen is, as in MNIST: 20 of 28 pixels, about 2. */
const FILLED = 20 / 28;
const PEN = 1 / 14;

type Place = readonly [x: number, y: number];
type Stroke = (from: Place, to: Place) => void;

/** Of a mouse; fingers and pens that touch have the same number. */
const MAIN_BUTTON = 0;

/** How far a key moves the pen, as a share of the field. */
const STEP = 1 / 28;

const ARROWS: Readonly<Record<string, Place>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

/**
 * Makes a canvas a field to draw on with mouse, finger or pen, or with keys: arrows move a pen, the space bar puts it down
 * and lifts it. `pen` is what shows where that is. Gives a function that clears the field.
 */
export function drawingField(field: HTMLCanvasElement, pen: HTMLElement, onDrawn: () => void): () => void {
  const context = field.getContext('2d', { willReadFrequently: true })!;
  const clear = () => {
    context.fillStyle = 'black';
    context.fillRect(0, 0, field.width, field.height);
  };
  clear();
  const stroke: Stroke = (from, to) => {
    context.strokeStyle = 'white';
    context.lineWidth = field.width * PEN;
    context.lineCap = 'round';
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
    onDrawn();
  };
  listenToPointers(field, stroke);
  listenToKeys(field, pen, stroke);
  return clear;
}

/** Draws with the main button of a mouse, or with the first finger or pen that comes down, until that is lifted. */
function listenToPointers(field: HTMLCanvasElement, stroke: Stroke): void {
  const placeOf = ({ offsetX, offsetY }: PointerEvent): Place => [
    (offsetX * field.width) / field.clientWidth,
    (offsetY * field.height) / field.clientHeight,
  ];
  let drawing: { readonly pointer: number; at: Place } | undefined;
  field.addEventListener('pointerdown', (event) => {
    if (drawing || event.button !== MAIN_BUTTON) return;
    field.setPointerCapture(event.pointerId);
    const at = placeOf(event);
    drawing = { pointer: event.pointerId, at };
    stroke(at, at);
  });
  field.addEventListener('pointermove', (event) => {
    if (drawing?.pointer !== event.pointerId) return;
    const to = placeOf(event);
    stroke(drawing.at, to);
    drawing.at = to;
  });
  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'] as const)
    field.addEventListener(end, ({ pointerId }) => {
      if (drawing?.pointer === pointerId) drawing = undefined;
    });
}

/** Lets keys move the pen. */
function listenToKeys(field: HTMLCanvasElement, pen: HTMLElement, stroke: Stroke): void {
  let at: Place = [field.width / 2, field.height / 2];
  let isDown = false;
  const show = () => {
    pen.hidden = false;
    pen.classList.toggle('down', isDown);
    pen.style.left = `${(100 * at[0]) / field.width}%`;
    pen.style.top = `${(100 * at[1]) / field.height}%`;
  };
  field.addEventListener('keydown', (event) => {
    const step = ARROWS[event.key];
    if (!step && event.key !== ' ') return;
    event.preventDefault(); // the page would scroll
    const from = at;
    if (step) {
      const inside = (place: number, size: number) => Math.min(size, Math.max(0, place));
      at = [
        inside(at[0] + step[0] * field.width, field.width),
        inside(at[1] + step[1] * field.height, field.height),
      ];
    } else isDown = !isDown;
    if (isDown) stroke(from, at);
    show();
  });
  field.addEventListener('blur', () => {
    isDown = false;
    pen.hidden = true;
  });
}

/** The drawing in the middle, as large as the network saw digits in training. */
export function centred(field: HTMLCanvasElement): HTMLCanvasElement {
  const box = inkOf(field);
  const copy = document.createElement('canvas');
  copy.width = field.width;
  copy.height = field.height;
  const context = copy.getContext('2d')!;
  context.fillStyle = 'black';
  context.fillRect(0, 0, copy.width, copy.height);
  if (!box) return copy;
  const scale = (FILLED * field.width) / Math.max(box.width, box.height);
  const [width, height] = [box.width * scale, box.height * scale];
  const [x, y] = [(copy.width - width) / 2, (copy.height - height) / 2];
  context.drawImage(field, box.x, box.y, box.width, box.height, x, y, width, height);
  return copy;
}

/** The smallest rectangle with all that is drawn. */
function inkOf(field: HTMLCanvasElement): DOMRect | undefined {
  const { data, width, height } = field.getContext('2d')!.getImageData(0, 0, field.width, field.height);
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let pixel = 0; pixel < width * height; pixel++) {
    if (data[4 * pixel]! < 32) continue;
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return right < 0 ? undefined : new DOMRect(left, top, right - left + 1, bottom - top + 1);
}
