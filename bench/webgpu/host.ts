// What one inference costs the processor: on Dawn's null backend, in Node, where the GPU takes no time.
import { create, globals } from 'webgpu';
import { threadMs } from '../../compiler/cli/thread-time.ts';
import type { Problem, Ready } from '../contest.ts';
import { createModelOf } from '../entries/cnnc.ts';
import { onnxModelOf } from '../entries/onnx-runtime.ts';
import { median } from '../median.ts';

// WebGPU stands where pages have it, for as long as the process lives.
Object.assign(globalThis, globals);
Object.defineProperty(globalThis.navigator, 'gpu', { value: create(['backend=null']) });

const OPEN: Readonly<Record<string, (problem: Problem) => Promise<Ready>>> = {
  cnnc: async ({ workload: { source }, input }) => {
    const model = await createModelOf({ source, targets: ['webgpu'] });
    return { run: async () => (await model.run(input))['output']!, dispose: () => model.dispose() };
  },
  'onnxruntime-web': async (problem) =>
    (await import('../entries/onnx-webgpu.ts')).openOnnxOnGpu(onnxModelOf(problem), problem),
  tfjs: async (problem) => (await import('../entries/tfjs-webgpu.ts')).openTfjsOnGpu(problem),
};

const WARM_UP = 50;
const ROUNDS = 11;
/** A sample lasts at least this many milliseconds: ten thousand steps of the clock and more. */
const SAMPLE_MS = 200;

/** Milliseconds of the thread for one inference; contestants take turns. */
export async function hostMs(problem: Problem, names: readonly string[]): Promise<Map<string, number>> {
  const contestants = new Map<string, Ready>();
  for (const name of names) contestants.set(name, await OPEN[name]!(problem));
  const repeats = new Map<string, number>();
  for (const [name, { run }] of contestants) {
    await msOf(run, WARM_UP);
    repeats.set(name, Math.ceil(SAMPLE_MS / (await msOf(run, WARM_UP))));
  }
  const samples = new Map<string, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, { run }] of contestants) samples.get(name)!.push(await msOf(run, repeats.get(name)!));
  for (const { dispose } of contestants.values()) dispose?.();
  return new Map([...samples].map(([name, times]) => [name, median(times)]));
}

async function msOf(run: () => unknown, times: number): Promise<number> {
  const begin = threadMs();
  for (let i = 0; i < times; i++) await run();
  return (threadMs() - begin) / times;
}
