/** Bytes that are not shared with other threads, as `crypto.subtle` demands. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** SHA-256, 32 bytes: the platform's where there is one (pages served by plain http have none), else ours. */
export async function sha256(bytes: Bytes): Promise<Bytes> {
  const subtle = globalThis.crypto?.subtle;
  return subtle ? new Uint8Array(await subtle.digest('SHA-256', bytes)) : digest(bytes);
}

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** SHA-256 as FIPS 180-4 writes it. */
export function digest(bytes: Bytes): Bytes {
  const { roots, cubeRoots } = fractionsOfPrimes();
  const state = roots.slice(0, 8);
  const schedule = new Uint32Array(64);
  const message = padded(bytes);
  for (let at = 0; at < message.byteLength; at += 64) {
    for (let t = 0; t < 16; t++) schedule[t] = message.getUint32(at + 4 * t);
    for (let t = 16; t < 64; t++) {
      const [w2, w15] = [schedule[t - 2]!, schedule[t - 15]!];
      const sigma0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >>> 3);
      const sigma1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >>> 10);
      schedule[t] = sigma1 + schedule[t - 7]! + sigma0 + schedule[t - 16]!;
    }
    compress(state, schedule, cubeRoots);
  }
  const out = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => out.setUint32(4 * i, word));
  return new Uint8Array(out.buffer);
}

function compress(state: Uint32Array, schedule: Uint32Array, constants: Uint32Array): void {
  // A Uint32Array of 8 has these 8.
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let t = 0; t < 64; t++) {
    const choice = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const next = (h + sum1 + choice + constants[t]! + schedule[t]!) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + next) | 0, c, b, a, (next + sum0 + majority) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i]! += word));
}

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

/** The message, a 1 bit, zeros, and its length in bits, in whole blocks of 64 bytes. */
function padded(bytes: Bytes): DataView {
  const blocks = Math.ceil((bytes.length + 9) / 64);
  const message = new Uint8Array(64 * blocks);
  message.set(bytes);
  message[bytes.length] = 0x80;
  const view = new DataView(message.buffer);
  view.setBigUint64(message.length - 8, 8n * BigInt(bytes.length));
  return view;
}

/** The standard's constants: 32 bits of the fractions of the square and cube roots of the first 64 primes. */
function fractionsOfPrimes(): { roots: Uint32Array; cubeRoots: Uint32Array } {
  const primes: number[] = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
  const fraction = (x: number): number => (x % 1) * 2 ** 32;
  return {
    roots: Uint32Array.from(primes, (p) => fraction(Math.sqrt(p))),
    cubeRoots: Uint32Array.from(primes, (p) => fraction(Math.cbrt(p))),
  };
}
