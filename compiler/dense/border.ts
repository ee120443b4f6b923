import { inputsOf, isOp, type Graph, type Node, type OpNode } from '../ir/graph.ts';
import { extent, spatialOf } from '../tensor/window.ts';

/** Positions at both ends of each axis that see padding, and who pads. */
export interface Border {
  readonly begin: readonly number[];
  readonly end: readonly number[];
  /** Layers that put something around their input, in order. */
  readonly layers: readonly string[];
}

/**
 * How far padding reaches into each output. Within its border a map at one size differs from one at
 * another size, where the same place has neighbours instead of padding.
 */
export function paddingBorders(graph: Graph): ReadonlyMap<string, Border> {
  const borders = new Map<Node, Border>();
  for (const node of graph.nodes) borders.set(node, borderOf(node, borders));
  return new Map(graph.outputs.map(({ name, node }) => [name, borders.get(node)!]));
}

const NONE: Border = { begin: [], end: [], layers: [] };

function borderOf(node: Node, known: ReadonlyMap<Node, Border>): Border {
  if (node.op === 'input') {
    const zeros = spatialOf(node.type.shape).map(() => 0);
    return { begin: zeros, end: zeros, layers: [] };
  }
  if (!isOp(node)) return NONE;
  const x = inputsOf(node)
    .map((operand) => known.get(operand)!)
    .reduce(union);
  const axes = x.begin.map((begin, axis) => ends(node, axis, { begin, end: x.end[axis]! }));
  return {
    begin: axes.map(({ begin }) => begin),
    end: axes.map(({ end }) => end),
    layers: pads(node) ? [...x.layers, node.origins[0]?.path ?? node.name] : x.layers,
  };
}

interface Ends {
  readonly begin: number;
  readonly end: number;
}

function ends(node: OpNode, axis: number, x: Ends): Ends {
  switch (node.op) {
    case 'conv':
      return windowed(node, { ...node.attrs, kernel: node.operands.weight.type.shape.slice(2) }, axis, x);
    case 'pool':
      return windowed(node, node.attrs, axis, x);
    case 'deconv': {
      // At its ends fewer pixels overlap than inside.
      const reach = extent(node.operands.weight.type.shape[2 + axis]!, node.attrs.dilation[axis]!) - 1;
      const grown = ({ begin, end }: Ends, stride: number): Ends => ({
        begin: begin * stride + reach,
        end: end * stride + reach,
      });
      return clamp(node, axis, grown(x, node.attrs.stride[axis]!));
    }
    case 'resize': {
      const factor = node.attrs.size[axis]! / spatialOf(node.operands.x.type.shape)[axis]!;
      const edge = node.attrs.mode === 'bilinear' ? 1 : 0;
      return clamp(node, axis, {
        begin: Math.ceil((x.begin + edge) * factor),
        end: Math.ceil((x.end + edge) * factor),
      });
    }
    case 'crop':
    case 'pad': {
      const sign = node.op === 'pad' ? 1 : -1;
      const { amounts } = node.attrs;
      return clamp(node, axis, {
        begin: x.begin + sign * amounts[axis]!,
        end: x.end + sign * amounts[axis + amounts.length / 2]!,
      });
    }
    default:
      return x;
  }
}

interface Sliding {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly pad: readonly number[];
}

/** Position i reads i · stride − pad and `reach` further. */
function windowed(
  node: OpNode<'conv' | 'pool'>,
  { kernel, stride, dilation, pad }: Sliding,
  axis: number,
  x: Ends,
): Ends {
  const length = spatialOf(node.operands.x.type.shape)[axis]!;
  const positions = spatialOf(node.type.shape)[axis]!;
  const [step, before] = [stride[axis]!, pad[axis]!];
  const reach = extent(kernel[axis]!, dilation[axis]!) - 1;
  const begin = Math.ceil((x.begin + before) / step);
  const firstAtEnd = Math.ceil((length - x.end - reach + before) / step);
  return clamp(node, axis, { begin, end: positions - firstAtEnd });
}

function clamp(node: OpNode, axis: number, { begin, end }: Ends): Ends {
  const positions = spatialOf(node.type.shape)[axis] ?? 1;
  const within = (count: number) => Math.min(Math.max(count, 0), positions);
  return { begin: within(begin), end: within(end) };
}

/** Does the operator see something that is not its input? */
function pads(node: OpNode): boolean {
  switch (node.op) {
    case 'conv':
    case 'pool':
      return node.attrs.pad.some((p) => p > 0);
    case 'pad':
      return node.attrs.amounts.some((amount) => amount > 0);
    case 'deconv':
      return node.operands.weight.type.shape.slice(2).some((k) => k > 1);
    case 'resize':
      return node.attrs.mode === 'bilinear';
    default:
      return false;
  }
}

function union(a: Border, b: Border): Border {
  if (a.begin.length === 0) return b;
  if (b.begin.length === 0) return a;
  return {
    begin: a.begin.map((begin, axis) => Math.max(begin, b.begin[axis] ?? 0)),
    end: a.end.map((end, axis) => Math.max(end, b.end[axis] ?? 0)),
    layers: [...new Set([...a.layers, ...b.layers])],
  };
}
