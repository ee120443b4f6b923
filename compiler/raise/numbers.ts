import { shortest } from '../support/shortest.ts';

/** As the language writes it; undefined for what it cannot. */
export const spellNumber = (value: number): string | undefined =>
  Number.isFinite(value) && !Object.is(value, -0) ? String(shortest(value)).replace('e+', 'e') : undefined;
