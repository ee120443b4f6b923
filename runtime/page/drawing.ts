/** How much of the field a digit fills, and how thick the pen is, as in MNIST: 20 of 28 pixels, about 2. */
const FILLED = 20 / 28;
const PEN = 1 / 14;

type Place = readonly [x: number, y: number];

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
  const placeOf = ({ offsetX, offsetY }: PointerEvent): Place => [
    (offsetX * field.width) / field.clientWidth,
    (offsetY * field.height) / field.clientHeight,
  ];
  let last: Place | undefined;
  const drawTo = (next: Place) => {
    if (!last) return;
    context.strokeStyle = 'white';
    context.lineWidth = field.width * PEN;
    context.lineCap = 'round';
    context.beginPath();
    context.moveTo(...last);
    context.lineTo(...next);
    context.stroke();
    last = next;
    onDrawn();
  };
  field.addEventListener('pointerdown', (event) => {
    field.setPointerCapture(event.pointerId);
    last = placeOf(event);
    drawTo(last);
  });
  field.addEventListener('pointermove', (event) => drawTo(placeOf(event)));
  for (const end of ['pointerup', 'pointercancel'] as const)
    field.addEventListener(end, () => (last = undefined));
  listenToKeys(field, pen, (from, to) => {
    last = from;
    drawTo(to);
    last = undefined;
  });
  return clear;
}

/** Lets keys move the pen; `draw` is called for each stroke. */
function listenToKeys(
  field: HTMLCanvasElement,
  pen: HTMLElement,
  draw: (from: Place, to: Place) => void,
): void {
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
    if (isDown) draw(from, at);
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
