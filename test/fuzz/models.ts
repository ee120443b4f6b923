// Damaged models and weights, as a seed away from whole ones (../shared/data, and the repository's own).
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { compile, type CompileOptions } from '../../compiler/index.ts';
import { importOnnx } from '../../compiler/import/index.ts';
import { mulberry32 } from '../../runtime/random-inputs.ts';
import { modelBytes, modelShapes, MODELS, type ModelName } from '../support/onnx-models.ts';
import { altered, flipped, truncated, type Damage } from './onnx-mutations.ts';

const DAMAGES = { truncated, flipped, altered } as const;

/** Small enough to be compiled whole, a hundred times. */
export const SMALL = [
  'mnist-8',
  'cifar10-winml',
  'sci-180x320',
  'tract-keras-example',
] as const satisfies ModelName[];
export const LARGE = MODELS.filter((name) => !SMALL.some((small) => small === name));

export interface DamagedModel {
  readonly name: ModelName;
  readonly damage: keyof typeof DAMAGES;
  readonly seed: number;
}

export const damagedModel = (names: readonly ModelName[]): fc.Arbitrary<DamagedModel> =>
  fc.record({
    name: fc.constantFrom(...names),
    damage: fc.constantFrom('truncated', 'flipped', 'altered'),
    seed: fc.nat(),
  });

const CODES = /^(E03[0-9]|E04[0-9]|E050|E09[0-2])$/;

/** Milliseconds of the processor. */
const now = (): number => process.cpuUsage().user / 1000;
const LONGEST = 2000;

/** Throws unless a damaged model is a network or a diagnostic, and soon. Those that are small are compiled. */
export async function expectAnOnnxAnswer({ name, damage, seed }: DamagedModel): Promise<void> {
  const damaged: Damage = DAMAGES[damage];
  const onnx = damaged(modelBytes(name), mulberry32(seed));
  const shapes = modelShapes(name);
  const start = now();
  const codes = SMALL.some((small) => small === name)
    ? await codesOf({ onnx, path: 'net.onnx', shapes, targets: ['js', 'webgpu'] })
    : (await importOnnx(onnx, { name: 'net', shapes }, undefined)).complaints.map(({ code }) => code);
  const took = now() - start;
  if (!codes.every((code) => CODES.test(code))) throw new Error(`it says ${codes.join(', ')}`);
  if (took > LONGEST) throw new Error(`it took ${took.toFixed(0)} ms`);
}

async function codesOf(options: CompileOptions): Promise<string[]> {
  const { ok, diagnostics } = await compile(options);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (ok !== (errors.length === 0)) throw new Error('it is ok, or has an error, and not both');
  return errors.map(({ code }) => code);
}

const weights = new Uint8Array(readFileSync('examples/lenet5.safetensors'));
const HEADER = 8 + Number(new DataView(weights.buffer).getBigUint64(0, true));

export interface DamagedWeights {
  readonly damage: 'truncated' | 'flipped';
  readonly seed: number;
}

export const damagedWeights: fc.Arbitrary<DamagedWeights> = fc.record({
  damage: fc.constantFrom('truncated', 'flipped'),
  seed: fc.nat(),
});

/** The same for LeNet-5's weights with damage to their header, where other bits are other meanings. */
export async function expectAWeightsAnswer({ damage, seed }: DamagedWeights): Promise<void> {
  const random = mulberry32(seed);
  const place = (end: number): number => Math.floor(random() * end);
  const damaged = damage === 'truncated' ? weights.slice(0, place(weights.length)) : weights.slice();
  if (damage === 'flipped')
    for (let left = place(4); left >= 0; left--) damaged[place(HEADER)]! ^= 1 << place(8);
  const source = readFileSync('examples/lenet5.cnn', 'utf8');
  const codes = await codesOf({ source, weights: damaged, targets: ['js'] });
  if (!codes.every((code) => /^E06[0-2]$/.test(code))) throw new Error(`it says ${codes.join(', ')}`);
}
