// Evaluation at another size: which way to take, and what is to be said about the result.
import type { ReceptiveField } from '../../runtime/program.ts';
import { isOp, type Graph } from '../ir/graph.ts';
import { macsOf } from '../ir/semantics.ts';
import { Refusal, refuse, type Complaint } from '../support/refusal.ts';
import { sameShape } from '../tensor/types.ts';
import { spatialOf } from '../tensor/window.ts';
import { atSize, type NetworkAtSize } from './at-size.ts';
import { sightsOf, type AllSights } from './border.ts';
import { withMoves, withoutMoves } from './channels-first.ts';
import type { Scores } from './rebuilding.ts';
import { receptiveFields } from './receptive-field.ts';
import { stitchedAt, stitchedSights } from './stitch.ts';
import { warningsOf } from './warn.ts';

export type { Scores } from './rebuilding.ts';
export { receptiveFields } from './receptive-field.ts';

/** How a finer stride than the network's own is reached. */
export type Method = 'stitch' | 'atrous';

export interface EvaluationOptions {
  /** Height and width of the input, or its length. */
  readonly size: readonly number[];
  /** What becomes of the scores at all positions; absent: the network is no classifier to be scanned with. */
  readonly dense?: Scores;
  /** Input positions from one score to the next; absent: the network's own. */
  readonly stride?: number;
  /** Absent: the one with fewer multiply-accumulates. */
  readonly method?: Method;
}

export interface Evaluation {
  readonly graph: Graph;
  /** `direct`: with the network's own stride. */
  readonly method: Method | 'direct';
  /** By output. */
  readonly receptiveFields: ReadonlyMap<string, ReceptiveField>;
  readonly warnings: readonly Complaint[];
}

/** The trained network at another size. Throws a `Refusal` that says why it cannot be. */
export function evaluateAt(trained: Graph, options: EvaluationOptions): Evaluation {
  const evaluation = evaluateMapsAt(withoutMoves(trained), options);
  return { ...evaluation, graph: withMoves(evaluation.graph, trained) };
}

/** The same of a network whose inputs have their channels last. */
function evaluateMapsAt(graph: Graph, options: EvaluationOptions): Evaluation {
  const { size, dense, stride, method: wanted } = options;
  if (dense === undefined) {
    if (stride !== undefined) refuse('E071', 'a stride is for dense evaluation', { help: 'add --dense' });
    const isTrainedSize = graph.inputs.every(({ node }) => sameShape(spatialOf(node.type.shape), size));
    const resized = isTrainedSize ? graph : atSize(graph, { size }).graph;
    return { graph: resized, method: 'direct', receptiveFields: receptiveFields(resized), warnings: [] };
  }
  if (wanted && stride === undefined)
    refuse('E071', `${wanted} is a way to a finer stride, and none is given`, { help: 'add --stride' });
  const map = atSize(graph, { size, dense: 'map' });
  if (map.strides.size === 0)
    refuse('E071', 'the network gives maps at any size: there are no scores of one position to make dense', {
      help: 'leave --dense out',
    });
  const factor = finerBy(map, stride);
  const steps = new Map(
    [...map.strides].map(([name, own]) => [name, own.map((step, axis) => step / factor[axis]!)]),
  );
  const warn = (sights: AllSights) => warningsOf({ trained: graph, size, steps, sights });
  if (stride === undefined || factor.every((times) => times === 1)) {
    const { graph: result } = atSize(graph, { size, dense });
    const fields = receptiveFields(result);
    return { graph: result, method: 'direct', receptiveFields: fields, warnings: warn(mapSights(map.graph)) };
  }
  const { method, result } = cheapest(wanted, {
    atrous: () => atSize(graph, { size, dense, stride }).graph,
    stitch: () => stitchedAt(graph, { size, dense, factor, step: stride }),
  });
  const sights =
    method === 'atrous'
      ? mapSights(atSize(graph, { size, dense: 'map', stride }).graph)
      : stitchedSights(graph, { size, factor, step: stride });
  return {
    graph: result,
    method,
    receptiveFields: finerFields(receptiveFields(dense === 'map' ? map.graph : result), map, factor),
    warnings: warn(sights),
  };
}

const mapSights = (graph: Graph): AllSights =>
  new Map([...sightsOf(graph)].map(([name, { sights }]) => [name, sights]));

/** How many positions stand where the network's own stride has one, along each axis. */
function finerBy({ strides }: NetworkAtSize, stride: number | undefined): readonly number[] {
  if (stride !== undefined && !(Number.isSafeInteger(stride) && stride > 0))
    refuse('E071', `a stride is a whole number of pixels, 1 or more, not ${stride}`);
  const [own, ...others] = [...strides.values()];
  if (!own || stride === undefined) return (own ?? []).map(() => 1);
  if (others.some((other) => other.join() !== own.join()))
    refuse(
      'E071',
      `the outputs have several strides (${[...strides.values()].map((s) => s.join('×')).join(', ')}); give none`,
    );
  if (own.some((whole) => whole % stride !== 0)) {
    const common = own.reduce((a, b) => (a % b === 0 ? b : a));
    const divisors = Array.from({ length: common }, (_, i) => i + 1).filter((d) =>
      own.every((s) => s % d === 0),
    );
    refuse('E071', `stride ${stride} does not divide the network's own, ${own.join('×')}`, {
      help: `possible are ${divisors.join(', ')}`,
    });
  }
  return own.map((whole) => whole / stride);
}

/** The wanted way, or of those that are possible the one with fewer multiply-accumulates. */
function cheapest(
  wanted: Method | undefined,
  ways: Readonly<Record<Method, () => Graph>>,
): { method: Method; result: Graph } {
  if (wanted) return { method: wanted, result: ways[wanted]() };
  const tried = (['atrous', 'stitch'] as const).map((method) => ({ method, ...attempt(ways[method]) }));
  const possible = tried.flatMap(({ method, result }) => (result ? [{ method, result }] : []));
  const [best] = possible.toSorted((a, b) => totalMacs(a.result) - totalMacs(b.result));
  if (best) return best;
  throw tried[0]!.refusal; // both have one
}

function attempt(way: () => Graph): { result?: Graph; refusal?: Refusal } {
  try {
    return { result: way() };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error };
    throw error;
  }
}

export const totalMacs = (graph: Graph): number =>
  graph.nodes.filter(isOp).reduce((sum, node) => sum + macsOf(node), 0);

/** The same fields at a finer stride: they begin where the first one does. */
function finerFields(
  fields: ReadonlyMap<string, ReceptiveField>,
  { strides }: NetworkAtSize,
  factor: readonly number[],
): ReadonlyMap<string, ReceptiveField> {
  return new Map(
    [...fields].map(([name, field]) => {
      if (!strides.has(name)) return [name, field];
      return [name, { ...field, stride: field.stride.map((step, axis) => step / factor[axis]!) }];
    }),
  );
}
