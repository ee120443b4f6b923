// NumPy's .npz: a zip archive of .npy files, named after the arrays.
import { refuse } from '../../support/refusal.ts';
import type { NamedTensors } from './named-tensors.ts';
import { isNpy, openNpy } from './npy.ts';
import { showName } from '../../support/show-name.ts';
import { readZip } from './zip.ts';

/** What NumPy writes takes some 128 bytes; version 1 could take so many. */
const MOST_HEADER = 2 ** 16 + 10;

/** The arrays of an archive. Throws a `Refusal` (E060) that says what is wrong. */
export function readNpz(file: Uint8Array): NamedTensors {
  const members = readZip(file);
  refusePickles([...members.keys()]);
  const tensors = [...members].map(([member, { size, head, read }]) => {
    const name = member.replace(/\.npy$/, '');
    const begin = head(MOST_HEADER);
    if (name === member || !isNpy(begin))
      refuse('E060', `'${showName(member)}' in the weights file is not an array of NumPy`);
    const subject = `array '${showName(name)}' in the weights file:`;
    return [name, openNpy({ begin, size, read }, subject, ['F16', 'F32', 'F64'])] as const;
  });
  return { tensors: new Map(tensors), metadata: new Map() };
}

/** torch.save and Keras write zip archives too. */
function refusePickles(members: readonly string[]): void {
  if (members.some((name) => name.endsWith('/data.pkl')))
    refuse('E060', 'the weights file is an archive of torch.save: to read it is to run the program in it', {
      help: 'write it with safetensors.torch.save_file(model.state_dict(), "w.safetensors")',
    });
  if (members.some((name) => name.endsWith('.weights.h5')))
    refuse('E060', 'the weights file is a .keras archive', {
      help: 'numpy.savez("w.npz", *model.get_weights()), then --layout tf --bind order',
    });
}
