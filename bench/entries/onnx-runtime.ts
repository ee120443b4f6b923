// onnxruntime-web on the ONNX export of the program as it is written: folding normalisation and fusing
// activations is its own optimiser's business.
import type * as Ort from 'onnxruntime-web';
import { encodeModel } from '../../compiler/export/onnx/encode.ts';
import { toOnnx } from '../../compiler/export/onnx/export.ts';
import { inputShape, type Problem, type Ready } from '../contest.ts';

export const onnxModelOf = ({ written }: Problem): Uint8Array => encodeModel(toOnnx(written, 'bench'));

/** `ort` is one of the package's builds. */
export async function openOnnx(
  ort: typeof Ort,
  model: Uint8Array,
  problem: Problem,
  options: Ort.InferenceSession.SessionOptions = {},
): Promise<Ready> {
  const { graph, input } = problem;
  const session = await ort.InferenceSession.create(model, { graphOptimizationLevel: 'all', ...options });
  // The graph is channels-first there: its input is prepared once, its output turned when compared.
  const shape = inputShape(problem);
  const [batch, ...item] = shape;
  const channels = item.at(-1)!;
  const pixels = item.slice(0, -1).reduce((a, b) => a * b, 1);
  const data = swapInner(input, [batch!, pixels, channels]);
  const tensor = new ort.Tensor(data, [batch!, channels, ...item.slice(0, -1)]);
  const name = graph.inputs[0]!.name;
  const { name: output, node } = graph.outputs[0]!;
  const outputChannels = node.type.shape.at(-1)!;
  return {
    run: async () => (await session.run({ [name]: tensor }))[output]!.data as Float32Array, // float32 model
    channelsLast: (result) =>
      swapInner(result, [batch!, outputChannels, result.length / batch! / outputChannels]),
    dispose: () => void session.release(),
  };
}

/** (n, a, b) → (n, b, a) */
function swapInner(data: Float32Array, [n, a, b]: readonly [number, number, number]): Float32Array {
  return Float32Array.from({ length: n * a * b }, (_, index) => {
    const [item, rest] = [Math.floor(index / (a * b)), index % (a * b)];
    return data[item * a * b + (rest % a) * b + Math.floor(rest / a)]!;
  });
}
