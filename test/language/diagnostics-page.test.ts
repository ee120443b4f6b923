import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { diagnosticsPage } from './diagnostics-page.ts';

test('the page of diagnostics is up to date: else run scripts/build-diagnostics.ts', async () => {
  expect(readFileSync('grammar/DIAGNOSTICS.md', 'utf8')).toBe(await diagnosticsPage());
});
