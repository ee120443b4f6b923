/**
 * Processor time of this thread in milliseconds. On a machine that others use too, the clock on the wall
 * mostly measures them.
 */
export function threadMs(): number {
  // Linux brings a running thread's clock up to date at its ticks, every 4 ms, and when that of the process is read.
  process.cpuUsage();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

const TURNS = 1_000_000;
const CHAINS = 10;

/**
 * Ten independent chains of multiply and add, which stay in registers; eleven do not. The best kernels may be some
 * percent faster, for of their sums only the additions wait for each other.
 */
function multiplyAdd(a: number, b: number): number {
  let [c0, c1, c2, c3, c4] = [0, 1, 2, 3, 4];
  let [c5, c6, c7, c8, c9] = [5, 6, 7, 8, 9];
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

/** What the processor computes in float64 at this moment, in GFLOP/s. The first call warms it up. */
export function scalarPeak(): number {
  const bursts = 8;
  const begin = threadMs();
  for (let burst = 0; burst < bursts; burst++) multiplyAdd(0.5, 0.5);
  return (2 * CHAINS * TURNS * bursts) / (threadMs() - begin) / 1e6;
}
