// A network whose callers give C×H×W (`INPUT(…, channels=first)`) begins with a move to H×W×C:
//
//   input 3×8×8 → transpose → conv …   ⇒   input 8×8×3 → conv …   ⇒   input 3×16×16 → transpose → conv …
//
// What it would be at another size is asked of the network in the middle, whose inputs are maps as all others are.
import { inputsOf, isOp, type Graph, type InputNode, type Node, type OpNode } from '../ir/graph.ts';
import { rebuild } from '../ir/rebuild.ts';
import { range } from '../support/numbers.ts';
import { f32, sameShape } from '../tensor/types.ts';
import { channelsOf, isSameInBothOrders, spatialOf } from '../tensor/window.ts';

/** The network behind the moves of its inputs: their results are its inputs. */
export function withoutMoves(graph: Graph): Graph {
  const moves = movesOf(graph);
  if (moves.size === 0) return graph;
  const maps = new Map<Node, InputNode>();
  for (const [input, move] of moves) {
    const { name, type, origins } = move;
    const map: InputNode = { op: 'input', name, type, origins };
    maps.set(input, map).set(move, map);
  }
  const { nodes, outputs } = rebuild(graph, (node) => (isOp(node) && maps.get(node)) || node);
  return {
    ...graph,
    inputs: graph.inputs.map((input) => ({ ...input, node: maps.get(input.node) ?? input.node })),
    outputs,
    nodes: nodes.filter((node) => !maps.has(node)),
  };
}

/** What became of `withoutMoves(trained)`, behind the moves of `trained` at the sizes that it has now. */
export function withMoves(graph: Graph, trained: Graph): Graph {
  const moves = movesOf(trained);
  if (moves.size === 0) return graph;
  const now = new Map<Node, OpNode>();
  const inputs = graph.inputs.map((input, i) => {
    const before = trained.inputs[i]!.node;
    if (!moves.has(before)) return input;
    const first = { ...before, type: f32(...channelsFirst(input.node.type.shape)) };
    now.set(input.node, moveOf(first, input.node));
    return { ...input, node: first, dims: first.type.shape };
  });
  return { ...rebuild(graph, (node) => now.get(node) ?? node), inputs };
}

/** By input, the move to channels last that nothing but reads it. */
function movesOf({ inputs, nodes, outputs }: Graph): ReadonlyMap<Node, OpNode> {
  return new Map(
    inputs.flatMap(({ node: input }) => {
      const [reader, ...others] = nodes.filter((node) => inputsOf(node).includes(input));
      const isAlone = others.length === 0 && !outputs.some(({ node }) => node === input);
      return reader && isOp(reader) && isAlone && isMove(reader, input) ? [[input, reader] as const] : [];
    }),
  );
}

function isMove({ op, attrs, type }: OpNode, input: Node): boolean {
  const { shape } = input.type;
  if (shape.length < 3 || !sameShape(channelsFirst(type.shape), shape)) return false;
  return op === 'transpose'
    ? sameShape(attrs.perm, toLast(shape.length))
    : op === 'reshape' && isSameInBothOrders(type.shape);
}

function moveOf(x: Node, { name, type, origins }: InputNode): OpNode {
  const common = { operands: { x }, epilogue: [], type, name, origins };
  return isSameInBothOrders(type.shape)
    ? { ...common, op: 'reshape', attrs: { shape: type.shape.slice(1), batch: 0 } }
    : { ...common, op: 'transpose', attrs: { perm: toLast(type.shape.length) } };
}

const channelsFirst = (shape: readonly number[]): number[] => [
  shape[0]!,
  channelsOf(shape),
  ...spatialOf(shape),
];

/** Of so many axes the second becomes the last. */
const toLast = (axes: number): number[] => [0, ...range(axes - 2).map((axis) => axis + 2), 1];
