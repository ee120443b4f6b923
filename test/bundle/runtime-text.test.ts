import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { coreText, picturesText, sizesText, webgpuText } from '../../compiler/bundle/runtime-text.ts';
import { buildRuntimeText, RUNTIME_TEXT } from '../../scripts/build-runtime.ts';

test('the runtime in bundles is the one in runtime/ (else run: node scripts/build-runtime.ts)', async () => {
  expect(readFileSync(RUNTIME_TEXT, 'utf8')).toBe(await buildRuntimeText());
});

test.each([
  ['every bundle', coreText, '21.9 7.2'],
  ['one with the target webgpu', webgpuText, '17.8 5.5'],
  ['one for several input sizes', sizesText, '2.5 1.0'],
  ['one whose inputs take pictures', picturesText, '7.4 2.5'],
])('what the runtime adds to %s, in KiB: text, and text compressed', (_, text, expected) => {
  const kib = (bytes: number) => (bytes / 1024).toFixed(1);
  expect(`${kib(Buffer.byteLength(text))} ${kib(gzipSync(text).length)}`).toBe(expected);
});
