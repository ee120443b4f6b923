// tfjs, layer by layer as an application would write it: NHWC, fused bias and activation where tfjs has them
// as one operator. The backend is whichever is set.
import * as tf from '@tensorflow/tfjs-core';
import type { ConstantNode, Node, OpNode } from '../../compiler/ir/graph.ts';
import { geometry } from '../../compiler/codegen/js/kernels/conv/geometry.ts';
import { window2d } from '../../compiler/tensor/window.ts';
import { inputShape, type Problem, type Ready } from '../contest.ts';

export function openTfjs(problem: Problem): Ready {
  const { graph, input } = problem;
  const weights = new Map<Node, tf.Tensor>();
  for (const node of graph.nodes) if (node.op === 'constant') weights.set(node, constant(node, graph.nodes));
  const run = () => {
    const values = new Map<Node, tf.Tensor>(weights);
    for (const node of graph.nodes) {
      if (node.op === 'input') values.set(node, tf.tensor(input, inputShape(problem)));
      else if (node.op !== 'constant')
        values.set(
          node,
          evaluate(node, (operand) => values.get(operand)!),
        );
    }
    return values.get(graph.outputs[0]!.node)!;
  };
  return {
    async run() {
      const output = tf.tidy(run);
      const data = (await output.data()) as Float32Array; // float32 in, float32 out
      output.dispose();
      return data;
    },
    dispose: () => tf.dispose([...weights.values()]),
  };
}

/** Weights in tfjs's layouts: HWIO for convolutions, inputs × units for fully connected layers. */
function constant(node: ConstantNode, nodes: readonly Node[]): tf.Tensor {
  const tensor = tf.tensor(node.data!, [...node.type.shape]);
  for (const user of nodes) {
    if (user.op === 'conv' && user.operands.weight === node)
      return tf.transpose(tensor, user.attrs.groups === 1 ? [2, 3, 1, 0] : [2, 3, 0, 1]);
    if (user.op === 'fc' && user.operands.weight === node) return tf.transpose(tensor);
  }
  return tensor;
}

type TensorOf = (node: Node) => tf.Tensor;

function evaluate(node: OpNode, tensorOf: TensorOf): tf.Tensor {
  const activation = node.epilogue.some(({ op }) => op === 'add') ? undefined : node.epilogue[0]?.op;
  const fused = activation === 'relu' || activation === 'relu6' ? activation : 'linear';
  const rest = fused === 'linear' ? node.epilogue : node.epilogue.slice(1);
  return rest.reduce(
    (x, step) => scalar(step.op, x, Object.values(step.operands).map(tensorOf)),
    own(node, tensorOf, fused),
  );
}

function own(node: OpNode, tensorOf: TensorOf, activation: 'linear' | 'relu' | 'relu6'): tf.Tensor {
  switch (node.op) {
    case 'conv':
      return convolution(node, tensorOf, activation);
    case 'fc': {
      const x = tensorOf(node.operands.x);
      const [batch = 1] = x.shape;
      // Maps are flattened in C, H, W order.
      const flat = tf.reshape(x.rank === 4 ? tf.transpose(x, [0, 3, 1, 2]) : x, [batch, -1]);
      const bias = node.operands.bias && tensorOf(node.operands.bias);
      return tf.fused.matMul({
        a: flat as tf.Tensor2D, // reshaped to two axes
        b: tensorOf(node.operands.weight) as tf.Tensor2D,
        ...(bias && { bias }),
        activation,
      });
    }
    case 'pool': {
      const { kernel, stride, pad } = window2d(node.attrs);
      const isMax = node.attrs.mode === 'max';
      const x = padded(tensorOf(node.operands.x), pad, isMax ? -Infinity : 0) as tf.Tensor4D; // a map
      const pool = isMax
        ? tf.maxPool(x, [...kernel], [...stride], 'valid')
        : tf.avgPool(x, [...kernel], [...stride], 'valid');
      return activation === 'linear' ? pool : scalar(activation, pool, []);
    }
    case 'reshape': {
      const x = tensorOf(node.operands.x);
      return tf.reshape(x, [x.shape[0]!, ...node.type.shape.slice(1)]);
    }
    default: {
      const [x, ...others] = Object.values<Node>(node.operands as Readonly<Record<string, Node>>); // one each
      const result = scalar(node.op, tensorOf(x!), others.map(tensorOf));
      return activation === 'linear' ? result : scalar(activation, result, []);
    }
  }
}

function convolution(
  node: OpNode<'conv'>,
  tensorOf: TensorOf,
  activation: 'linear' | 'relu' | 'relu6',
): tf.Tensor {
  const { pad, stride, groups } = geometry(node);
  const x = tensorOf(node.operands.x);
  const isEven = pad.every((size) => size === pad[0]);
  const bias = node.operands.bias && tensorOf(node.operands.bias);
  const options = {
    x: (isEven ? x : padded(x, pad)) as tf.Tensor4D, // a map
    filter: tensorOf(node.operands.weight) as tf.Tensor4D,
    strides: [...stride] as [number, number],
    pad: isEven ? pad[0] : 0,
    ...(bias && { bias }),
    activation,
  };
  return groups === 1 ? tf.fused.conv2d(options) : tf.fused.depthwiseConv2d(options);
}

function padded(x: tf.Tensor, [top, left, bottom, right]: readonly number[], value = 0): tf.Tensor {
  if (!(top || left || bottom || right)) return x;
  return tf.pad(
    x,
    [
      [0, 0],
      [top!, bottom!],
      [left!, right!],
      [0, 0],
    ],
    value,
  );
}

function scalar(op: string, x: tf.Tensor, others: readonly tf.Tensor[]): tf.Tensor {
  switch (op) {
    case 'relu':
      return tf.relu(x);
    case 'relu6':
      return tf.relu6(x);
    case 'tanh':
      return tf.tanh(x);
    case 'add':
      return tf.add(x, others[0]!);
    default:
      throw new Error(`the benchmark has no ${op} for tfjs`);
  }
}
