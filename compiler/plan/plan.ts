// The plan: what code generators read. The graph's nodes in the order in which they run, and a place in
// one arena for every value.
import { invariant } from '../support/assert.ts';
import { isConstant, isOp, type ConstantNode, type Graph, type Node, type OpNode } from '../ir/graph.ts';
import { operatorOf } from '../ir/semantics.ts';
import { placeBuffers, type Slot } from './arena.ts';
import { liveness, type Life } from './liveness.ts';
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
  /** What is alive at that step. */
  readonly largest: readonly Life[];
  /** Where a value lies; a view lies where its base does. */
  slotOf(node: Node): Slot;
}

export function makePlan(graph: Graph): Plan {
  const steps = graph.nodes.filter(isOp).filter(({ op }) => operatorOf(op).kind !== 'view');
  const lives = liveness(graph, steps);
  const largest = aliveAtPeak(lives, steps.length);
  const lowerBound = largest.reduce((sum, { length }) => sum + length, 0);
  const { slots, length } = placeBuffers(lives, lowerBound);
  return {
    graph,
    steps,
    weights: graph.nodes.filter(isConstant),
    arenaLength: length,
    lowerBound,
    largest,
    slotOf: (node) => {
      const slot = slots.get(baseOf(node));
      invariant(slot, `${node.name} has a place in the arena`);
      return slot;
    },
  };
}

/** The lives of the step at which they sum up to most, the largest first. */
function aliveAtPeak(lives: readonly Life[], steps: number): Life[] {
  const change = new Float64Array(steps + 3);
  for (const { length, first, last } of lives) {
    change[first + 1]! += length;
    change[last + 2]! -= length;
  }
  let [alive, most, worst] = [0, 0, -1];
  for (const [i, difference] of change.entries()) {
    alive += difference;
    if (alive > most) [most, worst] = [alive, i - 1];
  }
  return lives
    .filter(({ first, last }) => first <= worst && worst <= last)
    .toSorted((a, b) => b.length - a.length);
}
