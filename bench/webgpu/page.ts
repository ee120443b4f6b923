// What runs in the page. bench.ts calls it from outside.
import { relativeDifference } from '../contest.ts';
import { median } from '../median.ts';
import { problemOf } from '../problem.ts';
import type { Workload } from '../workloads.ts';
import { ENTRIES } from './entries.ts';
import { watch, watchWebgpu, type Watched } from './watch.ts';

export interface Bytes {
  readonly raw: number;
  readonly gzip: number;
}

export interface Row extends Watched {
  readonly name: string;
  /** Largest difference from the first contestant, relative to the largest value. */
  readonly difference: number;
}

/** Why a contestant takes no part. */
export interface Failure {
  readonly name: string;
  readonly why: string;
}

export interface Schedule {
  readonly rounds: number;
  readonly seconds: number;
}

watchWebgpu();
const adapter = (await navigator.gpu.requestAdapter())!; // bench.ts opened a browser with one

const bench = {
  adapter: [adapter.info.vendor, adapter.info.architecture, adapter.info.description]
    .filter(Boolean)
    .join(' '),

  /** From nothing to the first output, and what was loaded for it. */
  async first(workload: Workload, name: string): Promise<{ ms: number; code: Bytes }> {
    const { start, urls = [] } = await ENTRIES[name]!(await problemOf(workload));
    performance.clearResourceTimings();
    const begin = performance.now();
    await (await start()).run();
    const ms = performance.now() - begin;
    const listed = performance.getEntriesByType('resource').map((each) => each.name);
    return { ms, code: await bytesOf([...listed, ...urls]) };
  },

  /** Compares outputs first, then lets the contestants take turns. */
  async contest(workload: Workload, names: readonly string[], schedule: Schedule) {
    const problem = await problemOf(workload);
    const failures: Failure[] = [];
    const ready = [];
    let expected: Float32Array | undefined;
    for (const name of names) {
      try {
        const contestant = await (await ENTRIES[name]!(problem)).start();
        const raw = await contestant.run();
        const output = contestant.channelsLast?.(raw) ?? raw;
        expected ??= output.slice();
        const difference = relativeDifference(output, expected);
        if (!(difference < 1e-3)) throw new Error(`its output differs by ${difference}`);
        ready.push({ name, difference, run: () => contestant.run(), dispose: () => contestant.dispose?.() });
      } catch (error) {
        failures.push({ name, why: String(error) });
      }
    }
    const samples = new Map(ready.map(({ name }) => [name, [] as Watched[]]));
    const deadline = performance.now() + 1000 * schedule.seconds;
    for (let round = 0; round < schedule.rounds && (round < 3 || performance.now() < deadline); round++)
      for (const { name, run } of ready) samples.get(name)!.push(...(await turn(run)));
    for (const { dispose } of ready) dispose();
    const rows = ready.map(({ name, difference }): Row => {
      const seen = samples.get(name)!;
      const middle = (key: 'warm' | 'kernel' | 'longest') => median(seen.map((each) => each[key]));
      return {
        name,
        difference,
        warm: middle('warm'),
        kernel: middle('kernel'),
        longest: middle('longest'),
        calls: seen.at(-1)!.calls,
      };
    });
    return { rows, failures };
  },
};

/** Short runs are repeated within a turn. */
const TURN_MS = 200;

async function turn(run: () => unknown): Promise<Watched[]> {
  const seen: Watched[] = [];
  const end = performance.now() + TURN_MS;
  do seen.push(await watch(run));
  while (performance.now() < end);
  return seen;
}

export type Bench = typeof bench;
Object.assign(globalThis, { bench });

async function bytesOf(urls: readonly string[]): Promise<Bytes> {
  let [raw, gzip] = [0, 0];
  for (const url of urls) {
    const file = await (await fetch(url)).blob();
    raw += file.size;
    const packed = file.stream().pipeThrough(new CompressionStream('gzip'));
    gzip += (await new Response(packed).arrayBuffer()).byteLength;
  }
  return { raw, gzip };
}
