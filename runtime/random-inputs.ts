// Inputs that are the same on every machine, from a seed: to verify a network with, and to test it on a device.
import type { TensorSpec } from './program.ts';

/** mulberry32 (Tommy Ettinger, 2017): numbers in [0, 1) with 32 random bits. */
export function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** One item for every input, by name: numbers within ±1, or whole numbers where the input has these. */
export function randomInputs(specs: readonly TensorSpec[], seed: number): Record<string, Float32Array> {
  const next = mulberry32(seed);
  const inputs = specs.map(({ name, shape, whole }) => {
    const length = shape.reduce((a, b) => a * b, 1);
    const draw = whole
      ? () => whole.low + Math.floor(next() * (whole.high - whole.low + 1))
      : () => 2 * next() - 1;
    const data = Float32Array.from({ length }, draw);
    return [name, data] as const;
  });
  return Object.fromEntries(inputs);
}
