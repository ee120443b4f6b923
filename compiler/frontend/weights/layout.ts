// How frameworks lay out the same weights. The graph's are PyTorch's:
//
//            torch (canonical)        tf
//   conv     out, in/groups, kh, kw   kh, kw, in/groups, out
//            c·m, 1, kh, kw           kh, kw, c, m              (depthwise)
//   deconv   in, out/groups, kh, kw   kh, kw, out/groups, in
//   fc       out, (c, h, w)           (h, w, c), out
//
// One axis less in 1D. In each row, tf has the spatial axes first and then the other two swapped; all else
// is one number per channel and the same for both.
import { isConstant, type Graph, type Node, type OpNode } from '../../ir/graph.ts';
import { refuse } from '../../support/refusal.ts';
import { transpose } from '../../tensor/transpose.ts';
import type { Shape } from '../../tensor/types.ts';
import { showName } from '../../support/show-name.ts';

/** The frameworks whose layouts are known. */
export const LAYOUTS = ['torch', 'tf'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** How files of a layout hold one weight. */
export interface StoredForm {
  /** What its shape may be there, the usual one first. */
  readonly shapes: readonly [Shape, ...Shape[]];
  /** The canonical axes, with those apart that a canonical shape takes together: out, c, h, w. */
  readonly parts: Shape;
  /** The parts in the file's order. */
  readonly order: readonly number[];
}

/** How a layout holds each weight of a graph, which is as the frontend made it, before any pass. */
export function storedForms(graph: Graph, layout: Layout): ReadonlyMap<Node, StoredForm> {
  const forms = new Map<Node, StoredForm>(
    graph.nodes.filter(isConstant).map((node) => [node, asIs(node.type.shape)]),
  );
  if (layout === 'torch') return forms;
  for (const node of graph.nodes) {
    if (node.op === 'conv') forms.set(node.operands.weight, convForm(node));
    if (node.op === 'deconv') forms.set(node.operands.weight, spatialFirst(node.operands.weight.type.shape));
    if (node.op === 'fc') forms.set(node.operands.weight, fcForm(node));
  }
  return forms;
}

const asIs = (shape: Shape): StoredForm => ({
  shapes: [shape],
  parts: shape,
  order: shape.map((_, axis) => axis),
});

/** One input channel per group is TensorFlow's depthwise convolution, or one with `groups`: the same order. */
function convForm({ operands: { weight }, attrs: { groups } }: OpNode<'conv'>): StoredForm {
  const form = spatialFirst(weight.type.shape);
  const [filters, perGroup, ...kernel] = weight.type.shape;
  return perGroup === 1
    ? { ...form, shapes: [[...kernel, groups, filters! / groups], ...form.shapes] }
    : form;
}

/** The map that is flattened decides. */
function fcForm({ operands: { x, weight } }: OpNode<'fc'>): StoredForm {
  const [units, inputs] = weight.type.shape;
  const [, ...item] = x.type.shape;
  return { ...spatialFirst([units!, item.at(-1)!, ...item.slice(0, -1)]), shapes: [[inputs!, units!]] };
}

function spatialFirst(parts: Shape): StoredForm {
  const order = [...parts.slice(2).map((_, axis) => axis + 2), 1, 0];
  return { shapes: [order.map((axis) => parts[axis]!)], parts, order };
}

/** Elements of a file in the graph's order. */
export const toCanonical = (data: Float32Array, { parts, order }: StoredForm): Float32Array =>
  isInOrder(order)
    ? data
    : transpose(
        data,
        order.map((axis) => parts[axis]!),
        order.map((_, axis) => order.indexOf(axis)),
      );

/** Elements of the graph in a file's order. */
export const fromCanonical = (data: Float32Array, { parts, order }: StoredForm): Float32Array =>
  isInOrder(order) ? data : transpose(data, parts, order);

const isInOrder = (order: readonly number[]): boolean => order.every((axis, i) => axis === i);

/** What a file says about itself, as those do that cnnc wrote. Throws a `Refusal` (E060) where nobody knows the layout. */
export function layoutIn(metadata: ReadonlyMap<string, string>): Layout | undefined {
  const said = metadata.get('layout');
  const known = LAYOUTS.find((layout) => layout === said);
  if (said === undefined || known) return known;
  return refuse(
    'E060',
    `the weights file says that its layout is '${showName(said)}'; ${LAYOUTS.join(' and ')} are known`,
    {
      help: `if its tensors lie as in one of these, say which: ${LAYOUTS.map((each) => `--layout ${each}`).join(' or ')}`,
    },
  );
}
