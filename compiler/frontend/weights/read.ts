import { refuse } from '../../support/refusal.ts';
import type { NamedTensors } from './named-tensors.ts';
import { isNpy } from './npy.ts';
import { readNpz } from './npz.ts';
import { readSafetensors } from './safetensors.ts';
import { isZip } from './zip.ts';

/** A weights file of any format that is read; which, its first bytes say. Throws a `Refusal` (E060). */
export function readWeightsFile(file: Uint8Array): NamedTensors {
  if (isZip(file)) return readNpz(file);
  if (isNpy(file))
    refuse('E060', 'the weights file is a single array, without a name', {
      help: 'write all of them with numpy.savez',
    });
  return readSafetensors(file);
}
