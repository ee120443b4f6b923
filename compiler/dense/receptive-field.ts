import type { ReceptiveField } from '../../runtime/program.ts';
import { inputsOf, isOp, type Graph, type Node, type OpNode } from '../ir/graph.ts';
import { operatorOf } from '../ir/semantics.ts';
import { extent, spatialOf } from '../tensor/window.ts';

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
  const fields = new Map<Node, readonly Field[]>();
  for (const node of graph.nodes) fields.set(node, fieldsOf(node, fields));
  return new Map(
    graph.outputs.flatMap(({ name, node }) => {
      const axes = fields.get(node)!;
      if (axes.length === 0) return [];
      return [
        [
          name,
          {
            size: axes.map(({ size }) => Math.ceil(size)),
            stride: axes.map(({ stride }) => (node.type.shape.length > 2 ? stride : 0)),
            offset: axes.map(({ offset }) => Math.floor(offset)),
          },
        ] as const,
      ];
    }),
  );
}

/** One field per axis of the input; none for what depends on weights only. */
function fieldsOf(node: Node, known: ReadonlyMap<Node, readonly Field[]>): readonly Field[] {
  if (node.op === 'input') return spatialOf(node.type.shape).map(() => ({ size: 1, stride: 1, offset: 0 }));
  if (!isOp(node) || !keepsPlaces(node)) return [];
  const operands = inputsOf(node)
    .map((operand) => known.get(operand)!)
    .filter((axes) => axes.length > 0);
  const [x] = operands;
  if (!x) return [];
  return x.map((_, axis) => fieldAlong(node, axis, operands.map((axes) => axes[axis]!).reduce(hull)));
}

/** Operators of which it is known what their positions look at. */
const keepsPlaces = (node: OpNode): boolean => operatorOf(node.op).kind !== 'rearrangement';

function fieldAlong(node: OpNode, axis: number, x: Field): Field {
  switch (node.op) {
    case 'conv': {
      const kernel = node.operands.weight.type.shape[2 + axis]!;
      return windowed(x, { ...along(node.attrs, axis), kernel });
    }
    case 'pool':
      return windowed(x, { ...along(node.attrs, axis), kernel: node.attrs.kernel[axis]! });
    case 'deconv': {
      const { stride, pad, dilation } = along(node.attrs, axis);
      const reach = extent(node.operands.weight.type.shape[2 + axis]!, dilation) - 1;
      const step = x.stride / stride;
      return { size: x.size + reach * step, stride: step, offset: x.offset + (pad - reach) * step };
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

interface Along {
  readonly stride: number;
  readonly dilation: number;
  readonly pad: number;
}

const along = (
  { stride, dilation, pad }: Readonly<Record<keyof Along, readonly number[]>>,
  axis: number,
): Along => ({ stride: stride[axis]!, dilation: dilation[axis]!, pad: pad[axis]! });

const windowed = (
  x: Field,
  { kernel, stride, dilation, pad }: Along & { readonly kernel: number },
): Field => ({
  size: x.size + (extent(kernel, dilation) - 1) * x.stride,
  stride: x.stride * stride,
  offset: x.offset - pad * x.stride,
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
