// A classifier of single digits finds many in a large picture: LeNet-5, trained on 32×32, is compiled to
// scan 200×320 in one pass. Writes out/scan/digits.png with a box around each digit.
//
//   npx node examples/scan.ts
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { decode, encode } from 'fast-png';
import { compile } from '../compiler/index.ts';
import { findDigits } from './find-digits.ts';

const here = import.meta.dirname;
const out = join(here, '../out/scan');
const [HEIGHT, WIDTH] = [200, 320];

// 1. A large picture: every digit of examples/digits somewhere in its cell of a grid.
const names = (await readdir(join(here, 'digits'))).filter((name) => name.endsWith('.png')).toSorted();
const picture = { data: new Uint8Array(HEIGHT * WIDTH), width: WIDTH, height: HEIGHT };
const COLUMNS = 5;
for (const [i, name] of names.entries()) {
  const { data, width, height } = decode(await readFile(join(here, 'digits', name)));
  const left = 12 + (i % COLUMNS) * 62 + ((i * 7) % 13);
  const top = 8 + Math.floor(i / COLUMNS) * 64 + ((i * 5) % 19);
  for (let y = 0; y < height; y++)
    picture.data.set(Uint8Array.from(data.subarray(y * width, (y + 1) * width)), (top + y) * WIDTH + left);
}

// 2. The network at this size: FC layers have become windows, the output is a map of scores.
const { ok, diagnostics, files, summary } = await compile({
  path: 'examples/lenet5.cnn',
  source: await readFile(join(here, 'lenet5.cnn'), 'utf8'),
  weights: await readFile(join(here, 'lenet5.safetensors')),
  at: [[HEIGHT, WIDTH]],
  dense: true,
});
if (!ok) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
await mkdir(out, { recursive: true });
for (const [name, bytes] of files) await writeFile(join(out, name), bytes);
const { createModel } = await import(pathToFileURL(join(out, 'lenet5.js')).href);
const model = await createModel({ target: 'js' });

// 3. One run, and what is in it.
const begun = performance.now();
const { output } = await model.run(Float32Array.from(picture.data, (value) => value / 255));
const milliseconds = performance.now() - begun;
const { shape } = model.outputs[0];
const found = findDigits(picture, { scores: output, shape, receptiveField: model.receptiveField('output') });
const [rows, columns] = shape;
console.log(
  `${rows} × ${columns} windows in ${milliseconds.toFixed(0)} ms, ${(summary!.macs / 1e6).toFixed(0)} M multiply-accumulates.`,
);
for (const { digit, probability, x, y } of found)
  console.log(`  ${digit} at (${x}, ${y}), ${(100 * probability).toFixed(1)} %`);

// 4. A box around each.
const rgb = new Uint8Array(HEIGHT * WIDTH * 3);
picture.data.forEach((value, i) => rgb.fill(value, 3 * i, 3 * i + 3));
const expected = names.map((name) => Number(name[0])).toSorted();
const isRight =
  found
    .map(({ digit }) => digit)
    .toSorted()
    .join() === expected.join();
for (const { x, y, side } of found)
  for (let i = 0; i < side; i++)
    for (const [px, py] of [
      [x + i, y],
      [x + i, y + side - 1],
      [x, y + i],
      [x + side - 1, y + i],
    ] as const)
      rgb.set([60, 220, 90], 3 * (py * WIDTH + px));
const file = join(out, 'digits.png');
await writeFile(file, encode({ width: WIDTH, height: HEIGHT, channels: 3, data: rgb }));
console.log(
  `${found.length} of ${names.length} digits found${isRight ? ', all right' : ''}: ${relative('.', file)}`,
);
process.exitCode = isRight ? 0 : 1;
