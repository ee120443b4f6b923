// Image filters are convolutions with weights that someone chose: each program in filters/ is compiled
// with the kernel of its name, applied to a picture, and the result is written to out/filters/.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { encode } from 'fast-png';
import { compile } from '../compiler/index.ts';
import { prepareImage, type Model } from '../runtime/index.ts';
import { KERNELS, type Weights } from './filters/kernels.ts';
import { safetensors } from './filters/safetensors.ts';
import { scenery } from './filters/scenery.ts';

const [WIDTH, HEIGHT] = [320, 240];
const here = import.meta.dirname;
const out = join(here, '../out/filters');

await mkdir(out, { recursive: true });
const picture = { data: scenery(WIDTH, HEIGHT), width: WIDTH, height: HEIGHT };
await writePng('original', picture.data);
for (const [name, weights] of Object.entries(KERNELS)) {
  const model = await compileFilter(name, weights);
  const { output } = await model.run(prepareImage(picture, model.inputs[0]!));
  await writePng(name, toBytes(output!));
}

async function compileFilter(name: string, weights: Weights): Promise<Model> {
  const { ok, diagnostics, files } = await compile({
    name,
    path: `examples/filters/${name}.cnn`,
    source: await readFile(join(here, `filters/${name}.cnn`), 'utf8'),
    weights: safetensors(weights),
  });
  if (!ok) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  for (const [file, bytes] of files) await writeFile(join(out, file), bytes);
  const { createModel } = await import(pathToFileURL(join(out, `${name}.js`)).href);
  return createModel({ target: 'js' });
}

/** 0 is black and 1 white; what lies beyond is cut off. */
function toBytes(values: Float32Array): Uint8Array {
  return Uint8Array.from(values, (value) => Math.round(255 * Math.min(Math.max(value, 0), 1)));
}

/** Grey or colour, as many channels as there are. */
async function writePng(name: string, data: Uint8Array): Promise<void> {
  const file = join(out, `${name}.png`);
  await writeFile(
    file,
    encode({ width: WIDTH, height: HEIGHT, channels: data.length / (WIDTH * HEIGHT), data }),
  );
  console.log(relative('.', file));
}
