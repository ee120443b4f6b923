// Many runs of one model: neither the heap nor memory outside of it may grow.
//
//   npm run bench -- --soak
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createModelOf } from './entries/cnnc.ts';
import { WORKLOADS } from './workloads.ts';

const RUNS = [
  { id: 'N4', runs: 100_000 },
  { id: 'N1', runs: 1_000 },
];

/** What may differ without being growth: code that was optimised later, caches of the engine. */
const TOLERANCE_BYTES = 2 ** 20;

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Bytes in use after a collection; buffers are given back in another thread, a moment later. */
async function inUse(): Promise<number> {
  collect();
  await setTimeout(500);
  collect();
  const { heapUsed, external } = process.memoryUsage(); // external has array buffers in it
  return heapUsed + external;
}

/** Throws when a model grows. */
export async function soak(): Promise<void> {
  for (const { id, runs } of RUNS) {
    const { title, source } = WORKLOADS.find((workload) => workload.id === id)!; // of the list
    const model = await createModelOf({ source, targets: ['js'] });
    const input = new Float32Array(model.inputs[0]!.shape.reduce((a, b) => a * b, 1)).fill(0.5);
    const run = async (count: number) => {
      for (let i = 0; i < count; i++) await model.run(input);
    };
    await run(Math.ceil(runs / 10));
    const before = await inUse();
    await run(runs);
    const growth = (await inUse()) - before;
    console.log(`${id}  ${title}: ${runs} runs, ${growth} bytes more than before (of ${before})`);
    if (growth > TOLERANCE_BYTES) throw new Error(`${title} grows`);
    model.dispose();
  }
}
