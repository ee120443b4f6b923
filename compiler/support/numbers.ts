/** 0, 1, 2 … below `count`. */
export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** The greatest common divisor of two whole numbers of at least 0. */
export const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b));
