// A small soak; `npm run bench -- --soak` is the long one.
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { programText } from '../support/programs.ts';
import { createModelOf } from '../../bench/entries/cnnc.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void; // what the flag puts there

/** After a collection; buffers outside of the heap are given back in another thread, a moment later. */
async function inUse(): Promise<{ heap: number; outside: number }> {
  collect();
  await setTimeout(200);
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return { heap: heapUsed, outside: external };
}

test('3,000 runs of LeNet-5 keep less than 500 bytes each', async () => {
  const model = await createModelOf({ source: programText('03-lenet5'), targets: ['js'] });
  const input = new Float32Array(32 * 32).fill(0.5);
  const run = async (count: number) => {
    for (let i = 0; i < count; i++) await model.run(input);
  };
  await run(500);
  const before = await inUse();
  await run(3000);
  const after = await inUse();
  expect(after.outside - before.outside).toBeLessThan(3000 * 500);
  expect(after.heap - before.heap).toBeLessThan(3000 * 500);
});
