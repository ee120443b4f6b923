// The plan: what code generators read. The graph's nodes in the order in which they run, and a place in
// one arena for every value.
import { invariant } from '../support/assert.ts';
import { sizeOf } from '../tensor/types.ts';
import { isConstant, isOp, type ConstantNode, type Graph, type Node, type OpNode } from '../ir/graph.ts';
import { operatorOf } from '../ir/semantics.ts';
import { placeBuffers, type Slot } from './arena.ts';
import { liveness } from './liveness.ts';
import { baseOf } from './views.ts';

export interface Plan {
  readonly graph: Graph;
  /** Kernels and element-wise operators, in order; views need no step. */
  readonly steps: readonly OpNode[];
  /** Weights, in the order of the weights file. */
  readonly weights: readonly ConstantNode[];
  /** Elements of the arena. */
  readonly arenaLength: number;
  /** Elements that are alive at once at the worst step: no arena can be smaller. */
  readonly lowerBound: number;
  /** Where a value lies; a view lies where its base does. */
  slotOf(node: Node): Slot;
}

export function makePlan(graph: Graph): Plan {
  const steps = graph.nodes.filter(isOp).filter(({ op }) => operatorOf(op).kind !== 'view');
  const lives = liveness(graph, steps);
  const { slots, length } = placeBuffers(lives);
  return {
    graph,
    steps,
    weights: graph.nodes.filter(isConstant),
    arenaLength: length,
    lowerBound: peak(lives, steps.length),
    slotOf: (node) => {
      const slot = slots.get(baseOf(node));
      invariant(slot, `${node.name} has a place in the arena`);
      return slot;
    },
  };
}

/** The largest sum of what is alive at one step. */
function peak(lives: ReturnType<typeof liveness>, steps: number): number {
  const change = new Float64Array(steps + 3);
  for (const { node, first, last } of lives) {
    change[first + 1]! += sizeOf(node.type.shape);
    change[last + 2]! -= sizeOf(node.type.shape);
  }
  let [alive, most] = [0, 0];
  for (const difference of change) {
    alive += difference;
    most = Math.max(most, alive);
  }
  return most;
}
