// How long the compiler takes, and that twice the program takes twice the time: from text to summary.
import { threadMs } from '../compiler/cli/thread-time.ts';
import { summarize } from '../compiler/index.ts';

/** Programs of about so many layers, each long in its own way. */
const PROGRAMS: Readonly<Record<string, (layers: number) => string>> = {
  'one long chain': (layers) => `INPUT(8x8x3)${' -> CONV(8)'.repeat(layers)} -> FC`,
  'a repeat': (layers) => `INPUT(8x8x3) -> [CONV(8)]*${layers} -> FC`,
  'residual blocks': (layers) => `
    block Res(f) = { CONV(f) -> BN -> RELU -> CONV(f, act=none) -> BN | SKIP } -> ADD -> RELU
    INPUT(8x8x8) -> Res(8)*${Math.floor(layers / 7)} -> FC`,
  'names and merges': (layers) => {
    const pairs = Array.from(
      { length: layers / 2 },
      (_, i) => `-> CONV(8, act=none) as c${i} -> ADD(c${Math.max(0, i - 3)}, _)`,
    );
    return `INPUT(8x8x8) ${pairs.join('\n')} -> FC`;
  },
};

const SIZES = [12_500, 25_000, 50_000, 100_000];

/** Prints processor time, which others on the machine do not change much. */
export async function benchCompile(): Promise<void> {
  await summarize({ source: PROGRAMS['a repeat']!(1000) }); // compiles the compiler
  for (const [name, program] of Object.entries(PROGRAMS)) {
    for (const layers of SIZES) {
      const start = threadMs();
      const { summary } = await summarize({ source: program(layers) });
      const ms = threadMs() - start;
      const each = ((1000 * ms) / summary!.layers.length).toFixed(1);
      console.log(
        `${name.padEnd(18)} ${String(summary!.layers.length).padStart(8)} layers ${ms.toFixed(0).padStart(6)} ms ${each.padStart(6)} µs each`,
      );
    }
  }
}
