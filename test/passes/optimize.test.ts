import { describe, expect, test } from 'vitest';
import { optimize } from '../../compiler/index.ts';

const RESIDUAL = `INPUT(8x8x4)
  -> { CONV(4, act=none, bias=false) as c -> BN as b
     | SKIP }
  -> ADD -> RELU -> DROPOUT
`;

describe('optimize', () => {
  test('tells what became of each layer, by its line', async () => {
    const { changes } = await optimize({ source: RESIDUAL, path: 'net.cnn' });
    expect(changes.map(({ line, path, change }) => `${line} ${path}: ${change}`)).toEqual([
      '2 b: b (batch_norm) went into c (fold-batch-norm)',
      '4 add1: add1 (add) went into c (fuse-epilogues)',
      '4 relu1: relu1 (relu) went into c (fuse-epilogues)',
      '4 dropout1: dropout1 (dropout) is gone (drop-no-ops)',
    ]);
  });

  test('counts kernels, multiply-accumulates and memory before and after', async () => {
    const { before, after } = await optimize({ source: RESIDUAL, path: 'net.cnn' });
    const macs = 8 * 8 * 4 * 9 * 4;
    expect(before).toMatchObject({ kernels: 4, macs });
    expect(after).toMatchObject({ kernels: 1, macs });
    expect(after!.arenaBytes).toBeLessThanOrEqual(before!.arenaBytes);
  });

  test('a graph in its text form says in its first line which passes it wants', async () => {
    const source = '# cnnc opt repro.cir --passes=drop-no-ops\ngraph g { %x = input : f32[1,2] return y=%x }';
    const { stages } = await optimize({ source, path: 'repro.cir' });
    expect(stages.map(({ pass }) => pass)).toEqual(['drop-no-ops']);
  });

  test.each([
    [{ source: 'graph g {', path: 'g.cir' }, 'E070', 'line 1: expected %value, @weight or return'],
    [{ source: 'INPUT -> CONV -> FC', passes: 'fuse' }, 'E070', "there is no pass 'fuse'"],
    [{ source: 'INPUT -> CNV -> FC' }, 'E030', 'did you mean CONV?'],
  ])('%j gives a diagnostic', async (options, code, message) => {
    const { ok, diagnostics } = await optimize(options);
    expect(ok).toBe(false);
    expect(diagnostics).toMatchObject([{ code, message: expect.stringContaining(message) }]);
  });
});
