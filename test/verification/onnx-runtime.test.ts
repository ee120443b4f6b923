// ONNX Runtime as an oracle: how it is asked.
import * as ort from 'onnxruntime-web';
import { expect, test } from 'vitest';
import { verifyModel, type OnnxRuntime } from '../../compiler/index.ts';
import { interpret } from '../../compiler/ir/interpret.ts';
import { graphOfText } from '../support/programs.ts';

type Options = Parameters<OnnxRuntime['InferenceSession']['create']>[1];

/** ONNX Runtime, and with which options it was asked for each session. */
function recording(): { readonly onnxRuntime: OnnxRuntime; readonly asked: readonly Options[] } {
  const asked: Options[] = [];
  const create: OnnxRuntime['InferenceSession']['create'] = (model, options) => {
    asked.push(structuredClone(options));
    return ort.InferenceSession.create(model, options) as never;
  };
  return { onnxRuntime: { InferenceSession: { create }, Tensor: ort.Tensor as never }, asked };
}

// Where it has no instruction for products of 8-bit numbers, onnxruntime-node would let their sums saturate at 16 bits.
test('sums of products of 8-bit numbers are asked for as they are, each time', async () => {
  const graph = await graphOfText('INPUT(4) -> RELU');
  const { onnxRuntime, asked } = recording();
  const verified = () =>
    verifyModel({
      graph,
      run: (inputs) => interpret(graph, inputs),
      seeds: [1],
      numeric: 'imported',
      onnxRuntime,
    });
  expect((await verified()).ok && (await verified()).ok).toBe(true);
  const precise = { logSeverityLevel: 3, extra: { session: { x64quantprecision: '1' } } };
  expect(asked).toEqual([precise, precise]);
});
