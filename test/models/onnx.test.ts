// Whole networks against ONNX Runtime, by way of `cnnc export`: their definitions, for two items at once.
import { expect, test } from 'vitest';
import { toOnnx } from '../../compiler/export/onnx/export.ts';
import { interpret } from '../../compiler/ir/interpret.ts';
import { itemOf, randomInputs } from '../support/arbitrary.ts';
import { runOnnx } from '../support/onnx-runtime.ts';
import { graphOfText, networkWeights, PROGRAMS, smallGraph } from '../support/programs.ts';
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

test.each([
  ['a weight without the batch', 'INPUT(3x5x3) as x\nWEIGHT(3x5x3) as w -> SUB(x, _)'],
  ['a weight over columns', 'INPUT(4x5x3) -> { SKIP | WEIGHT(5x1) as w } -> SUB'],
  ['a weight over columns and channels', 'INPUT(3x3x3) -> { WEIGHT(3x3) as w | SKIP } -> MAX'],
  ['a weight over a signal', 'INPUT(4x4) -> { SKIP | WEIGHT(4x4) as w } -> MUL'],
  ['a weight as a condition', 'INPUT(3x3x3) as x\nWEIGHT(3x3x1) as w -> WHERE(_, x, 7)'],
])('%s, exported, stretches as it does here', async (_, source) => {
  const graph = networkWeights(await graphOfText(source), 3);
  const inputs = randomInputs(graph, 1);
  const results = await runOnnx(graph, inputs, 1);
  expect(mismatch(results['output']!, interpret(graph, inputs)['output']!, 'operator')).toBeUndefined();
});

test('indices that lie on a map, exported, are read row by row', async () => {
  const graph = await graphOfText('INPUT(2x3x9) as x\nINPUT(2x3x2) as places\nGATHER(x, places)');
  const inputs = randomInputs(graph, 1);
  const results = await runOnnx(graph, inputs, 1);
  expect(results['output']).toEqual(interpret(graph, inputs)['output']);
});

test('what is left out at the end of a node’s inputs has no empty name there', async () => {
  const graph = await smallGraph('07-mobilenetv2');
  const inputs = toOnnx(graph, '').nodes.map((node) => node.inputs);
  expect(inputs.filter((names) => names.at(-1) === '')).toEqual([]);
});
