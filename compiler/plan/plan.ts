// The plan: what code generators read. The graph's nodes in the order in which they run, and a place in
// one arena for every value.
import { invariant } from '../support/assert.ts';
import { isConstant, isOp, type ConstantNode, type Graph, type Node, type OpNode } from '../ir/graph.ts';
import { operatorOf } from '../ir/semantics.ts';
import { sizeOf } from '../tensor/types.ts';
import { channelsOf } from '../tensor/window.ts';
import { placeBuffers, type Slot } from './arena.ts';
import { liveness, type Life } from './liveness.ts';
import { slices, type Slice } from './slices.ts';
import { baseOf } from './views.ts';

/** Where a value lies in the arena, in elements. */
export interface Place extends Slot {
  /** From one pixel to the next: the value's channels, or those of the value that it is a slice of. */
  readonly pitch: number;
}

export interface Plan {
  readonly graph: Graph;
  /** Kernels and element-wise operators, in order; views need no step, nor does what is made in slices. */
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
  slotOf(node: Node): Place;
}

/** The plan whose arena is smaller: with concatenations made in slices, else with steps that copy. */
export function makePlan(graph: Graph): Plan {
  const copying = planWith(graph, new Map());
  const sliced = slices(graph);
  if (sliced.size === 0) return copying;
  // What is made in slices lives from the first of them on, which may need more memory than a copy.
  const slicing = planWith(graph, sliced);
  return slicing.arenaLength <= copying.arenaLength ? slicing : copying;
}

/** The plan in which these values, and no others, are made as slices. */
export function planWith(graph: Graph, sliced: ReadonlyMap<Node, Slice>): Plan {
  const inSlices = new Set<Node>([...sliced.values()].map((slice) => slice.of));
  const steps = graph.nodes
    .filter(isOp)
    .filter((node) => operatorOf(node.op).kind !== 'view' && !inSlices.has(node));
  const lives = liveness(graph, steps, sliced);
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
      const base = baseOf(node);
      const slice = sliced.get(base);
      const whole = slice?.of ?? base;
      const slot = slots.get(whole);
      invariant(slot, `${node.name} has a place in the arena`);
      const pitch = channelsOf(whole === base ? node.type.shape : whole.type.shape);
      if (!slice) return { ...slot, pitch };
      const channels = channelsOf(base.type.shape);
      const pixels = sizeOf(base.type.shape) / channels;
      return { offset: slot.offset + slice.first, length: (pixels - 1) * pitch + channels, pitch };
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
