// Random weights that are the same, bit for bit, on every engine: an integer generator and exactly
// rounded arithmetic, nothing transcendental.
import { isWeight, type ConstantNode, type Graph } from '../../ir/graph.ts';
import { rebuild } from '../../ir/rebuild.ts';
import { sizeOf } from '../../tensor/types.ts';
import { mulberry32 } from '../../../runtime/random-inputs.ts';

export { mulberry32 };

/**
 * Gives every constant its initial value: weights He-uniform (He et al., 2015), U(−b, b) with
 * b = √(6 / fan-in); biases 0; scales 1. One generator serves all, in the graph's order.
 */
export function randomWeights(graph: Graph, seed: number): Graph {
  const next = mulberry32(seed);
  return rebuild(graph, (node) => (isWeight(node) ? { ...node, data: initialise(node, next) } : node));
}

function initialise({ type, init }: ConstantNode, next: () => number): Float32Array {
  const data = new Float32Array(sizeOf(type.shape));
  switch (init) {
    case 'literal':
    case 'zero':
      return data;
    case 'one':
      return data.fill(1);
    case 'quarter':
      return data.fill(0.25);
    case 'he': {
      const bound = Math.sqrt(6 / sizeOf(type.shape.slice(1)));
      for (let i = 0; i < data.length; i++) data[i] = (2 * next() - 1) * bound;
      return data;
    }
  }
}
