// Convolutions as a textbook writes them down, loop in loop; everything else by its definition.
import { evaluateNode, stepAlone } from '../../compiler/ir/semantics.ts';
import { type Node, type OpNode } from '../../compiler/ir/graph.ts';
import { geometry } from '../../compiler/codegen/js/kernels/conv/geometry.ts';
import { sizeOf, type Tensor } from '../../compiler/tensor/types.ts';
import type { Entry } from '../contest.ts';

export const naive: Entry = {
  name: 'naive loop',
  async enter({ graph, input, workload: { items } }) {
    const one = (item: Float32Array): Float32Array => {
      const values = new Map<Node, Tensor>();
      for (const node of graph.nodes) {
        if (node.op === 'input') values.set(node, { type: node.type, data: item });
        else if (node.op === 'constant') values.set(node, { type: node.type, data: node.data! });
        else
          values.set(
            node,
            valueOf(node, (operand) => values.get(operand)!),
          );
      }
      return values.get(graph.outputs[0]!.node)!.data;
    };
    const length = input.length / items;
    return {
      run() {
        const results = Array.from({ length: items }, (_, i) =>
          one(input.subarray(i * length, (i + 1) * length)),
        );
        const all = new Float32Array(items * results[0]!.length);
        for (const [i, result] of results.entries()) all.set(result, i * result.length);
        return all;
      },
    };
  },
};

/** A convolution by loops, then its epilogue by the definitions. */
function valueOf(node: OpNode, tensorOf: (operand: Node) => Tensor): Tensor {
  if (node.op !== 'conv') return evaluateNode(node, tensorOf);
  const sums: Tensor = { type: node.type, data: convolve(node, tensorOf) };
  // Each step as a node of its own, which reads what was computed so far.
  const { name, type, origins } = node;
  const soFar: Node = { op: 'input', name, type, origins };
  return node.epilogue.reduce<Tensor>((result, step) => {
    const alone = { ...stepAlone(step, soFar), name, type, origins };
    return evaluateNode(alone, (operand) => (operand === soFar ? result : tensorOf(operand)));
  }, sums);
}

function convolve(node: OpNode<'conv'>, tensorOf: (operand: Node) => Tensor): Float32Array {
  const { height, width, channels, rows, columns, filters, perGroup, ...window } = geometry(node);
  const [kh, kw] = window.kernel;
  const x = tensorOf(node.operands.x).data;
  const weight = tensorOf(node.operands.weight).data;
  const bias = node.operands.bias && tensorOf(node.operands.bias).data;
  const y = new Float32Array(sizeOf(node.type.shape));
  for (let o = 0; o < filters; o++) {
    const first = Math.floor(o / perGroup.filters) * perGroup.channels;
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) {
        let sum = bias ? bias[o]! : 0;
        for (let u = 0; u < kh; u++) {
          const row = i * window.stride[0] + u * window.dilation[0] - window.pad[0];
          if (row < 0 || row >= height) continue;
          for (let v = 0; v < kw; v++) {
            const column = j * window.stride[1] + v * window.dilation[1] - window.pad[1];
            if (column < 0 || column >= width) continue;
            for (let c = 0; c < perGroup.channels; c++)
              sum +=
                x[(row * width + column) * channels + first + c]! *
                weight[((o * perGroup.channels + c) * kh + u) * kw + v]!;
          }
        }
        y[(i * columns + j) * filters + o] = sum;
      }
  }
  return y;
}
