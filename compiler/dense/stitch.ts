// A finer map from shifted inputs: the network runs once for each shift by a multiple of `stride` below
// its own stride S, and the (S / stride)² maps are interleaved.
//
//   shift (0,0)   shift (0,s)        a b a b
//     a a           b b       ⇒      c d c d
//     a a           b b              a b a b
//                                    …
//
// Columns are interleaved by joining the maps' channels: n maps of H×W×C, joined, are an H×W×(n·C) map,
// which is in memory what an H×(W·n)×C map is. Rows likewise, a row of pixels being taken as the channels.
import { dropDead, isConstant, isOp, type Graph, type Node, type OpNode } from '../ir/graph.ts';
import { withOperands } from '../ir/rebuild.ts';
import { inferType, type Computation } from '../ir/semantics.ts';
import { invariant } from '../support/assert.ts';
import { refuse, Refusal } from '../support/refusal.ts';
import { channelsOf, spatialOf } from '../tensor/window.ts';
import { atSize, type NetworkAtSize } from './at-size.ts';
import { sightsOf, type AllSights } from './border.ts';
import type { Scores } from './rebuilding.ts';
import { reduceScores } from './reduce-scores.ts';

/** Runs of the network that one map may be made of. */
const MAX_SHIFTS = 256;

export interface StitchOptions {
  readonly size: readonly number[];
  readonly dense: Scores;
  /** Finer by this factor, along each axis. */
  readonly factor: readonly number[];
  /** Input positions from one shift to the next. */
  readonly step: number;
}

/** The network over `size`, its scores interleaved from all shifts. Throws a `Refusal`. */
export function stitchedAt(graph: Graph, { size, dense, factor: wanted, step }: StitchOptions): Graph {
  const scores = withoutSoftmax(graph, dense);
  const networkAt = cutNetwork(scores, size);
  const { graph: whole, strides } = networkAt(size.map(() => 0));
  const [input, ...others] = whole.inputs;
  if (!input || others.length > 0) refuse('E071', 'stitching shifts one input; the network has several');
  const factor = wanted.map(
    (count, axis) => fittingShifts(networkAt, { axes: size.length, axis, count, step }).length,
  );
  if (factor.reduce((product, count) => product * count, 1) > MAX_SHIFTS)
    refuse('E071', `stitching would run the network ${factor.join('×')} times; ${MAX_SHIFTS} is the limit`, {
      help: 'use --method atrous, or a larger stride',
    });

  const weights = new Map(whole.nodes.filter(isConstant).map((node) => [node.name, node]));
  const nodes = new Set<Node>([input.node, ...weights.values()]);
  const make = (computation: Computation, { name, origins }: Pick<OpNode, 'name' | 'origins'>): OpNode => {
    const node: OpNode = { ...computation, name, origins, type: inferType(computation) };
    nodes.add(node);
    return node;
  };
  const runs = shiftsOf(factor).map((shift) => {
    const cut = shift.map((index) => index * step);
    return copyInto(networkAt(cut).graph, { cut, input: input.node, weights, make });
  });
  const outputs = whole.outputs.map((output, index) => {
    const maps = runs.map((results) => results[index]!);
    if (!strides.has(output.name)) return { ...output, node: maps[0]! };
    const scoresNode = reduceScores(interleave(maps, factor, make), { dense, make });
    const isProbabilities = graph.outputs[index]!.node !== scores.outputs[index]!.node;
    return { ...output, node: isProbabilities ? softmaxOf(scoresNode, make) : scoresNode };
  });
  return { name: whole.name, inputs: whole.inputs, outputs, nodes: [...nodes] };
}

/** Means and maxima are taken of scores, so SOFTMAX waits until the map is whole. */
function withoutSoftmax(graph: Graph, dense: Scores): Graph {
  if (dense === 'map') return graph;
  const outputs = graph.outputs.map((output) =>
    output.node.op === 'softmax' ? { ...output, node: output.node.operands.x } : output,
  );
  return dropDead({ ...graph, outputs });
}

