// Whole networks against ONNX Runtime, by way of `cnnc export`: their definitions, for two items at once.
import { expect, test } from 'vitest';
import { toOnnx } from '../../compiler/export/onnx/export.ts';
import { interpret } from '../../compiler/ir/interpret.ts';
import { itemOf, randomInputs } from '../support/arbitrary.ts';
import { runOnnx } from '../support/onnx-runtime.ts';
import { PROGRAMS, smallGraph } from '../support/programs.ts';
import { mismatch } from '../support/tolerance.ts';

test.each(PROGRAMS)('%s, exported, gives in ONNX Runtime what its definition gives', async (name) => {
  const graph = await smallGraph(name, 3);
  const [first, second] = [randomInputs(graph, 1), randomInputs(graph, 2)];
  const both = Object.fromEntries(
    Object.keys(first).map((input) => [input, Float32Array.of(...first[input]!, ...second[input]!)]),
  );
  const results = await runOnnx(graph, both, 2);
  const { output: expected } = interpret(graph, second);
  expect(mismatch(itemOf(results, 1, 2)['output']!, expected!, 'network')).toBeUndefined();
});

test('what is left out at the end of a node’s inputs has no empty name there', async () => {
  const graph = await smallGraph('07-mobilenetv2');
  const inputs = toOnnx(graph, '').nodes.map((node) => node.inputs);
  expect(inputs.filter((names) => names.at(-1) === '')).toEqual([]);
});
