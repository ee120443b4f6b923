// npm run fuzz -- 200000 --seed 1
// npm run fuzz -- onnx 20000
// npm run fuzz -- graphs 20000
// npm run fuzz -- models 5000
// As many texts, or damaged ONNX models and weights, or graphs as texts, or random models beside ONNX Runtime, as wanted. Says how far it is, and each kind of failure once,
// with its smallest example.
import { parseArgs } from 'node:util';
import * as fc from 'fast-check';
import {
  damagedModel,
  damagedWeights,
  expectAnOnnxAnswer,
  expectAWeightsAnswer,
  LARGE,
  SMALL,
} from './models.ts';
import { damagedGraphs, expectAGraphAnswer } from './graphs.ts';
import { wrongOfRandomModel } from '../support/random-onnx-case.ts';
import * as programs from './programs.ts';
import { expectAnAnswer } from './promise.ts';

const { values, positionals } = parseArgs({
  options: { runs: { type: 'string', default: '20000' }, seed: { type: 'string' } },
  allowPositionals: true,
});

/** Checks a kind of input some times. */
type Check = (parameters: { numRuns: number; seed: number }) => Promise<Outcome>;
interface Outcome {
  readonly failed: boolean;
  readonly counterexample: readonly unknown[] | null;
  readonly errorInstance: unknown;
}
const checking =
  <T>(inputs: fc.Arbitrary<T>, promise: (input: T) => Promise<void>): Check =>
  async (parameters) =>
    fc.check(fc.asyncProperty(inputs, promise), parameters);

const SUITES: Readonly<Record<string, readonly (readonly [kind: string, check: Check])[]>> = {
  programs: Object.entries(programs).map(([kind, texts]) => [kind, checking(texts, expectAnAnswer)]),
  graphs: [['graphs', checking(damagedGraphs, expectAGraphAnswer)]],
  onnx: [
    ['small models', checking(damagedModel(SMALL), expectAnOnnxAnswer)],
    ['large models', checking(damagedModel(LARGE), expectAnOnnxAnswer)],
    ['weights', checking(damagedWeights, expectAWeightsAnswer)],
  ],
  models: [['random models', checking(fc.nat(), expectAsOnnxRuntime)]],
};

async function expectAsOnnxRuntime(seed: number): Promise<void> {
  const wrong = await wrongOfRandomModel(seed);
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
}

const isCount = (word: string): boolean => /^\d+$/.test(word);
const suite = positionals.find((word) => !isCount(word)) ?? 'programs';
const kinds = SUITES[suite];
if (!kinds) throw new Error(`there is ${Object.keys(SUITES).join(', ')} to fuzz, not ${suite}`);
const runs = Number(positionals.find(isCount) ?? values.runs);
const firstSeed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
const batch = 250;

const failures = new Set<string>();
const start = performance.now();
console.log(`${runs.toLocaleString('en')} ${suite} from seed ${firstSeed}`);
for (let done = 0, seed = firstSeed; done < runs; done += batch, seed++) {
  const [kind, check] = kinds[seed % kinds.length]!;
  const details = await check({ numRuns: batch, seed });
  if (details.failed) report(kind, seed, details);
  if (done % 5000 === 0) {
    const perSecond = (done + batch) / ((performance.now() - start) / 1000);
    console.log(
      `${done.toLocaleString('en')}, ${perSecond.toFixed(0)} per second, ${failures.size} failures`,
    );
  }
}
console.log(`${runs.toLocaleString('en')} ${suite}, ${failures.size} kinds of failures`);
process.exitCode = failures.size === 0 ? 0 : 1;

function report(kind: string, seed: number, { counterexample, errorInstance }: Outcome): void {
  const message = errorInstance instanceof Error ? (errorInstance.stack ?? '') : String(errorInstance);
  // The same place with other numbers is the same failure.
  const key = message.replaceAll(/\d+/g, '0');
  if (failures.has(key)) return;
  failures.add(key);
  const [input] = counterexample ?? [];
  const shown = input instanceof Uint8Array ? new TextDecoder().decode(input) : input;
  console.log(`\n${kind}, seed ${seed}:\n${JSON.stringify(shown)}\n${message}\n`);
}
