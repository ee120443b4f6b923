import { expect, test } from 'vitest';
import { threadMs } from '../../compiler/cli/thread-time.ts';

test("the thread's clock is finer than the ticks of the system", () => {
  const seen = new Set<number>();
  const end = performance.now() + 5000;
  while (seen.size < 100 && performance.now() < end) seen.add(threadMs());
  const times = [...seen];
  const steps = times.slice(1).map((ms, i) => ms - times[i]!);
  expect(Math.min(...steps)).toBeGreaterThan(0);
  // Ticks are 1 to 10 ms apart; between them many steps are seen.
  expect(steps.toSorted((a, b) => a - b)[steps.length >> 1]).toBeLessThan(0.5);
});
