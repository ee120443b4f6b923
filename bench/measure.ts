import { threadMs } from '../compiler/cli/thread-time.ts';
import { median } from './median.ts';

/** One way to compute a workload, ready to run. */
export interface Contestant {
  readonly name: string;
  run(): unknown;
  dispose?(): void;
}

export interface Timing {
  /** Milliseconds per run. */
  readonly median: number;
  readonly best: number;
}

export interface Measurement {
  readonly timings: ReadonlyMap<string, Timing>;
  /** GFLOP/s in float64 registers, measured before every round: the median. */
  readonly peak: number;
  /** Time on the wall per processor time of the thread, the median: 1 where nobody else was at work. */
  readonly waiting: number;
}

/** A sample lasts at least this many milliseconds, a thousand steps of the clock: short runs are repeated. */
const SAMPLE_MS = 20;

/**
 * Runs all contestants in turn, round after round, so that what disturbs the machine disturbs all alike.
 * Stops after `rounds`, or early when `seconds` are over and there were three.
 */
export async function measure(
  contestants: readonly Contestant[],
  { rounds, seconds, peak }: { rounds: number; seconds: number; peak: () => number },
): Promise<Measurement> {
  const repeats = new Map<string, number>();
  for (const { name, run } of contestants) repeats.set(name, await warmUp(run));
  const samples = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  const peaks: number[] = [];
  const waits: number[] = [];
  const deadline = performance.now() + 1000 * seconds;
  for (let round = 0; round < rounds && (round < 3 || performance.now() < deadline); round++) {
    peaks.push(peak());
    for (const { name, run } of contestants) {
      const { processor, wall } = await time(run, repeats.get(name)!);
      samples.get(name)!.push(processor);
      waits.push(wall / processor);
    }
  }
  const timings = [...samples].map(
    ([name, times]) => [name, { median: median(times), best: Math.min(...times) }] as const,
  );
  return { timings: new Map(timings), peak: median(peaks), waiting: median(waits) };
}

/** Until the engine has optimised it, or a while is over. Returns how many runs make a sample. */
async function warmUp(run: Contestant['run']): Promise<number> {
  const begin = performance.now();
  const enough = () => performance.now() - begin > 1500;
  let runs = 0;
  while (runs < 2 || (runs < 2000 && !enough())) {
    await run();
    runs++;
  }
  const last = (performance.now() - begin) / runs;
  return Math.max(1, Math.ceil(SAMPLE_MS / Math.max(last, 0.05)));
}

interface Sample {
  /** Milliseconds per run. */
  readonly processor: number;
  readonly wall: number;
}

async function time(run: Contestant['run'], repeats: number): Promise<Sample> {
  const begin = { processor: threadMs(), wall: performance.now() };
  for (let i = 0; i < repeats; i++) await run();
  return {
    processor: (threadMs() - begin.processor) / repeats,
    wall: (performance.now() - begin.wall) / repeats,
  };
}
