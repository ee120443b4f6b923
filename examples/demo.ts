// Compiles LeNet-5 and lets the module that comes out read handwritten digits.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { decode } from 'fast-png';
import { compile } from '../compiler/index.ts';
import { prepareImage, type Pixels } from '../runtime/index.ts';
import { drawInTerminal } from './draw-in-terminal.ts';

const here = import.meta.dirname;
const out = join(here, '../out/lenet5');

// 1. Compile: a program and its weights in, files out.
const started = performance.now();
const { ok, diagnostics, files, summary } = await compile({
  path: 'examples/lenet5.cnn',
  source: await readFile(join(here, 'lenet5.cnn'), 'utf8'),
  weights: await readFile(join(here, 'lenet5.safetensors')),
});
if (!ok) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
const compileMs = performance.now() - started;
await mkdir(out, { recursive: true });
for (const [name, bytes] of files) await writeFile(join(out, name), bytes);

console.log(
  `examples/lenet5.cnn: ${summary!.params.toLocaleString('en')} parameters, compiled in ${compileMs.toFixed(0)} ms into`,
);
for (const [name, bytes] of files) {
  const size = `${bytes.length.toLocaleString('en')} bytes`.padStart(15);
  console.log(
    `  ${relative('.', join(out, name)).padEnd(30)} ${size}, ${gzipSync(bytes).length.toLocaleString('en')} gzipped`,
  );
}

// 2. Run: the generated module needs nothing but itself and its weights.
const { createModel } = await import(pathToFileURL(join(out, 'lenet5.js')).href);
const model = await createModel({ target: 'js' }); // without it, WebGPU where there is a GPU
const names = (await readdir(join(here, 'digits'))).filter((name) => name.endsWith('.png')).toSorted();
let wrong = 0;
for (const name of names) {
  const picture = readGrey(await readFile(join(here, 'digits', name)));
  const { output } = await model.run(prepareImage(picture, model.inputs[0]));
  const { digit, probability } = likeliest(output);
  const isRight = String(digit) === name[0];
  if (!isRight) wrong++;
  console.log(`\n${drawInTerminal(picture, process.stdout)}`);
  console.log(`${name}: ${digit}, ${(100 * probability).toFixed(1)} %${isRight ? '' : '   WRONG'}`);
}

console.log(
  `\n${names.length - wrong} of ${names.length} right, by ${relative('.', join(out, 'lenet5.js'))}: open it, the kernels come first.`,
);
console.log('Next: npx cnnc run out/lenet5 --input examples/digits/3-a.png --top 3');
process.exitCode = wrong === 0 ? 0 : 1;

function readGrey(bytes: Uint8Array): Pixels {
  const { data, width, height } = decode(bytes);
  return { data: Uint8Array.from(data), width, height };
}

/** The best class, and its probability by softmax. */
function likeliest(scores: Float32Array): { digit: number; probability: number } {
  const best = Math.max(...scores);
  const sum = scores.reduce((total, score) => total + Math.exp(score - best), 0);
  return { digit: scores.indexOf(best), probability: 1 / sum };
}
