// Trained networks from everywhere, as ONNX files: what ONNX Runtime gave for them is what their bundles give.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { decodeElements } from '../../compiler/frontend/weights/elements.ts';
import type { Model } from '../../runtime/index.ts';
import { modelPath, MODELS, openOnnx, wrongOutputs } from '../support/onnx-models.ts';
import { describeWithShared, sharedPath } from '../support/shared.ts';
import { expectClose } from '../support/tolerance.ts';

const read = (path: string): Buffer => readFileSync(sharedPath(`data/${path}`));
const readJson = (path: string): unknown => JSON.parse(read(path).toString());
const numbersIn = (path: string): Float32Array => decodeElements(read(path), 'F32');

/** The one output of a model with one input. */
async function outputOf(model: Model, input: Float32Array): Promise<Float32Array> {
  return (await model.run(input))[model.outputs[0]!.name]!;
}

const indexOfLargest = (scores: Float32Array): number =>
  scores.reduce((best, score, i) => (score > scores[best]! ? i : best), 0);

/** The largest of each row of ten. */
const digitsOf = (scores: Float32Array): number[] =>
  Array.from({ length: scores.length / 10 }, (_, i) => indexOfLargest(scores.subarray(10 * i, 10 * i + 10)));

const countEqual = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).filter((value, i) => value === b[i]).length;

describeWithShared('in JavaScript', MODELS.map(modelPath), () => {
  test.each(MODELS)('%s gives what ONNX Runtime gave', async (name) => {
    expect(await wrongOutputs(name, await openOnnx(name))).toEqual([]);
  });
});

/** Pixels of three channels, rows by rows → channels by channels, as numbers of `level`. */
function planes(
  pixels: Uint8Array,
  order: readonly number[],
  level: (value: number, channel: number) => number,
) {
  const size = pixels.length / 3;
  const planar = new Float32Array(pixels.length);
  for (const [plane, channel] of order.entries())
    for (let i = 0; i < size; i++) planar[plane * size + i] = level(pixels[3 * i + channel]!, plane);
  return planar;
}
const [RGB, BGR] = [
  [0, 1, 2],
  [2, 1, 0],
];

interface Photo {
  readonly 'squeezenet-fp32': readonly {
    readonly class: number;
    readonly label: string;
    readonly p: number;
  }[];
}

interface Faces {
  readonly file: string;
  readonly results: {
    readonly 'ultraface-rfb-320': {
      readonly countAbove0_7: number;
      readonly top: readonly { readonly index: number; readonly score: number; readonly box: number[] }[];
    };
    readonly 'yunet-n-320': {
      readonly top: Record<string, readonly { index: number; score: number; bbox: number[] }[]>;
    };
  };
}

