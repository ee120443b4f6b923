// Shapes of inputs as other frameworks write them.
import type { Call } from '../../grammar/ast.ts';
import { spanText } from '../../grammar/source.ts';
import type { InputShape } from '../ops/input.ts';

/** Maps of fewer rows and columns may be what they say. */
const SMALLEST_PICTURE = 16;

/** Longer texts are not shown. */
const LONGEST = 40;

/**
 * What was meant by C×H×W, as PyTorch and ONNX have it: three rows, or one where the rest is a square, and many
 * channels. Undefined where nothing speaks against H×W×C.
 */
export function meantByChannelsFirst([channels, height, width, ...rest]: InputShape): string | undefined {
  if (!channels || !height || !width || rest.length > 0) return undefined;
  const isPicture = Math.min(height, width) >= SMALLEST_PICTURE;
  const hasColours = channels === 3 || (channels === 1 && height === width);
  return isPicture && hasColours ? `${height}x${width}x${channels}` : undefined;
}

/** What to write where a vector comes from INPUT and a map is needed. */
export function helpWithVector({ args = [] }: Call): string {
  const product = args
    .map(({ value }) => spanText(value.span))
    .find((text) => /^\d+(\s*[*×]\s*\d+)+$/.test(text));
  const sizes = product?.replaceAll(/\s*[*×]\s*/g, 'x');
  return sizes !== undefined && sizes.length <= LONGEST
    ? `sizes are joined by x, and * is a product: write INPUT(${sizes})`
    : 'give INPUT height, width and channels, such as INPUT(32x32x3); a sequence is 16000x1';
}
