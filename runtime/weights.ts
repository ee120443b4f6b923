import {
  CHUNK_BYTES,
  elements,
  HASH_BYTES,
  headerBytes,
  MAGIC,
  SEAL_AT,
  SEALED_AT,
  TABLE_AT,
} from './container.ts';
import { CnncError } from './errors.ts';
import type { Program, Weights } from './program.ts';
import { type Bytes, hex, sha256 } from './sha256.ts';
import type { OpenSource } from './source.ts';

export interface Watch {
  /** Told how many bytes of the file have arrived and proved right. */
  readonly onVerified: (bytes: number) => void;
  /** Stops a stream that is waiting for bytes. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The tensors of a weights file, every bit verified against the program before one is returned.
 * A stream goes into one buffer of the size known beforehand; whole files are viewed in place when
 * aligned. Throws `WEIGHTS_HTML`, `_WRONG_FILE`, `_CORRUPT`, `_TRUNCATED` and `_TOO_LONG`.
 */
export async function readWeights(
  spec: Program['weights'],
  source: OpenSource,
  watch: Watch,
): Promise<Weights> {
  const whole = source instanceof Uint8Array;
  const file = whole ? source : new Uint8Array(spec.bytes);
  const verify = verifier(spec, file, watch);
  const size = whole ? source.length : await fill(file, source, verify, watch.signal);
  await verify(size);
  if (size < spec.bytes) {
    identify(spec, file.subarray(0, size));
    throw new CnncError('WEIGHTS_TRUNCATED', `the weights end after ${size} of ${spec.bytes} bytes`);
  }
  if (size > spec.bytes) {
    throw new CnncError('WEIGHTS_TOO_LONG', `the weights go on after their ${spec.bytes} bytes`);
  }
  return viewTensors(spec, file);
}

type Verify = (arrived: number) => Promise<void>;

/** Verifies, of the first `arrived` bytes, what is complete and was not verified before: header, then chunks. */
function verifier(spec: Program['weights'], file: Bytes, { onVerified }: Watch): Verify {
  const header = headerBytes(dataBytes(spec));
  let verified = 0;
  return async (arrived) => {
    if (verified === 0 && arrived >= header) {
      identify(spec, file.subarray(0, header));
      await expectHash(file.subarray(SEALED_AT, header), spec.sha256, 'the header of the weights');
      onVerified((verified = header));
    }
    while (verified > 0 && verified < spec.bytes) {
      const end = Math.min(verified + CHUNK_BYTES, spec.bytes);
      if (arrived < end) return;
      const entry = TABLE_AT + HASH_BYTES * ((verified - header) / CHUNK_BYTES);
      const hash = hex(file.subarray(entry, entry + HASH_BYTES));
      await expectHash(file.subarray(verified, end), hash, `the weights' bytes ${verified} to ${end}`);
      onVerified((verified = end));
    }
  };
}

async function expectHash(bytes: Bytes, expected: string, what: string): Promise<void> {
  const found = hex(await sha256(bytes));
  if (found === expected) return;
  throw new CnncError(
    'WEIGHTS_CORRUPT',
    `${what} are damaged: SHA-256 ${found}, expected ${expected}; download or copy the file again`,
  );
}

/** Throws when the beginning of a file shows that it is not this model's. */
function identify({ sha256: expected }: Program['weights'], file: Bytes): void {
  if (MAGIC.some((byte, i) => i < file.length && file[i] !== byte)) {
    const start = new TextDecoder().decode(file.subarray(0, 80)).trim();
    const found = JSON.stringify(start.slice(0, 40));
    if (start.startsWith('<')) {
      throw new CnncError(
        'WEIGHTS_HTML',
        `a page came instead of the weights: ${found}; is the file deployed?`,
      );
    }
    if (start.slice(0, 6).includes('CNN')) {
      throw new CnncError('WEIGHTS_CORRUPT', `the weights begin with ${found}: were they copied as text?`);
    }
    throw new CnncError('WEIGHTS_WRONG_FILE', `this is no file of cnnc weights: it begins with ${found}`);
  }
  const seal = hex(file.subarray(SEAL_AT, SEALED_AT));
  if (file.length >= SEALED_AT && seal !== expected) {
    throw new CnncError(
      'WEIGHTS_WRONG_FILE',
      `these weights belong to another model or compilation: seal ${seal}, expected ${expected}`,
    );
  }
}

/** Copies a stream into the file as it arrives, and returns its size; stops reading when it grows too long. */
async function fill(
  file: Bytes,
  stream: ReadableStream<Uint8Array>,
  verify: Verify,
  signal?: AbortSignal,
): Promise<number> {
  const reader = stream.getReader();
  const stop = () => void reader.cancel().catch(() => {});
  signal?.addEventListener('abort', stop);
  let size = 0;
  const broken = (cause: unknown): never => {
    throw new CnncError('WEIGHTS_TRUNCATED', `the connection broke after ${size} of ${file.length} bytes`, {
      cause,
    });
  };
  try {
    while (size <= file.length) {
      const { done, value } = await reader.read().catch(broken);
      if (done) break;
      file.set(value.subarray(0, file.length - size), size);
      size += value.length;
      await verify(size);
    }
    return size;
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
  }
}

function viewTensors(spec: Program['weights'], file: Bytes): Weights {
  const data = headerBytes(dataBytes(spec));
  const { buffer, byteOffset } = (file.byteOffset + data) % 4 === 0 ? file : file.slice();
  return new Map(
    spec.tensors.map(({ name, shape, offset }) => [
      name,
      new Float32Array(buffer, byteOffset + data + offset, elements(shape)),
    ]),
  );
}

const dataBytes = ({ tensors }: Program['weights']): number =>
  tensors.reduce((bytes, { shape }) => bytes + 4 * elements(shape), 0);
