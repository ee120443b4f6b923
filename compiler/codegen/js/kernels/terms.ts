// Sums and products of an index as somebody would write them: nothing is multiplied by 1, nor 0 added.

/** `count * step`; `0` and `step` alone where that is all. */
export const product = (count: number, step: string): string => {
  if (count === 0) return '0';
  return count === 1 ? step : `${count} * ${step}`;
};

/** `a + b + …` of the terms that are not 0. */
export const sumOf = (...terms: readonly (string | number)[]): string =>
  terms.filter((term) => term !== 0 && term !== '0').join(' + ') || '0';

/** `a - count` */
export const minus = (a: string, count: number): string => (count === 0 ? a : `${a} - ${count}`);

/** `name * factor` */
export const scaled = (name: string, factor: number): string => (factor === 1 ? name : `${name} * ${factor}`);

/** In parentheses where it is a sum. */
export const grouped = (text: string): string => (/ [+-] /.test(text) ? `(${text})` : text);
