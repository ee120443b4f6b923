import type { Pixels } from '../runtime/index.ts';

/** Grey levels as characters, dark to light, where there are no colours. */
const SHADES = ' .:-=+*#%@';

/** A grey picture as text: two pixels per character with colours, one per two characters without. */
export function drawInTerminal(
  { data, width, height }: Pixels,
  stream: { readonly isTTY?: boolean },
): string {
  const hasColour = stream.isTTY === true && !process.env['NO_COLOR'];
  return hasColour ? halfBlocks(data, width, height) : shades(data, width, height);
}

/** `▀` has the upper pixel as its colour and the lower one as its background. */
function halfBlocks(data: ArrayLike<number>, width: number, height: number): string {
  const grey = (layer: 38 | 48, value: number) => `\u001b[${layer};2;${value};${value};${value}m`;
  return rows(0, height, 2, (y) => {
    const cells = range(width).map((x) => {
      const [upper, lower] = [data[y * width + x]!, data[(y + 1) * width + x] ?? 0];
      return `${grey(38, upper)}${grey(48, lower)}▀`;
    });
    return `${cells.join('')}\u001b[0m`;
  });
}

/** Characters are about twice as high as wide, so every second row will do. */
function shades(data: ArrayLike<number>, width: number, height: number): string {
  return rows(0, height, 2, (y) => {
    const cells = range(width).map((x) => {
      const value = (data[y * width + x]! + (data[(y + 1) * width + x] ?? 0)) / 2;
      return SHADES[Math.min(SHADES.length - 1, Math.floor((value / 256) * SHADES.length))]!;
    });
    return cells.join('').trimEnd();
  });
}

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

const rows = (from: number, to: number, step: number, line: (y: number) => string): string =>
  range(Math.ceil((to - from) / step))
    .map((i) => line(from + i * step))
    .join('\n');
