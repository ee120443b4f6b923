import { CnncError, prepareImage, type TensorSpec } from '../../runtime/index.ts';
import { InputError } from './failure.ts';
import { readImage } from './image/index.ts';
import { isNpy, readNpy } from './npy.ts';
import { readBytes } from './read-input.ts';

/**
 * A file as values for an input: a picture prepared as INPUT says, or a .npy array, which is taken as
 * prepared. An array may have a batch in front.
 */
export async function readTensor(path: string, spec: TensorSpec): Promise<Float32Array> {
  const bytes = await readBytes(path);
  if (isNpy(bytes)) {
    const { shape, data } = readNpy(bytes, path);
    const item = spec.shape.join('×');
    const [own, batched] = [shape.join('×'), shape.slice(1).join('×')];
    if (own === item || batched === item) return data;
    throw new InputError(
      `${path}: is ${own || 'a single number'}; the network's ${spec.name} is ${item}, or N×${item}`,
    );
  }
  const pixels = await readImage(bytes, path);
  try {
    return prepareImage(pixels, spec);
  } catch (error) {
    const help = spec.image ? '' : '; --image says how pictures become the input of an ONNX model';
    if (error instanceof CnncError) throw new InputError(`${path}: ${error.message}${help}`);
    throw error;
  }
}
