// The trained network on real digits, through the module that was generated.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import type { Model } from '../../runtime/index.ts';
import { writeBundle } from '../support/bundle.ts';
import { describeWithShared, sharedPath } from '../support/shared.ts';

const IMAGES = 'data/mnist/t10k-0-4999-images-idx3-ubyte.gz';
const LABELS = 'data/mnist/t10k-0-4999-labels-idx1-ubyte.gz';
const EXPECTED = 'data/lenet5/expected.json';

describeWithShared('LeNet-5 on MNIST images that it was not trained on', [IMAGES, LABELS, EXPECTED], () => {
  let model: Model;
  let images: Uint8Array;
  let labels: Uint8Array;

  beforeAll(async () => {
    images = gunzipSync(readFileSync(sharedPath(IMAGES))).subarray(16);
    labels = gunzipSync(readFileSync(sharedPath(LABELS))).subarray(8);
    const bundle = await writeBundle({
      path: 'examples/lenet5.cnn',
      weights: new Uint8Array(readFileSync('examples/lenet5.safetensors')),
    });
    model = await bundle.createModel();
  });

  /** A 28×28 digit in the middle of a black 32×32 field, as numbers from 0 to 1. */
  const prepared = (index: number): Float32Array => {
    const field = new Float32Array(32 * 32);
    for (let row = 0; row < 28; row++)
      for (let column = 0; column < 28; column++)
        field[(row + 2) * 32 + column + 2] = images[index * 784 + row * 28 + column]! / 255;
    return field;
  };

  test('gets exactly 987 of images 4,000 to 4,999 right, all in one batch', async () => {
    const batch = new Float32Array(1000 * 1024);
    for (let i = 0; i < 1000; i++) batch.set(prepared(4000 + i), i * 1024);
    const { output } = await model.run(batch);
    const right = Array.from({ length: 1000 }, (_, i) => {
      const scores = output!.subarray(i * 10, i * 10 + 10);
      return scores.indexOf(Math.max(...scores)) === labels[4000 + i];
    });
    expect(right.filter(Boolean)).toHaveLength(987);
  });

  test('gives the stored logits of image 4,000', async () => {
    const { logits_of_image_4000: expected } = JSON.parse(readFileSync(sharedPath(EXPECTED), 'utf8'));
    const { output } = await model.run(prepared(4000));
    const largest = Math.max(...expected.map(Math.abs));
    for (const [i, logit] of output!.entries())
      expect(Math.abs(logit - expected[i])).toBeLessThan(1e-6 + 1e-4 * largest);
  });
});
