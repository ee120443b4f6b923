// What the language's rules need to know of an operator's neighbourhood: rule 11 (activations) and the
// default number of units. Worked out on the instances, backwards, before anything is typed.
import { readersOf, type Expansion, type Instance } from './instance.ts';

export interface Neighbourhood {
  /** No weighted operator lies downstream. */
  readonly isLast: boolean;
  /** The only consumer is an activation, SOFTMAX or BN. */
  readonly isFollowedByActivation: boolean;
}

export function neighbourhoods({ instances, outputs }: Expansion): ReadonlyMap<Instance, Neighbourhood> {
  const readers = readersOf(instances);
  const read = new Set(outputs.map(({ instance }) => instance));
  const isWeighted = (instance: Instance) =>
    instance.kind === 'operator' && instance.keyword.weighted === true;

  const found = new Map<Instance, Neighbourhood>();
  for (const instance of instances.toReversed()) {
    const followers = readers.get(instance)!;
    const [first] = followers;
    found.set(instance, {
      isLast: followers.every((user) => !isWeighted(user) && found.get(user)!.isLast),
      isFollowedByActivation:
        followers.length === 1 &&
        !read.has(instance) &&
        first!.kind === 'operator' &&
        first!.keyword.activates === true,
    });
  }
  return found;
}
