// A network at another input size than the one that it was trained at.
//
//   trained at 224   … 7×7×512  → FC(4096)              → FC(1000)          1000 scores
//   dense at 384     … 12×12×512 → conv 7×7, valid      → conv 1×1          6×6×1000 scores
//
// Every node is made again over the new sizes. Dense evaluation turns the head of a classifier, which
// sees its whole map, into windows as large as the map was in training: FC on an h×w×c map is an h×w
// convolution with the same weights (fc flattens in C, H, W order, so its weights are only reshaped),
// later FC are 1×1 convolutions, GAP is a pool with the trained window and stride 1. Each position of the
// result is the trained network's result for the part of the input below it.
//
// With a finer `stride` than the network's own, the last strides are left out ("à trous"): what follows
// is dilated by the same factor, so that each window still sees what it saw. Of every value we know the
// stride that it had in training, and its rate: how many times finer it is now. Strides are left out as
// by gcd(trained stride, wanted stride), which keeps the first ones that divide what is wanted.
import { checkSize } from '../ir/builder.ts';
import {
  dropDead,
  isOp,
  type Graph,
  type GraphInput,
  type GraphOutput,
  type InputNode,
  type Node,
  type OpNode,
} from '../ir/graph.ts';
import { inferType, type Computation } from '../ir/semantics.ts';
import { invariant } from '../support/assert.ts';
import { refuse, Refusal } from '../support/refusal.ts';
import { f32, sameShape, type TensorType } from '../tensor/types.ts';
import { channelsOf, spatialOf } from '../tensor/window.ts';
import { fullCrops } from './full-crops.ts';
import { layerAt } from './layer.ts';
import type { AtOptions, Place, Rebuilding } from './rebuilding.ts';
import { reduceScores } from './reduce-scores.ts';

export interface NetworkAtSize {
  readonly graph: Graph;
  /** For each output that has become a map of scores: input positions per position. */
  readonly strides: ReadonlyMap<string, readonly number[]>;
}

/** Along an axis; what padding each position sees is counted one by one. */
const MAX_LENGTH = 2 ** 24;

/** The network at `size`. Throws a `Refusal` (E071, or of an operator that does not fit). */
export function atSize(graph: Graph, options: AtOptions): NetworkAtSize {
  const places = new Map<Node, Place>();
  const nodes: Node[] = [];
  const add = <N extends Node>(node: N): N => {
    nodes.push(node);
    return node;
  };
  const trained = trainedSize(graph, options);
  const rebuilding: Rebuilding = {
    ...options,
    trained,
    placeOf: (node) => places.get(node),
    weight: add,
    make: (computation, from) => add(makeNode(computation, from, options)),
    sizeLike: (size) => sizeLike(size, places),
  };

  const inputs: GraphInput[] = [];
  for (const { name, node, image, dims } of graph.inputs) {
    const placed = add(inputAt(node, options));
    const axes = spatialOf(node.type.shape).map(() => 1);
    places.set(node, { node: placed, stride: axes, rate: axes, grain: axes, isHead: false });
    inputs.push({
      name,
      node: placed,
      ...(image && { image: { ...image, resize: 0, crop: 0 } }),
      ...(dims && { dims: placed.type.shape, hasOpenBatch: true }),
    });
  }
  for (const node of graph.nodes) {
    if (node.op === 'constant') add(node);
    if (isOp(node)) places.set(node, layerAt(node, rebuilding));
  }
  const strides = new Map<string, readonly number[]>();
  for (const { name, node } of graph.outputs) {
    const place = places.get(node);
    if (place && isScores(node, place)) strides.set(name, place.grain);
  }
  const outputs = graph.outputs.map((output) => outputAt(output, rebuilding));
  // Weights that became others are left out.
  return { graph: dropDead({ name: graph.name, inputs, outputs, nodes }), strides };
}

/** One position in training, any number now. */
const isScores = ({ type }: Node, { isHead }: Place): boolean =>
  isHead || (type.shape.length > 2 && spatialOf(type.shape).every((size) => size === 1));

function sizeLike(size: readonly number[], places: ReadonlyMap<Node, Place>): readonly number[] | undefined {
  const now = [...places]
    .filter(([trained]) => sameShape(spatialOf(trained.type.shape), size))
    .map(([, { node }]) => spatialOf(node.type.shape));
  return now.every((each) => sameShape(each, now[0]!)) ? now[0] : undefined;
}

function inputAt(node: InputNode, { size }: AtOptions): InputNode {
  const axes = spatialOf(node.type.shape);
  if (axes.length === 0) return { ...node };
  if (axes.length !== size.length)
    refuse('E071', `the size ${size.join('×')} has ${size.length} axes, the input has ${axes.length}`, {
      help: axes.length === 1 ? 'give a length: --at 16000' : 'give height and width: --at 384x384',
    });
  const type = f32(node.type.shape[0]!, ...size, channelsOf(node.type.shape));
  checkSize(type, node.name);
  return { ...node, type };
}

/** One size is given, so all maps that come in must have had one. */
function trainedSize(graph: Graph, { size, dense }: AtOptions): readonly number[] {
  const [first, ...others] = graph.inputs
    .map(({ node }) => spatialOf(node.type.shape))
    .filter((axes) => axes.length > 0);
  if (!first) return refuse('E071', 'the network has no map as its input, so there is no other size');
  if (others.some((other) => !sameShape(other, first)))
    refuse('E071', 'the network has inputs of several sizes; they cannot be given another one together');
  if (dense !== undefined && size.some((length, axis) => length < (first[axis] ?? 0)))
    refuse('E071', `at ${size.join('×')} no crop of the trained ${first.join('×')} fits`);
  if (dense !== undefined && size.some((length) => length > MAX_LENGTH))
    refuse(
      'E046',
      `at ${size.join('×')} an axis is longer than ${MAX_LENGTH.toLocaleString('en')} positions`,
      {
        help: 'scan it in parts that overlap by a crop',
      },
    );
  return first;
}

function outputAt(output: GraphOutput, rebuilding: Rebuilding): GraphOutput {
  const place = rebuilding.placeOf(output.node);
  invariant(place, `${output.name} is no weight`);
  if (!isScores(output.node, place) || rebuilding.dense === undefined) return { ...output, node: place.node };
  return { ...output, node: reduceScores(fullCrops(place, rebuilding), rebuilding) };
}

function makeNode(
  computation: Computation,
  { name, origins }: Pick<OpNode, 'name' | 'origins'>,
  { size }: AtOptions,
): OpNode {
  const type = typeAt(computation, name, size);
  checkSize(type, name);
  return { ...computation, type, name, origins };
}

function typeAt(computation: Computation, name: string, size: readonly number[]): TensorType {
  try {
    return inferType(computation);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, message } = error.complaint;
    return refuse(code, `${name} does not fit at ${size.join('×')}: ${message}`, {
      help: 'try a size that differs from the trained one by a multiple of the network’s stride',
    });
  }
}
