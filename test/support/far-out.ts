// Functions where they overflow, vanish or turn: far from the numbers that networks are made of.
import { parseGraph } from '../../compiler/ir/parse.ts';
import { interpret } from '../../compiler/ir/interpret.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import type { OpName } from '../../compiler/ops/index.ts';
import type { Arrays } from './targets.ts';

export const FUNCTIONS = [
  ...([
    'sin',
    'cos',
    'tan',
    'atan',
    'tanh',
    'asinh',
    'sigmoid',
    'swish',
    'hswish',
    'gelu',
    'gelu_tanh',
  ] as const),
  ...([
    'mish',
    'softplus',
    'softsign',
    'elu',
    'erf',
    'sign',
    'floor',
    'trunc',
    'round',
    'sqrt',
    'log',
  ] as const),
] satisfies readonly OpName[];

/** One function of these numbers. */
const functionGraph = (op: OpName, numbers: readonly number[]): Graph =>
  parseGraph(`graph g {
  %x = input : f32[1,${numbers.length}]
  %y = ${op}(%x) : f32[1,${numbers.length}]
  return y=%y
}`);

/** Where a result is neither what the definition says nor within `allowed` of it, as a share of what is more than 1. */
export async function wrongAt(
  op: OpName,
  numbers: readonly number[],
  run: (graph: Graph, inputs: Arrays) => Promise<Arrays>,
  allowed: number,
): Promise<string[]> {
  const graph = functionGraph(op, numbers);
  const inputs = { x: Float32Array.from(numbers) };
  const expected = interpret(graph, inputs)['y']!;
  const { y } = await run(graph, inputs);
  return [...expected].flatMap((value, i) => {
    const off = Math.abs(y![i]! - value) / Math.max(1, Math.abs(value));
    return Object.is(y![i], value) || off <= allowed
      ? []
      : [`${op}(${numbers[i]}) is ${y![i]}, not ${value}`];
  });
}
