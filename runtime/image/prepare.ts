import { CnncError } from '../errors.ts';
import type { TensorSpec } from '../program.ts';
import { inColours, type Pixels } from './colours.ts';
import { fitPicture } from './fit.ts';

/**
 * A picture as the values of an input of shape H × W × C, in the way its `image` attributes say: the
 * colours of `order`, then `resize`, `crop` and `fit`, all in bytes as PIL computes them, then
 * (value · scale − mean) / std. Transparency and padding are black, value 0. Throws `IMAGE_SIZE` when
 * the data do not fit their width and height, and `IMAGE_SPEC` when the input does not take pictures.
 */
export function prepareImage(pixels: Pixels, { name, shape, image }: TensorSpec): Float32Array {
  const [height = 0, width = 0, channels] = shape;
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
  return Float32Array.from(data, (value, i) => {
    const channel = i % channels;
    return (value * scale - mean[channel]!) / std[channel]!;
  });
}