const softmaxOf = (x: Node, make: Make): Node =>
  make(
    { op: 'softmax', operands: { x }, attrs: {}, epilogue: [] },
    { name: `${x.name}.softmax`, origins: x.origins },
  );

/** What the maps of a stitched network see beyond the picture: what each shift sees, interleaved. */
export function stitchedSights(
  graph: Graph,
  { size, factor, step }: Pick<StitchOptions, 'size' | 'factor' | 'step'>,
): AllSights {
  const networkAt = cutNetwork(graph, size);
  const perAxis = factor.map((count, axis) =>
    fittingShifts(networkAt, { axes: size.length, axis, count, step }).map((shift) => sightsOf(shift.graph)),
  );
  return new Map(
    graph.outputs.map(({ name }) => [
      name,
      perAxis.map((shifts, axis) => interleaved(shifts.map((seen) => seen.get(name)!.sights[axis]!))),
    ]),
  );
}

/** a a a, b b → a b a b a */
function interleaved(parts: readonly Uint8Array[]): Uint8Array {
  const total = parts.reduce((sum, { length }) => sum + length, 0);
  return Uint8Array.from(
    { length: total },
    (_, i) => parts[i % parts.length]![Math.floor(i / parts.length)]!,
  );
}

type NetworkAt = (cut: readonly number[]) => NetworkAtSize;

/** The network over the picture without its first rows and columns. */
const cutNetwork =
  (graph: Graph, size: readonly number[]): NetworkAt =>
  (cut) =>
    atSize(graph, { size: size.map((length, axis) => length - cut[axis]!), dense: 'map' });

/** The network at each shift along one axis. On a small input the last ones may leave less than it needs. */
function fittingShifts(
  networkAt: NetworkAt,
  { axes, axis, count, step }: { axes: number; axis: number; count: number; step: number },
): NetworkAtSize[] {
  const networks: NetworkAtSize[] = [];
  for (let shift = 0; shift < count; shift++) {
    try {
      networks.push(networkAt(Array.from({ length: axes }, (_, each) => (each === axis ? shift * step : 0))));
    } catch (error) {
      if (!(error instanceof Refusal) || shift === 0) throw error;
      break;
    }
  }
  return networks;
}

/** (0,0), (0,1), (1,0), (1,1) for a factor of 2×2. */
function shiftsOf(factor: readonly number[]): number[][] {
  return factor.reduce<number[][]>(
    (shifts, count) => shifts.flatMap((shift) => Array.from({ length: count }, (_, i) => [...shift, i])),
    [[]],
  );
}

type Make = (computation: Computation, from: Pick<OpNode, 'name' | 'origins'>) => OpNode;

interface Target {
  readonly cut: readonly number[];
  readonly input: Node;
  readonly weights: ReadonlyMap<string, Node>;
  readonly make: Make;
}

/** One run of the network on the input less its first rows and columns; gives its outputs. */
function copyInto(network: Graph, { cut, input, weights, make }: Target): Node[] {
  const suffix = cut.every((amount) => amount === 0) ? '' : `@${cut.join('x')}`;
  const placed = new Map<Node, Node>();
  for (const node of network.nodes) {
    if (node.op === 'input') placed.set(node, suffix === '' ? input : cropped(input, cut, suffix, make));
    else if (node.op === 'constant') placed.set(node, weights.get(node.name) ?? node);
    else {
      const copy = withOperands(node, placed);
      invariant(isOp(copy), 'a copy of an operator is one');
      placed.set(node, make(copy, { name: node.name + suffix, origins: node.origins }));
    }
  }
  return network.outputs.map(({ node }) => placed.get(node)!);
}

const cropped = (x: Node, cut: readonly number[], suffix: string, make: Make): Node =>
  make(
    { op: 'crop', operands: { x }, attrs: { amounts: [...cut, ...cut.map(() => 0)] }, epilogue: [] },
    { name: `${x.name}${suffix}`, origins: x.origins },
  );

