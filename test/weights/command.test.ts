import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { cnnc } from '../cli/capture.ts';

const folder = mkdtempSync(join(tmpdir(), 'cnnc-weights-'));
afterAll(() => rmSync(folder, { recursive: true }));

const place = (name: string) => join(folder, name);
const net = place('net.cnn');
writeFileSync(net, 'INPUT(6x5x2) -> CONV(3, norm=bn) -> FC(4)\n');

describe('cnnc weights', () => {
  test('lists paths and shapes without any weights', async () => {
    const { code, out } = await cnnc(['weights', net]);
    expect(code).toBe(0);
    expect(out).toMatch(/^conv1\.weight +3×2×3×3\n/);
    expect(out).toMatch(/conv1\.norm\.running_var +3 +statistic\n/);
  });

  test('lists them as JSON, in the layouts of TensorFlow', async () => {
    const { out } = await cnnc(['weights', net, '--json', '--to', 'tf']);
    expect(JSON.parse(out)[0]).toEqual({ path: 'conv1.weight', shape: [3, 3, 2, 3], isStatistic: false });
  });

  test('writes drawn weights; compiling from them gives the same bundle', async () => {
    for (const to of ['torch', 'tf']) {
      const file = place(`${to}.safetensors`);
      expect((await cnnc(['weights', net, '--random-weights', '3', '--to', to, '-o', file])).code).toBe(0);
      await cnnc(['compile', net, '--weights', file, '-o', place(to)]);
    }
    await cnnc(['compile', net, '--random-weights', '3', '-o', place('drawn')]);
    const bundles = ['torch', 'tf', 'drawn'].map((name) =>
      readFileSync(join(folder, name, 'net.weights.bin')),
    );
    expect(bundles[0]).toEqual(bundles[2]);
    expect(bundles[1]).toEqual(bundles[2]);
  });

  test('without weights says how to give them', async () => {
    const { code, err } = await cnnc(['weights', net, '-o', place('none.safetensors')]);
    expect(code).toBe(1);
    expect(err).toContain('--random-weights');
  });

  test('a map that is wrong is said with its line', async () => {
    writeFileSync(place('map.txt'), '# pairs\nconv1.weight features\n');
    const weights = ['--weights', place('torch.safetensors'), '--bind', place('map.txt')];
    const { code, err } = await cnnc(['compile', net, ...weights, '-o', place('out')]);
    expect(code).toBe(1);
    expect(err).toContain('map.txt:2: expected program.path = file.name');
  });
});
