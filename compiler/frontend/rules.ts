// What the language's rules need to know of an operator's neighbourhood: rule 11 (activations) and the
// default number of units. Worked out on the instances, backwards, before anything is typed.
import { readersOf, type Expansion, type Instance } from './instance.ts';

export interface Neighbourhood {
  /** No weighted operator lies downstream. */
  readonly isLast: boolean;
  /** The only consumer is an activation, SOFTMAX or BN. */
  readonly isFollowedByActivation: boolean;
}

const NOBODY_AFTER: Neighbourhood = { isLast: true, isFollowedByActivation: false };

/** By the `id` of each instance. */
export function neighbourhoods({ instances, outputs }: Expansion): readonly Neighbourhood[] {
  const readers = readersOf(instances);
  const read = new Set(outputs.map(({ instance }) => instance));
  const isWeighted = (instance: Instance) =>
    instance.kind === 'operator' && instance.keyword.weighted === true;

  const found: Neighbourhood[] = instances.map(() => NOBODY_AFTER);
  for (const instance of instances.toReversed()) {
    const followers = readers[instance.id]!;
    const [first] = followers;
    found[instance.id] = {
      isLast: followers.every((user) => !isWeighted(user) && found[user.id]!.isLast),
      isFollowedByActivation:
        followers.length === 1 &&
        !read.has(instance) &&
        first!.kind === 'operator' &&
        first!.keyword.activates === true,
    };
  }
  return found;
}
