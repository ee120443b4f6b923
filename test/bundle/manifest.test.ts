import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { bundleManifest } from '../../compiler/bundle/manifest.ts';
import { twice } from './twice.ts';

const manifest = async () => {
  const { program, js, weights } = await twice();
  const files = { 'twice.js': js, 'twice.weights.bin': weights };
  return bundleManifest({
    program,
    origin: { program: 'INPUT(x)\n' },
    files,
    parameters: 4,
    plans: [{ steps: 1 }],
    targets: { js: { bytes: 10 } },
  });
};

test('the manifest says what the bundle is made of', async () => {
  const { js, weights, program } = await twice();
  const hash = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
  expect(JSON.parse(await manifest())).toEqual({
    schema: 1,
    name: 'twice',
    cnnc: '0.1.0',
    program: { source: 'INPUT(x)\n', bytes: 9, sha256: hash('INPUT(x)\n') },
    inputs: program.inputs,
    outputs: program.outputs,
    parameters: 4,
    weights: { ...program.weights, chunkBytes: 1048576 },
    files: {
      'twice.js': { bytes: Buffer.byteLength(js), sha256: hash(js) },
      'twice.weights.bin': { bytes: weights.length, sha256: hash(weights) },
    },
    targets: { js: { bytes: 10 } },
    plan: { steps: 1 },
  });
});

test('the same bundle has the same manifest', async () => {
  expect(await manifest()).toBe(await manifest());
});
