// How long commands take, and that twice the program takes twice the time: `summary`, the same with its plan of
// memory (which `cnnc summary` leaves out for more than 20,000 layers), `check` and `fmt`.
import { threadMs } from '../compiler/cli/thread-time.ts';
import { check, summarize } from '../compiler/index.ts';
import { format, sourceFile } from '../grammar/index.ts';

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
  'lines with comments': (layers) => `INPUT(8x8x3)${' -> CONV(8) # one\n'.repeat(layers)} -> FC`,
  'a sum of arms': (layers) => `INPUT(8x8x4) -> { ${arms(layers)} } -> ADD`,
  'channels of arms': (layers) => `INPUT(8x8x4) -> { ${arms(layers)} } -> CONCAT`,
  outputs: (layers) => `INPUT(8x8x4) as x\n${lines(layers, (i) => `x -> CONV(1, 1) as o${i}`)}`,
  'long skips': (layers) => `INPUT(8x8x4)
    ${lines(layers / 2, (i) => `-> CONV(4) as s${i}`)}
    ${lines(layers / 2, (i) => `-> ADD(s${layers / 2 - 1 - i}, _)`)}`,
};

function arms(count: number): string {
  return Array.from({ length: count }, () => 'CONV(1, 1, act=none)').join(' | ');
}

function lines(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => line(i)).join('\n');
}

/** What commands do with a program. */
const COMMANDS: Readonly<Record<string, (source: string) => unknown>> = {
  summary: async (source) => (await summarize({ source })).summary,
  'with memory': async (source) => (await summarize({ source })).memory,
  check: async (source) => check({ source }),
  fmt: (source) => format(sourceFile(source)),
};

const SIZES = [12_500, 25_000, 50_000, 100_000];

/** Prints processor time, which others on the machine do not change much. */
export async function benchCompile(): Promise<void> {
  for (const command of Object.values(COMMANDS)) await command(PROGRAMS['a repeat']!(1000)); // compiles the compiler
  for (const [name, program] of Object.entries(PROGRAMS))
    for (const layers of SIZES) {
      const source = program(layers);
      const times: string[] = [];
      for (const [command, work] of Object.entries(COMMANDS)) {
        const start = threadMs();
        await work(source);
        times.push(`${command} ${(threadMs() - start).toFixed(0).padStart(6)} ms`);
      }
      console.log(`${name.padEnd(20)} ${String(layers).padStart(7)} layers  ${times.join('  ')}`);
    }
}
