import { createHash } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { digest, hex, sha256 } from '../../runtime/sha256.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

describe('our SHA-256', () => {
  // FIPS 180-4's examples, and the empty message.
  test.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
    ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
  ])('hashes the known vector %.20s', (message, expected) => {
    expect(hex(digest(utf8(message)))).toBe(expected);
  });

  test('agrees with Node for every length around the end of a block', () => {
    const bytes = Uint8Array.from({ length: 300 }, (_, i) => (i * 151 + (i >> 3)) & 255);
    for (let length = 0; length <= bytes.length; length++) {
      const message = bytes.subarray(bytes.length - length);
      expect(hex(digest(message))).toBe(createHash('sha256').update(message).digest('hex'));
    }
  });
});

test('sha256 uses the platform’s where there is one, ours elsewhere', async () => {
  const bytes = utf8('abc');
  const native = await sha256(bytes);
  vi.stubGlobal('crypto', {});
  const own = await sha256(bytes);
  vi.unstubAllGlobals();
  expect(own).toEqual(native);
});
