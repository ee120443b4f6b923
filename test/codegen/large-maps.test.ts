import { expect, test } from 'vitest';
import { summarize } from '../../compiler/index.ts';

// What kernels need beside the arena follows from sizes: nothing has an entry per pixel.
test.each(['INPUT(46340x46340x1) -> CONV(1, 1) -> GAP', 'INPUT(196000000x1) -> CONV(1, act=none)'])(
  'the memory of %s is known at once',
  async (source) => {
    const { memory } = await summarize({ source });
    expect(memory!.peakBytes).toBeGreaterThan(10 ** 9);
  },
);
