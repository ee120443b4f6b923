import type { ReceptiveField } from '../../runtime/program.ts';
import { inputsOf, isOp, type Graph, type Node, type OpNode } from '../ir/graph.ts';
import { operatorOf } from '../ir/semantics.ts';
import { extent, spatialOf, type Window } from '../tensor/window.ts';

/** Along one axis: position i sees `size` input positions from `offset + i · stride` on. */
interface Field {
  readonly size: number;
  readonly stride: number;
  readonly offset: number;
}

/**
 * What each output looks at, in input positions (Araujo et al., "Computing Receptive Fields of
 * Convolutional Neural Networks", 2019). Where arms see different parts it is the smallest field around
 * both. An output that is a vector has one position, and a stride of 0.
 */
export function receptiveFields(graph: Graph): ReadonlyMap<string, ReceptiveField> {
  const fieldOf = receptiveFieldOf(graph);
  return new Map(
    graph.outputs.flatMap(({ name, node }) => {
      const field = fieldOf(node);
      return field ? [[name, field] as const] : [];
    }),
  );
}

/** What any node of the graph looks at; undefined where that is unknown, or depends on weights only. */
export function receptiveFieldOf(graph: Graph): (node: Node) => ReceptiveField | undefined {
  const fields = new Map<Node, readonly Field[]>();
  for (const node of graph.nodes) {
    const axes = fieldsOf(node, fields);
    if (axes.length > 0) fields.set(node, axes);
  }
  return (node) => {
    const axes = fields.get(node);
    return (
      axes && {
        size: axes.map(({ size }) => Math.ceil(size)),
        stride: axes.map(({ stride }) => (node.type.shape.length > 2 ? stride : 0)),
        offset: axes.map(({ offset }) => Math.floor(offset)),
      }
    );
  };
}

const NONE: readonly Field[] = [];

/** One field per axis of the input; none for what depends on weights only. */
function fieldsOf(node: Node, known: ReadonlyMap<Node, readonly Field[]>): readonly Field[] {
  if (node.op === 'input') return spatialOf(node.type.shape).map(() => ({ size: 1, stride: 1, offset: 0 }));
  if (!isOp(node) || !keepsPlaces(node)) return NONE;
  let x = NONE;
  for (const operand of inputsOf(node)) {
    const axes = known.get(operand);
    if (axes) x = x === NONE ? axes : x.map((field, axis) => hull(field, axes[axis]!));
  }
  return x.map((field, axis) => fieldAlong(node, axis, field));
}

/** Operators of which it is known what their positions look at. */
const keepsPlaces = (node: OpNode): boolean => operatorOf(node.op).kind !== 'rearrangement';

function fieldAlong(node: OpNode, axis: number, x: Field): Field {
  switch (node.op) {
    case 'conv': {
      const kernel = node.operands.weight.type.shape[2 + axis]!;
      return windowed(x, kernel, node.attrs, axis);
    }
    case 'pool':
      return windowed(x, node.attrs.kernel[axis]!, node.attrs, axis);
    case 'deconv': {
      const { stride, pad, dilation } = node.attrs;
      const reach = extent(node.operands.weight.type.shape[2 + axis]!, dilation[axis]!) - 1;
      const step = x.stride / stride[axis]!;
      return { size: x.size + reach * step, stride: step, offset: x.offset + (pad[axis]! - reach) * step };
    }
    case 'resize': {
      // The neighbours on both sides of the place that a position shows.
      const step = (x.stride * spatialOf(node.operands.x.type.shape)[axis]!) / node.attrs.size[axis]!;
      return { size: x.size + 2 * x.stride, stride: step, offset: x.offset + step / 2 - 1.5 * x.stride };
    }
    case 'crop':
      return { ...x, offset: x.offset + node.attrs.amounts[axis]! * x.stride };
    case 'pad':
      return { ...x, offset: x.offset - node.attrs.amounts[axis]! * x.stride };
    case 'fc': {
      const positions = spatialOf(node.operands.x.type.shape)[axis] ?? 1;
      return { size: x.size + (positions - 1) * x.stride, stride: 0, offset: x.offset };
    }
    default:
      return x;
  }
}

type Sliding = Omit<Window, 'kernel'>;

const windowed = (x: Field, kernel: number, { stride, dilation, pad }: Sliding, axis: number): Field => ({
  size: x.size + (extent(kernel, dilation[axis]!) - 1) * x.stride,
  stride: x.stride * stride[axis]!,
  offset: x.offset - pad[axis]! * x.stride,
});

/** The smallest field around both. What has one position only takes the other's stride. */
function hull(a: Field, b: Field): Field {
  const offset = Math.min(a.offset, b.offset);
  return {
    size: Math.max(a.offset + a.size, b.offset + b.size) - offset,
    stride: Math.max(a.stride, b.stride),
    offset,
  };
}
