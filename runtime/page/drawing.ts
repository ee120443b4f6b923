/** How much of the field a digit fills, and how thick the pen is, as in MNIST: 20 of 28 pixels, about 2. */
const FILLED = 20 / 28;
const PEN = 1 / 14;

/** Makes a canvas a field to draw on with mouse, finger or pen; gives a function that clears it. */
export function drawingField(field: HTMLCanvasElement, onDrawn: () => void): () => void {
  const context = field.getContext('2d', { willReadFrequently: true })!;
  const clear = () => {
    context.fillStyle = 'black';
    context.fillRect(0, 0, field.width, field.height);
  };
  clear();
  const placeOf = ({ offsetX, offsetY }: PointerEvent): [x: number, y: number] => [
    (offsetX * field.width) / field.clientWidth,
    (offsetY * field.height) / field.clientHeight,
  ];
  let last: [x: number, y: number] | undefined;
  const draw = (event: PointerEvent) => {
    if (!last) return;
    const next = placeOf(event);
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
    draw(event);
  });
  field.addEventListener('pointermove', draw);
  for (const end of ['pointerup', 'pointercancel'] as const)
    field.addEventListener(end, () => (last = undefined));
  return clear;
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
