import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cnnc } from '../cli/capture.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = await temporaryFolder();

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

  describe('with a map that is wrong', () => {
    writeFileSync(place('map.txt'), '# pairs\nconv1.weight features\n fc1.bias\n');
    const weights = ['--weights', place('torch.safetensors'), '--bind', place('map.txt')];

    test('says the line, and shows it', async () => {
      const { code, err } = await cnnc(['compile', net, ...weights, '-o', place('out')]);
      expect(code).toBe(1);
      expect(err).toContain('map.txt:2:1: error[E063]: expected program.path = file.name');
      expect(err).toContain('3 |  fc1.bias');
    });

    test('has one diagnostic for each mistake in JSON', async () => {
      const { code, out } = await cnnc(['verify', net, ...weights, '--json']);
      expect(code).toBe(1);
      const at = (line: number, column: number) => ({
        code: 'E063',
        labels: [{ path: place('map.txt'), start: { line, column } }],
      });
      expect(JSON.parse(out)).toMatchObject({ ok: false, diagnostics: [at(2, 1), at(3, 2)] });
    });
  });
});
