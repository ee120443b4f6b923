// cnnc side by side with its peers.
//
//   npm run bench -- W2 N1 --rounds 9 --json
//   npm run bench -- --compile
//   npm run bench -- --models
//   npm run bench -- --target webgpu
import { scalarPeak } from '../compiler/cli/thread-time.ts';
import { relativeDifference, type Entry, type Problem, type Ready } from './contest.ts';
import { cnnc } from './entries/cnnc.ts';
import { naive } from './entries/naive.ts';
import { CONTESTANTS, readFlags } from './flags.ts';
import { measure, type Measurement } from './measure.ts';
import { problemOf } from './problem.ts';
import { WORKLOADS } from './workloads.ts';

const { names, only, json = false, ...flags } = readFlags(process.argv.slice(2));

scalarPeak();
if (flags.compile) {
  const { benchCompile } = await import('./compile.ts');
  await benchCompile();
} else if (flags.models) {
  const { benchModels } = await import('./models.ts');
  await benchModels(names, { json, rounds: flags.rounds });
} else if (flags.soak) {
  const { soak } = await import('./soak.ts');
  await soak();
} else if (flags.target === 'webgpu') {
  const { benchWebgpu } = await import('./webgpu/bench.ts');
  await benchWebgpu({
    ids: names,
    names: only ?? CONTESTANTS.webgpu,
    rounds: flags.rounds,
    seconds: flags.seconds,
    json,
  });
} else {
  const chosen = WORKLOADS.filter(({ id }) => names.length === 0 || names.includes(id));
  const entries = await entriesOf(only ?? CONTESTANTS.js);
  const results = [];
  for (const workload of chosen) {
    const result = await contest(await problemOf(workload), entries);
    results.push(result);
    if (!json) console.log(table(result));
  }
  if (json) console.log(JSON.stringify(results, undefined, 2));
}

/** Peers are loaded only when they take part. */
async function entriesOf(wanted: readonly string[]): Promise<Entry[]> {
  const all: Readonly<Record<string, () => Promise<Entry>>> = {
    cnnc: async () => cnnc('cnnc'),
    direct: async () => cnnc('direct', { conv: 'direct' }),
    'naive loop': async () => naive,
    'tfjs cpu': async () => (await import('./entries/tfjs-cpu.ts')).tfjsCpu,
    'onnxruntime-web': async () => (await import('./entries/onnx-wasm.ts')).onnxWasm,
  };
  return Promise.all(wanted.map((name) => all[name]!()));
}

interface Result extends Omit<Measurement, 'timings'> {
  readonly id: string;
  readonly title: string;
  readonly flops: number;
  readonly rows: readonly Row[];
}

interface Row {
  readonly name: string;
  /** Milliseconds. */
  readonly median: number;
  readonly best: number;
  /** Largest difference from the first contestant, relative to the largest value. */
  readonly difference: number;
}

/** Compares outputs first, then times. */
async function contest(problem: Problem, entries: readonly Entry[]): Promise<Result> {
  const ready: { name: string; contestant: Ready; difference: number }[] = [];
  let expected: Float32Array | undefined;
  for (const { name, enter } of entries) {
    const contestant = await enter(problem);
    const raw = await contestant.run();
    const output = contestant.channelsLast?.(raw) ?? raw;
    expected ??= output.slice();
    const difference = relativeDifference(output, expected);
    if (!(difference < 1e-3)) throw new Error(`${problem.workload.id}: ${name} differs by ${difference}`);
    ready.push({ name, contestant, difference });
  }
  const { timings, peak, waiting } = await measure(
    ready.map(({ name, contestant }) => ({ name, run: () => contestant.run() })),
    { rounds: flags.rounds, seconds: flags.seconds, peak: scalarPeak },
  );
  for (const { contestant } of ready) contestant.dispose?.();
  const { id, title } = problem.workload;
  const rows = ready.map(({ name, difference }) => ({ name, ...timings.get(name)!, difference }));
  return { id, title, flops: problem.flops, peak, waiting, rows };
}

function table({ id, title, flops, peak, waiting, rows }: Result): string {
  const lines = rows.map(({ name, median, best, difference }) => {
    const rate = flops / median / 1e6;
    const figures = [
      `${median.toPrecision(3)} ms`,
      `best ${best.toPrecision(3)}`,
      flops > 0 ? `${rate.toFixed(2)} GFLOP/s` : '',
      flops > 0 ? `${((100 * rate) / peak).toFixed(0)} % of peak` : '',
      `×${(median / rows[0]!.median).toFixed(2)}`,
      difference.toExponential(0),
    ];
    return [name.padEnd(16), ...figures.map((figure) => figure.padStart(14))].join('');
  });
  const conditions = `scalar peak ${peak.toFixed(2)} GFLOP/s, ${waiting.toFixed(2)} s on the wall per second of work`;
  return `${id}  ${title}; ${conditions}\n${lines.join('\n')}\n`;
}
