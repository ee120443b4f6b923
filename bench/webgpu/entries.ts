// The contestants as a page loads them: nothing of theirs is there before the clock runs.
import { compile } from '../../compiler/index.ts';
import type { CreateModel } from '../../runtime/index.ts';
import type { Problem, Ready } from '../contest.ts';
import { onnxModelOf } from '../entries/onnx-runtime.ts';

/** What an application would have on its server. */
interface Prepared {
  /** Loads and starts: on the clock. */
  start(): Promise<Ready>;
  /** What it loads besides what the browser lists. */
  readonly urls?: readonly string[];
}

type Prepare = (problem: Problem) => Promise<Prepared>;

export const ENTRIES: Readonly<Record<string, Prepare>> = {
  cnnc: async ({ workload: { source }, input, graph }) => {
    const { files } = await compile({ source, weights: { random: 1 }, name: 'net', targets: ['webgpu'] });
    const module = new Blob([files.get('net.js')! as BlobPart], { type: 'text/javascript' });
    const url = URL.createObjectURL(module);
    const output = graph.outputs[0]!.name;
    const start = async () => {
      const { createModel }: { createModel: CreateModel } = await import(url);
      const model = await createModel({ weights: files.get('net.weights.bin')! });
      return { run: async () => (await model.run(input))[output]!, dispose: () => model.dispose() };
    };
    return { start, urls: [url] };
  },
  'onnxruntime-web': async (problem) => {
    const model = onnxModelOf(problem);
    const start = async () => (await import('../entries/onnx-webgpu.ts')).openOnnxOnGpu(model, problem);
    return { start };
  },
  tfjs: async (problem) => ({
    start: async () => (await import('../entries/tfjs-webgpu.ts')).openTfjsOnGpu(problem),
  }),
};
