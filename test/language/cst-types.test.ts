import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cstTypes } from './cst-types.ts';

test('the types of the concrete syntax tree are those of the parser: else run scripts/build-cst-types.ts', () => {
  const written = readFileSync(new URL('../../grammar/cst.d.ts', import.meta.url), 'utf8');
  expect(written).toBe(cstTypes());
});