describeWithShared('photos', ['data/photos/results.json', 'data/photos/faces.json'], () => {
  const { images } = readJson('photos/results.json') as { images: Record<string, Photo> };
  const pixelsOf = (photo: string, size: string) => read(`photos/${photo}.${size}x3.rgb8.bin`);

  test('SqueezeNet names them all as ONNX Runtime does', async () => {
    const model = await openOnnx('squeezenet-fp32');
    const labels = readJson('photos/imagenet-labels.json') as string[];
    for (const [photo, expected] of Object.entries(images)) {
      const mean = [104, 117, 123];
      const input = planes(pixelsOf(photo, '224x224'), BGR, (value, plane) => value - mean[plane]!);
      const shares = await outputOf(model, input);
      expectClose(shares, numbersIn(`photos/${photo}.squeezenet-fp32.probs.bin`), 'imported');
      const best = [...shares.keys()].toSorted((a, b) => shares[b]! - shares[a]!).slice(0, 5);
      const named = best.map((each) => ({ class: each, label: labels[each] }));
      expect(named).toEqual(
        expected['squeezenet-fp32'].map(({ class: each, label }) => ({ class: each, label })),
      );
    }
  });

  test('DeepLab outlines the same things in them', async () => {
    const model = await openOnnx('deeplabv3-257');
    for (const photo of Object.keys(images)) {
      const scores = await outputOf(
        model,
        Float32Array.from(pixelsOf(photo, '257x257'), (v) => v / 127.5 - 1),
      );
      const map = Array.from({ length: 257 * 257 }, (_, i) =>
        indexOfLargest(scores.subarray(21 * i, 21 * i + 21)),
      );
      expect(countEqual(map, read(`photos/${photo}.deeplab257.argmax.u8.bin`))).toBe(257 * 257);
    }
  });

  const faces = readJson('photos/faces.json') as Faces;

  test('UltraFace finds the same face, with the same boxes around it', async () => {
    const model = await openOnnx('ultraface-rfb-320');
    const input = planes(pixelsOf(faces.file, '320x240'), RGB, (value) => (value - 127) / 128);
    const { scores, boxes } = await model.run(input);
    const { countAbove0_7, top } = faces.results['ultraface-rfb-320'];
    const places = Array.from({ length: 4420 }, (_, i) => i);
    const scoreOf = (i: number): number => scores![2 * i + 1]!;
    expect(places.filter((i) => scoreOf(i) > 0.7).length).toBe(countAbove0_7);
    const best = places.toSorted((a, b) => scoreOf(b) - scoreOf(a)).slice(0, top.length);
    expect(best).toEqual(top.map(({ index }) => index));
    for (const { index, score, box } of top) {
      expectClose([scoreOf(index)], [score], 'imported');
      expectClose(boxes!.subarray(4 * index, 4 * index + 4), box, 'imported');
    }
  });

  test('and YuNet, at each of its strides', async () => {
    const model = await openOnnx('yunet-n-320');
    const outputs = await model.run(planes(pixelsOf(faces.file, '320x320'), BGR, (value) => value));
    for (const [stride, top] of Object.entries(faces.results['yunet-n-320'].top)) {
      const of = (name: string): Float32Array => outputs[`${name}_${stride.replace('stride', '')}`]!;
      const scores = of('cls').map((share, i) => Math.sqrt(share * of('obj')[i]!));
      const best = [...scores.keys()].toSorted((a, b) => scores[b]! - scores[a]!).slice(0, top.length);
      expect(best).toEqual(top.map(({ index }) => index));
      for (const { index, score, bbox } of top) {
        expectClose([scores[index]!], [score], 'imported');
        expectClose(of('bbox').subarray(4 * index, 4 * index + 4), bbox, 'imported');
      }
    }
  });
});

const IMAGES = 'data/mnist/t10k-0-4999-images-idx3-ubyte.gz';

describeWithShared('5,000 digits of MNIST', [IMAGES], () => {
  const unpacked = (path: string, header: number): Uint8Array =>
    gunzipSync(readFileSync(sharedPath(path))).subarray(header);

  test.each([
    ['mnist-8', 4915, (value: number) => value],
    ['mnist-burn', 4938, (value: number) => (value / 255 - 0.1307) / 0.3081],
  ] as const)(
    '%s gets %i right, and makes of each what ONNX Runtime makes of it',
    async (name, right, level) => {
      const model = await openOnnx(name);
      const scores = await outputOf(model, Float32Array.from(unpacked(IMAGES, 16), level));
      const digits = digitsOf(scores);
      expect(countEqual(digits, unpacked(IMAGES.replace('images-idx3', 'labels-idx1'), 8))).toBe(right);
      expect(countEqual(digits, read(`mnist/${name}.pred.u8.bin`))).toBe(5000);
      const first = numbersIn(`mnist/${name}.logits-first256.f32.bin`);
      expectClose(scores.subarray(0, first.length), first, 'imported');
    },
  );
});

describeWithShared('100 photos of CIFAR-10', ['data/cifar10/samples.bin'], () => {
  test('cifar10-winml gets 63 right, as ONNX Runtime does', async () => {
    const samples = read('cifar10/samples.bin');
    const [labels, input] = [new Uint8Array(100), new Float32Array(100 * 3072)];
    for (let i = 0; i < 100; i++) {
      const [label, ...pixels] = samples.subarray(3073 * i, 3073 * (i + 1));
      labels[i] = label!;
      input.set(
        pixels.map((value) => (value / 255 - 0.5) / 0.5),
        3072 * i,
      );
    }
    const scores = await outputOf(await openOnnx('cifar10-winml'), input);
    expectClose(scores, numbersIn('cifar10/cifar10-winml.logits.f32.bin'), 'imported');
    expect(countEqual(digitsOf(scores), labels)).toBe(63);
  });
});
