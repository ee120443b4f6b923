// Which tensor of the file is which weight of the program.
import { inputsOf, isWeight, type ConstantNode, type Graph } from '../../ir/graph.ts';
import type { Complaint } from '../../support/refusal.ts';
import { didYouMean } from '../../support/suggest.ts';
import { showName } from './show-name.ts';

/** By equal names, by order, or by a map from the program's paths to the file's names; what it leaves out keeps its name. */
export type Bind = 'name' | 'order' | Readonly<Record<string, string>>;

/** Where the pair of a path stands: `map.txt:3`. */
export type BindPlaces = ReadonlyMap<string, string>;

export interface Pairing {
  /** The file's name for a weight; there may be no such tensor. */
  readonly nameOf: ReadonlyMap<ConstantNode, string>;
  readonly complaints: readonly Complaint[];
}

/** The weights in the order of the layers, each layer's as its operator lists them: weight, bias, mean, variance. */
export const weightsInOrder = (graph: Graph): ConstantNode[] => [
  ...new Set(graph.nodes.flatMap(inputsOf).filter(isWeight)),
];

/** Pairs weights with names of the file's tensors, both in their order. */
export function pairWeights(
  weights: readonly ConstantNode[],
  names: readonly string[],
  { bind, places }: { readonly bind: Bind; readonly places: BindPlaces },
): Pairing {
  if (bind === 'order') {
    const pairs = weights.slice(0, names.length).map((weight, i) => [weight, names[i]!] as const);
    return { nameOf: new Map(pairs), complaints: [] };
  }
  const map = new Map(bind === 'name' ? [] : Object.entries(bind));
  return {
    nameOf: new Map(weights.map((weight) => [weight, map.get(weight.name) ?? weight.name])),
    complaints:
      map.size === 0 ? [] : unknownNames(map, { paths: weights.map(({ name }) => name), names, places }),
  };
}

function unknownNames(
  map: ReadonlyMap<string, string>,
  known: {
    readonly paths: readonly string[];
    readonly names: readonly string[];
    readonly places: BindPlaces;
  },
): Complaint[] {
  const [paths, names] = [new Set(known.paths), new Set(known.names)];
  const unknown = (what: string, name: string, among: ReadonlySet<string>): Complaint[] =>
    among.has(name)
      ? []
      : [{ code: 'E061', message: `${what} '${showName(name)}'${didYouMean(name, among)}` }];
  return [...map].flatMap(([path, name]) => {
    const place = known.places.get(path) ?? '--bind';
    return [
      ...unknown(`${place}: the program has no weight`, path, paths),
      ...unknown(`${place}: the weights file has no tensor`, name, names),
    ];
  });
}
