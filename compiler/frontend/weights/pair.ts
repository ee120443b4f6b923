// Which tensor of the file is which weight of the program.
import type { Span } from '../../../grammar/source.ts';
import { inputsOf, isWeight, type ConstantNode, type Graph } from '../../ir/graph.ts';
import { didYouMean } from '../../support/suggest.ts';
import type { Pair, PlacedComplaint } from './bind-map.ts';
import { showName } from '../../support/show-name.ts';

/** By equal names, by order, or by a map from the program's paths to the file's names; what it leaves out keeps its name. */
export type Bind = 'name' | 'order' | Readonly<Record<string, string>>;

export interface Pairing {
  /** The file's name for a weight; there may be no such tensor. */
  readonly nameOf: ReadonlyMap<ConstantNode, string>;
  readonly complaints: readonly PlacedComplaint[];
}

/** The weights in the order of the layers, each layer's as its operator lists them: weight, bias, mean, variance. */
export const weightsInOrder = ({ nodes, outputs }: Graph): ConstantNode[] => [
  ...new Set([...nodes.flatMap(inputsOf), ...outputs.map(({ node }) => node)].filter(isWeight)),
];

/** Pairs weights with names of the file's tensors, both in their order. */
export function pairWeights(
  weights: readonly ConstantNode[],
  names: readonly string[],
  bind: 'order' | ReadonlyMap<string, Pair>,
): Pairing {
  if (bind === 'order') {
    const pairs = weights.slice(0, names.length).map((weight, i) => [weight, names[i]!] as const);
    return { nameOf: new Map(pairs), complaints: [] };
  }
  return {
    nameOf: new Map(weights.map((weight) => [weight, bind.get(weight.name)?.tensor ?? weight.name])),
    complaints: bind.size === 0 ? [] : unknownNames(bind, { paths: weights.map(({ name }) => name), names }),
  };
}

function unknownNames(
  pairs: ReadonlyMap<string, Pair>,
  known: { readonly paths: readonly string[]; readonly names: readonly string[] },
): PlacedComplaint[] {
  const [paths, names] = [new Set(known.paths), new Set(known.names)];
  const unknown = (
    what: string,
    name: string,
    among: ReadonlySet<string>,
    place?: Span,
  ): PlacedComplaint[] =>
    among.has(name)
      ? []
      : [
          {
            code: 'E061',
            message: `${place ? '' : '--bind: '}${what} '${showName(name)}'${didYouMean(name, among)}`,
            place,
          },
        ];
  return [...pairs].flatMap(([path, { tensor, places }]) => [
    ...unknown('the program has no weight', path, paths, places?.weight),
    ...unknown('the weights file has no tensor', tensor, names, places?.tensor),
  ]);
}
