import { expect, test } from 'vitest';
import { compile, type CompileOptions } from '../../compiler/index.ts';

const build = (budgets: Partial<CompileOptions>) =>
  compile({
    source: 'INPUT(28x28x1) -> CONV(8) as edges -> POOL -> FC(10) as scores',
    name: 'net',
    weights: { random: 1 },
    targets: ['js'],
    ...budgets,
  });

test('a network within its budgets is built', async () => {
  const { ok, files } = await build({ budgetMemory: 100_000, budgetSize: 200_000 });
  expect(ok).toBe(true);
  expect(files.size).toBeGreaterThan(0);
});

test('too much memory fails the build, with what is alive at once', async () => {
  const { ok, files, diagnostics } = await build({ budgetMemory: 20_000 });
  expect([ok, files.size]).toEqual([false, 0]);
  expect(diagnostics).toMatchObject([
    {
      code: 'E080',
      message: 'the network needs 43.9 kB, the budget is 20.0 kB',
      help: 'the largest:\n  edges                25.1 kB\n  scratch of scores    12.5 kB\n  pool1                 6.3 kB',
    },
  ]);
});

test('scratch is of the JavaScript target', async () => {
  const { ok } = await build({ budgetMemory: 40_000, targets: ['webgpu'] });
  expect(ok).toBe(true);
});

test('too large a bundle fails the build, with its files and weights', async () => {
  const { ok, diagnostics } = await build({ budgetSize: 10_000 });
  expect(ok).toBe(false);
  expect(diagnostics[0]!.help).toMatch(/net\.weights\.bin +\d+\.\d kB\n[^]* {2}scores\.weight +62\.7 kB/);
});