/** Maps in the order of their shifts → one map. Later shifts may have one position less; then so has the end. */
function interleave(maps: readonly Node[], factor: readonly number[], make: Make): Node {
  const [first] = maps;
  invariant(first, 'there is a map for each shift');
  const size = spatialOf(first.type.shape);
  const full = maps.map((map) => padTo(map, size, make));
  const along = size.length === 1 ? joinColumns(full, make) : joinRows(rowsOf(full, factor[1]!, make), make);
  const surplus = surplusOf(maps, factor);
  if (surplus.every((amount) => amount === 0)) return along;
  const amounts = [...surplus.map(() => 0), ...surplus];
  return make(
    { op: 'crop', operands: { x: along }, attrs: { amounts }, epilogue: [] },
    { name: `${first.name}.stitched`, origins: first.origins },
  );
}

/** Each row of shifts as one map. */
function rowsOf(maps: readonly Node[], columns: number, make: Make): Node[] {
  return Array.from({ length: maps.length / columns }, (_, row) =>
    joinColumns(maps.slice(row * columns, (row + 1) * columns), make),
  );
}

/** Positions at the end that only the first shifts have. */
function surplusOf(maps: readonly Node[], factor: readonly number[]): number[] {
  const size = spatialOf(maps[0]!.type.shape);
  return size.map((length, axis) => {
    const perStep = factor.slice(axis + 1).reduce((product, count) => product * count, 1);
    return Array.from(
      { length: factor[axis]! },
      (_, i) => length - spatialOf(maps[i * perStep]!.type.shape)[axis]!,
    ).reduce((sum, missing) => sum + missing, 0);
  });
}

function padTo(map: Node, size: readonly number[], make: Make): Node {
  const missing = spatialOf(map.type.shape).map((length, axis) => size[axis]! - length);
  if (missing.every((amount) => amount === 0)) return map;
  return make(
    {
      op: 'pad',
      operands: { x: map },
      attrs: { amounts: [...missing.map(() => 0), ...missing], mode: 'zero', value: 0 },
      epilogue: [],
    },
    { name: `${map.name}.padded`, origins: map.origins },
  );
}

/** n maps of …×W×C, one of …×(W·n)×C. */
function joinColumns(maps: readonly Node[], make: Make): Node {
  const [first] = maps;
  invariant(first, 'there is something to join');
  if (maps.length === 1) return first;
  const outer = spatialOf(first.type.shape).slice(0, -1);
  const width = spatialOf(first.type.shape).at(-1)!;
  const joined = concat(maps, `${first.name}.columns`, make);
  return reshape(
    joined,
    [...outer, width * maps.length, channelsOf(first.type.shape)],
    `${first.name}.wide`,
    make,
  );
}

/** n maps of H×W×C, one of (H·n)×W×C. */
function joinRows(maps: readonly Node[], make: Make): Node {
  const [first] = maps;
  invariant(first, 'there is something to join');
  if (maps.length === 1) return first;
  const [height, width] = [spatialOf(first.type.shape)[0]!, spatialOf(first.type.shape)[1]!];
  const channels = channelsOf(first.type.shape);
  const rows = maps.map((map) => reshape(map, [height, width * channels], `${map.name}.rows`, make));
  const joined = concat(rows, `${first.name}.tall`, make);
  return reshape(joined, [height * maps.length, width, channels], `${first.name}.map`, make);
}

const concat = (maps: readonly Node[], name: string, make: Make): Node =>
  make({ op: 'concat', operands: { x: maps }, attrs: {}, epilogue: [] }, { name, origins: maps[0]!.origins });

const reshape = (x: Node, shape: readonly number[], name: string, make: Make): Node =>
  make(
    { op: 'reshape', operands: { x }, attrs: { shape, batch: 0 }, epilogue: [] },
    { name, origins: x.origins },
  );
