// What the language's rules need to know of an operator's neighbourhood: rule 11 (activations) and the
// default number of units. Worked out on the instances, backwards, before anything is typed.
import type { Expansion } from './instance.ts';

export interface Neighbourhood {
  /** No weighted operator lies downstream. */
  readonly isLast: boolean;
  /** The only consumer is an activation, SOFTMAX or BN. */
  readonly isFollowedByActivation: boolean;
}

/** By the `id` of each instance. */
export function neighbourhoods({ instances, outputs }: Expansion): readonly Neighbourhood[] {
  const found = instances.map(() => ({ isLast: true, isFollowedByActivation: false, readers: 0 }));
  // All readers of an instance come after it, so that everything about them is known before it is asked.
  for (const instance of instances.toReversed()) {
    if (instance.kind === 'input') continue;
    const { weighted = false, activates = false } = instance.keyword;
    const { isLast } = found[instance.id]!;
    for (const input of instance.inputs) {
      const read = found[input.instance.id]!;
      read.readers++;
      read.isLast &&= isLast && !weighted;
      read.isFollowedByActivation = activates && read.readers === 1;
    }
  }
  for (const { instance } of outputs) found[instance.id]!.isFollowedByActivation = false;
  return found;
}
