import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { operatorsPage } from './operators-page.ts';

test('the page of operators says what the tables say: else run scripts/build-operators.ts', async () => {
  expect(readFileSync('compiler/ops/OPERATORS.md', 'utf8')).toBe(await operatorsPage());
});
