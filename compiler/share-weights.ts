import { isConstant, type ConstantNode, type Graph } from './ir/graph.ts';
import { rebuild } from './ir/rebuild.ts';

/**
 * Graphs of one network at several sizes, after the passes, so that equal names mean equal numbers: then
 * one weights file serves all. A weight that a pass made differently at a later size gets another name.
 */
export function shareWeights(graphs: readonly Graph[]): readonly Graph[] {
  const known = new Map<string, ConstantNode>();
  return graphs.map((graph) =>
    rebuild(graph, (node) => {
      if (!isConstant(node)) return node;
      for (let number = 1; ; number++) {
        const name = number === 1 ? node.name : `${node.name}@${number}`;
        const before = known.get(name);
        if (!before) {
          const fresh = name === node.name ? node : { ...node, name };
          known.set(name, fresh);
          return fresh;
        }
        if (haveSameNumbers(before, node)) return { ...node, name, data: before.data };
      }
    }),
  );
}

/** Shapes may differ: a matrix of FC and the windows that it became are the same numbers. */
const haveSameNumbers = ({ data: a }: ConstantNode, { data: b }: ConstantNode): boolean =>
  a === b || (a?.length === b?.length && a !== undefined && a.every((value, i) => Object.is(value, b![i])));
