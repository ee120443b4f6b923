import { CnncError } from '../errors.ts';
import type { ImageSpec, TensorSpec } from '../program.ts';
import { inColours, type Pixels } from './colours.ts';
import { fitPicture } from './fit.ts';

/**
 * A picture as the values of an input of shape H × W × C, or C × H × W, in the way its `image` attributes say: the
 * colours of `order`, then `resize`, `crop` and `fit`, all in bytes as PIL computes them, then
 * (value · scale − mean) / std. Transparency and padding are black, value 0. Throws `IMAGE_SIZE` when
 * the data do not fit their width and height, and `IMAGE_SPEC` when the input does not take pictures.
 */
export function prepareImage(pixels: Pixels, { name, shape, image }: TensorSpec): Float32Array {
  const [height = 0, width = 0, channels] = sidesOf(shape, image);
  if (!image || shape.length !== 3 || channels !== (image.order === 'grey' ? 1 : 3)) {
    const found = image ? `order ${image.order}` : 'no image attributes';
    throw new CnncError(
      'IMAGE_SPEC',
      `input "${name}" (${shape.join(' × ')}) with ${found} takes no pictures: expected height × width × ` +
        '3 channels, or 1 for grey',
    );
  }
  const { data } = fitPicture(inColours(pixels, image.order), { width, height }, image);
  const { scale, mean, std } = image;
  const values = new Float32Array(data.length);
  const pixelCount = data.length / channels;
  for (const [i, value] of data.entries()) {
    const channel = i % channels;
    const at = image.channels === 'first' ? channel * pixelCount + (i - channel) / channels : i;
    values[at] = (value * scale - mean[channel]!) / std[channel]!;
  }
  return values;
}

/** Height, width and channels of an input that takes pictures. */
export function sidesOf(shape: readonly number[], image: ImageSpec | undefined): readonly number[] {
  if (image?.channels !== 'first') return shape;
  const [channels, ...sides] = shape;
  return [...sides, channels!];
}
