import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runtimeText } from '../../compiler/bundle/runtime-text.ts';
import { buildRuntimeText, RUNTIME_TEXT } from '../../scripts/build-runtime.ts';

test('the runtime in bundles is the one in runtime/ (else run: node scripts/build-runtime.ts)', async () => {
  expect(readFileSync(RUNTIME_TEXT, 'utf8')).toBe(await buildRuntimeText());
});

test('what the runtime adds to every bundle, in KiB: text, and text compressed', () => {
  const kib = (bytes: number) => (bytes / 1024).toFixed(1);
  expect([kib(Buffer.byteLength(runtimeText)), kib(gzipSync(runtimeText).length)]).toMatchInlineSnapshot(`
    [
      "13.8",
      "4.8",
    ]
  `);
});
