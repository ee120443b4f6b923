// Files that other projects keep to see whether an importer breaks, and weights in files beside the model.
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compile } from '../../compiler/index.ts';
import { cnnc } from '../cli/capture.ts';
import { external, model, node, value } from '../support/onnx-writer.ts';
import { describeWithShared, sharedPath } from '../support/shared.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const FOLDER = 'data/malformed';

interface Outcome {
  readonly ort?: { readonly ok: boolean };
}

/** What ONNX Runtime refuses and we take: an attribute whose value alone says of which sort it is. */
const LENIENT = ['derived-mnist8/034-headbytes.onnx'];

/** What must be told more to be compiled: sizes, or data that decides how many results there are. */
const OPEN = [
  'polygraphy/bad_graph_with_parallel_invalid_nodes.onnx',
  'polygraphy/empty_tensor_expand.onnx',
  'polygraphy/inp_dim_val_not_set.onnx',
];

describeWithShared('malformed models', [`${FOLDER}/outcomes.json`], () => {
  const files = readdirSync(sharedPath(FOLDER), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.onnx'))
    .toSorted();
  const { outcomes } = JSON.parse(readFileSync(sharedPath(`${FOLDER}/outcomes.json`), 'utf8')) as {
    outcomes: Record<string, Outcome>;
  };

  test.each(files)('%s is taken where ONNX Runtime takes it, and refused where not', async (file) => {
    const path = sharedPath(`${FOLDER}/${file}`);
    const { ok, diagnostics } = await compile({
      onnx: readFileSync(path),
      path,
      targets: ['js', 'webgpu'],
      read: async (beside) => readFileSync(beside),
    });
    const codes = diagnostics.map(({ code }) => code);
    const isOpen = OPEN.includes(file);
    const isTaken = outcomes[`malformed/${file}`]?.ort?.ok === true || LENIENT.includes(file);
    expect(ok).toBe(isTaken && !isOpen);
    expect(codes.includes('E092')).toBe(isOpen);
    expect(codes.every((code) => /^E0(43|9[0-2])$/.test(code))).toBe(true);
  });
});

describeWithShared('models for other importers', ['data/models-unsupported/super-resolution-js.onnx'], () => {
  test('operators of a domain of their own are named', async () => {
    const onnx = readFileSync(sharedPath('data/models-unsupported/super-resolution-js.onnx'));
    const { diagnostics } = await compile({ onnx });
    expect(diagnostics.map(({ code }) => code)).toEqual(['E091']);
    expect(diagnostics[0]!.message).toMatch(/ai\.onnx\.contrib\.SuperResolutionPreProcess ×1/);
  });
});

/** x + weights of four numbers that lie in another file. */
const withWeightsIn = (entries: Record<string, string>): Uint8Array =>
  model({
    nodes: [node('Add', ['x', 'w'], ['y'])],
    initializers: [external('w', [4], entries)],
    inputs: [value('x', [1, 4])],
    outputs: [value('y')],
  });

test('a file that is cut short says where it ends, and where it should', async () => {
  const whole = withWeightsIn({ location: 'w.bin' });
  const [diagnostic] = (await compile({ onnx: whole.subarray(0, -5), path: 'net.onnx' })).diagnostics;
  const end = whole.length;
  expect(diagnostic!.message).toMatch(
    new RegExp(`the file ends after ${end - 5} bytes, and what begins at byte \\d+ needs ${end}$`),
  );
});

const OUTSIDE = {
  'the folder above': '../../etc/passwd',
  'a way down and up': 'a/../../b',
  'an absolute path': '/etc/passwd',
  'a drive': 'C:\\secrets',
  'a share': '\\\\server\\share',
  'a backslash': 'a\\..\\..\\b',
  'a NUL': 'w.bin\0.png',
  'no name': '',
  'the folder itself': '.',
};

test.each(Object.entries(OUTSIDE))('weights in %s are not read', async (_, location) => {
  const read: string[] = [];
  const { diagnostics } = await compile({
    onnx: withWeightsIn({ location }),
    path: 'models/net.onnx',
    read: async (path) => {
      read.push(path);
      throw new Error('EISDIR');
    },
  });
  expect(diagnostics.map(({ code }) => code)).toEqual(['E090']);
  expect(read.filter((path) => path !== 'models/.')).toEqual([]);
});

test.each([
  { offset: '8' },
  { offset: '-4', length: '16' },
  { length: '17' },
  { length: '12' },
  { offset: '9007199254740993', length: '16' },
  { offset: '0.5', length: '16' },
  { offset: 'NaN' },
  { length: 'Infinity' },
])('bytes that a file beside the model has not are missed: %j', async (place) => {
  const { diagnostics } = await compile({
    onnx: withWeightsIn({ location: 'w.bin', ...place }),
    read: async () => new Uint8Array(16),
  });
  expect(diagnostics.map(({ code }) => code)).toEqual(['E090']);
});

test('a link out of the folder of the model is not followed', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'model'));
  await writeFile(join(folder, 'secret.bin'), new Uint8Array(16));
  await writeFile(join(folder, 'model/inside.bin'), new Uint8Array(16));
  await symlink('../secret.bin', join(folder, 'model/outside.bin'));
  const check = async (location: string) => {
    const path = join(folder, 'model/net.onnx');
    await writeFile(path, withWeightsIn({ location }));
    return cnnc(['check', path]);
  };
  expect((await check('inside.bin')).code).toBe(0);
  const { code, err } = await check('outside.bin');
  expect(code).toBe(1);
  expect(err).toMatch(/E090.*outside\.bin.*link/s);
});
