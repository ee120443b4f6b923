// Which tensor of the file is which weight of the program.
import { inputsOf, isWeight, type ConstantNode, type Graph } from '../../ir/graph.ts';
import type { Complaint } from '../../support/refusal.ts';
import { didYouMean } from '../../support/suggest.ts';
import { showName } from './show-name.ts';

/** By equal names, by order, or by a map from the program's paths to the file's names; what it leaves out keeps its name. */
export type Bind = 'name' | 'order' | Readonly<Record<string, string>>;

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
export function pairWeights(weights: readonly ConstantNode[], names: readonly string[], bind: Bind): Pairing {
  if (bind === 'order') {
    const pairs = weights.slice(0, names.length).map((weight, i) => [weight, names[i]!] as const);
    return { nameOf: new Map(pairs), complaints: [] };
  }
  const map = new Map(bind === 'name' ? [] : Object.entries(bind));
  return {
    nameOf: new Map(weights.map((weight) => [weight, map.get(weight.name) ?? weight.name])),
    complaints: unknownNames(map, { paths: weights.map(({ name }) => name), names }),
  };
}

function unknownNames(
  map: ReadonlyMap<string, string>,
  { paths, names }: { readonly paths: readonly string[]; readonly names: readonly string[] },
): Complaint[] {
  const unknown = (what: string, name: string, known: readonly string[]): Complaint[] =>
    known.includes(name)
      ? []
      : [{ code: 'E061', message: `${what} '${showName(name)}'${didYouMean(name, known)}` }];
  return [...map].flatMap(([path, name]) => [
    ...unknown('--bind: the program has no weight', path, paths),
    ...unknown('--bind: the weights file has no tensor', name, names),
  ]);
}
