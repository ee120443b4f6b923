import { threadMs } from './measure.ts';

const TURNS = 1_000_000;
const CHAINS = 10;

/** Ten independent chains of multiply and add, which stay in registers: nothing in JavaScript is faster. */
function multiplyAdd(a: number, b: number): number {
  let c0 = 0, c1 = 1, c2 = 2, c3 = 3, c4 = 4, c5 = 5, c6 = 6, c7 = 7, c8 = 8, c9 = 9; // prettier-ignore
  for (let i = 0; i < TURNS; i++) {
    c0 = c0 * a + b;
    c1 = c1 * a + b;
    c2 = c2 * a + b;
    c3 = c3 * a + b;
    c4 = c4 * a + b;
    c5 = c5 * a + b;
    c6 = c6 * a + b;
    c7 = c7 * a + b;
    c8 = c8 * a + b;
    c9 = c9 * a + b;
  }
  return c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9;
}

/** What the machine computes in float64 at this moment, in GFLOP/s. */
export function scalarPeak(): number {
  const bursts = 8;
  const begin = threadMs();
  for (let burst = 0; burst < bursts; burst++) multiplyAdd(0.5, 0.5);
  return (2 * CHAINS * TURNS * bursts) / (threadMs() - begin) / 1e6;
}

scalarPeak();
