// conv  ⇒  fc → reshape
//
// A convolution is a fully connected layer whose matrix is zero outside the windows and whose rows share
// their values. The matrix is far larger than the weights, so this is no optimisation: it is an
// independent check of convolution, and shows what convolution saves. Valid for convolutions with weights
// at hand and without an epilogue; done where the matrix has at most 2^20 elements.
import { isConstant, type ConstantNode, type Node, type OpNode } from '../ir/graph.ts';
import { rebuild } from '../ir/rebuild.ts';
import { f32, sizeOf } from '../tensor/types.ts';
import { channelsOf, map2d, window2d } from '../tensor/window.ts';
import type { Pass } from './pass.ts';
import { tidy } from './tidy.ts';
import { derive } from './weights.ts';

const MAX_ELEMENTS = 2 ** 20;

export const convToFc: Pass = {
  name: 'conv-to-fc',
  doc: 'Small convolutions as one matrix each; a check, not an optimisation.',
  numeric: 'reassociates',
  run(graph) {
    const flat = rebuild(graph, (node) => (node.op === 'conv' ? (flatten(node) ?? node) : node));
    return flat === graph ? graph : tidy(flat);
  },
  idle(graph) {
    const convs = graph.nodes.filter((node) => node.op === 'conv');
    if (convs.length === 0) return undefined;
    if (convs.every(({ operands: { weight } }) => isConstant(weight) && !weight.data))
      return 'it makes matrices of weights, and there are none; give --weights or --random-weights 1';
    return `it takes convolutions with constant weights, no epilogue and a matrix of at most ${MAX_ELEMENTS.toLocaleString('en')} elements`;
  },
};

function flatten(node: OpNode<'conv'>): Node | undefined {
  const { x, weight, bias } = node.operands;
  const units = sizeOf(node.type.shape.slice(1));
  const inputs = sizeOf(x.type.shape.slice(1));
  if (!isConstant(weight) || (bias && !isConstant(bias))) return undefined;
  if (!weight.data || node.epilogue.length > 0 || units * inputs > MAX_ELEMENTS) return undefined;

  const filters = channelsOf(node.type.shape);
  const repeated =
    bias?.data && Float32Array.from({ length: units }, (_, unit) => bias.data![unit % filters]!);
  const fc: OpNode<'fc'> = {
    op: 'fc',
    name: node.name,
    type: f32(node.type.shape[0]!, units),
    origins: node.origins,
    attrs: {},
    operands: {
      x,
      weight: derive(weight, [units, inputs], matrixOf(node, weight)),
      bias: bias && derive(bias, [units], repeated),
    },
    epilogue: [],
  };
  return {
    op: 'reshape',
    name: `${node.name}.map`,
    type: node.type,
    origins: node.origins,
    attrs: { shape: node.type.shape.slice(1), batch: 0 },
    operands: { x: fc },
    epilogue: [],
  };
}

/** One row per output element (row, column, filter), one column per input element in C, H, W order. */
function matrixOf({ operands, attrs, type }: OpNode<'conv'>, weight: ConstantNode): Float32Array | undefined {
  const [, height, width, channels] = map2d(operands.x.type.shape);
  const [, rows, columns, filters] = map2d(type.shape);
  const window = window2d({ ...attrs, kernel: weight.type.shape.slice(2) });
  const [kh, kw] = window.kernel;
  const inPerGroup = channels / attrs.groups;
  const outPerGroup = filters / attrs.groups;
  const matrix = new Float32Array(rows * columns * filters * channels * height * width);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      for (let u = 0; u < kh; u++)
        for (let v = 0; v < kw; v++) {
          const row = i * window.stride[0] + u * window.dilation[0] - window.pad[0];
          const column = j * window.stride[1] + v * window.dilation[1] - window.pad[1];
          if (row < 0 || row >= height || column < 0 || column >= width) continue;
          const [ku, kv] = attrs.flip ? [kh - 1 - u, kw - 1 - v] : [u, v];
          for (let o = 0; o < filters; o++)
            for (let c = 0; c < inPerGroup; c++) {
              const channel = Math.floor(o / outPerGroup) * inPerGroup + c;
              const unit = (i * columns + j) * filters + o;
              matrix[((unit * channels + channel) * height + row) * width + column] =
                weight.data![((o * inPerGroup + c) * kh + ku) * kw + kv]!;
            }
        }
  return matrix;
}
