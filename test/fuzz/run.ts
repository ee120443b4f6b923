// npm run fuzz -- --runs 200000 --seed 1
// As many texts as wanted. Says how far it is, and each kind of failure once, with its smallest program.
import { parseArgs } from 'node:util';
import * as fc from 'fast-check';
import * as programs from './programs.ts';
import { expectAnAnswer } from './promise.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '20000' }, seed: { type: 'string' } },
});
const runs = Number(values.runs);
const firstSeed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
const kinds = Object.entries(programs);
const batch = 250;

const failures = new Map<string, string>();
const start = performance.now();
console.log(`${runs.toLocaleString('en')} texts from seed ${firstSeed}`);
for (let done = 0, seed = firstSeed; done < runs; done += batch, seed++) {
  const [kind, texts] = kinds[seed % kinds.length]!;
  const details = await fc.check(fc.asyncProperty(texts, expectAnAnswer), { numRuns: batch, seed });
  if (details.failed) report(kind, seed, details);
  if (done % 5000 === 0) {
    const perSecond = (done + batch) / ((performance.now() - start) / 1000);
    console.log(
      `${done.toLocaleString('en')} texts, ${perSecond.toFixed(0)} per second, ${failures.size} failures`,
    );
  }
}
console.log(`${runs.toLocaleString('en')} texts, ${failures.size} kinds of failures`);
process.exitCode = failures.size === 0 ? 0 : 1;

function report(kind: string, seed: number, details: fc.RunDetails<[Uint8Array]>): void {
  const { counterexample, errorInstance } = details;
  const message = errorInstance instanceof Error ? (errorInstance.stack ?? '') : String(errorInstance);
  // The same place with other numbers is the same failure.
  const key = message.replaceAll(/\d+/g, '0');
  if (failures.has(key)) return;
  const text = counterexample ? new TextDecoder().decode(counterexample[0]) : '';
  failures.set(key, text);
  console.log(`\n${kind}, seed ${seed}:\n${JSON.stringify(text)}\n${message}\n`);
}
