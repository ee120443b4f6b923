// Whatever happens to the weights file on its way, the answer is a named error, never numbers.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { packWeights } from '../../compiler/bundle/weights.ts';
import { CHUNK_BYTES, headerBytes, SEAL_AT, SEALED_AT, TABLE_AT } from '../../runtime/container.ts';
import type { CreateModel, CreateOptions, Progress } from '../../runtime/index.ts';
import { load, twice } from './twice.ts';

// One chunk, and the beginning of another.
const BALLAST = CHUNK_BYTES / 4 + 10;
const X = Float32Array.of(0, 0, 0, 0);

const bundle = await twice({ ballast: BALLAST });
const { weights } = bundle;
const header = headerBytes(16 + 4 * BALLAST);

const flipped = (at: number, bit = 0) => weights.with(at, weights[at]! ^ (1 << bit));
const utf8 = (text: string) => new TextEncoder().encode(text);
const page = utf8('\ufeff\n<!doctype html><title>Not found</title>'.padEnd(weights.length));

/** A Response whose body arrives in pieces. */
function streamed(bytes: Uint8Array, piece = 100_000, atEnd: 'close' | 'break' = 'close'): Response {
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at < bytes.length) controller.enqueue(bytes.slice(at, (at += piece)));
      else if (atEnd === 'close') controller.close();
      else controller.error(new Error('socket hang up'));
    },
  });
  return new Response(body);
}

const failure = async (createModel: CreateModel, options: CreateOptions): Promise<unknown> =>
  createModel(options).then(
    () => 'a model',
    (error: unknown) => error,
  );

test('the file begins with what the drawing says', async () => {
  expect([...weights.subarray(0, SEAL_AT)]).toEqual([...Buffer.from('\x89CNN\r\n\x1a\n', 'latin1')]);
  const sealed = createHash('sha256').update(weights.subarray(SEALED_AT, header)).digest();
  expect(Buffer.from(weights.subarray(SEAL_AT, SEALED_AT))).toEqual(sealed);
  expect(bundle.program.weights.sha256).toBe(sealed.toString('hex'));
  const first = createHash('sha256')
    .update(weights.subarray(header, header + CHUNK_BYTES))
    .digest();
  expect(Buffer.from(weights.subarray(TABLE_AT, TABLE_AT + 32))).toEqual(first);
  expect([...new Float32Array(weights.buffer, header, 4)]).toEqual([1, 2, 3, 4]);
});

test('the same tensors give the same bytes', async () => {
  expect((await twice({ ballast: BALLAST })).weights).toEqual(weights);
});

test('a model without weights has a file of only the header', async () => {
  const { file, spec } = await packWeights([]);
  expect(file.length).toBe(TABLE_AT);
  expect(spec).toMatchObject({ bytes: TABLE_AT, tensors: [] });
});

describe('every way to give the weights works', () => {
  const shifted = new Uint8Array(weights.length + 1);
  shifted.set(weights, 1);
  const shared = new Uint8Array(new SharedArrayBuffer(weights.length));
  shared.set(weights);
  const sources: Record<string, () => CreateOptions['weights']> = {
    'nothing: the file beside the module': () => undefined,
    'an ArrayBuffer': () => weights.buffer,
    'a Uint8Array': () => weights,
    'a Buffer': () => Buffer.from(weights),
    'bytes that are not aligned': () => shifted.subarray(1),
    'shared memory': () => shared,
    'a Response whose body is there': () => new Response(weights),
    'a Response that arrives in pieces': () => streamed(weights, 100_001),
    'a data URL': () => `data:;base64,${Buffer.from(weights).toString('base64')}`,
  };
  test.each(Object.entries(sources))('%s', async (_, source) => {
    const model = await (await load(bundle))({ weights: source() });
    expect(await model.run(X)).toEqual({ y: Float32Array.of(1, 2, 3, 4) });
  });
});

describe('one flipped bit is an error', () => {
  const regions: Record<string, [at: number, code: string]> = {
    'in the magic': [0, 'WEIGHTS_CORRUPT'],
    'at the end of the magic': [7, 'WEIGHTS_CORRUPT'],
    'in the seal': [SEAL_AT + 5, 'WEIGHTS_WRONG_FILE'],
    'in the version': [SEALED_AT, 'WEIGHTS_CORRUPT'],
    'in the size of a chunk': [SEALED_AT + 6, 'WEIGHTS_CORRUPT'],
    'in the size of the data': [SEALED_AT + 15, 'WEIGHTS_CORRUPT'],
    'in the table': [TABLE_AT, 'WEIGHTS_CORRUPT'],
    'at the end of the table': [header - 1, 'WEIGHTS_CORRUPT'],
    'in the first value': [header, 'WEIGHTS_CORRUPT'],
    'at the end of the first chunk': [header + CHUNK_BYTES - 1, 'WEIGHTS_CORRUPT'],
    'in the last value': [weights.length - 1, 'WEIGHTS_CORRUPT'],
  };
  test.each(Object.entries(regions))('%s', async (_, [at, code]) => {
    const createModel = await load(bundle);
    for (const bit of [0, 3, 7]) {
      expect(await failure(createModel, { weights: flipped(at, bit) })).toMatchObject({ code });
      expect(await failure(createModel, { weights: streamed(flipped(at, bit)) })).toMatchObject({ code });
    }
  });

  test('wherever it is, in a small file', async () => {
    const small = await twice();
    const createModel = await load(small);
    for (let at = 0; at < small.weights.length; at++) {
      const damaged = small.weights.with(at, small.weights[at]! ^ 16);
      expect(await failure(createModel, { weights: damaged }), `byte ${at}`).toMatchObject({
        code: expect.stringMatching(/^WEIGHTS_(CORRUPT|WRONG_FILE)$/),
      });
    }
  });
});

describe('a file of another length or kind is an error', async () => {
  const another = await twice({ ballast: BALLAST, w: [1, 2, 3, 5] });
  const files: Record<string, [bytes: Uint8Array, code: string]> = {
    empty: [new Uint8Array(), 'WEIGHTS_TRUNCATED'],
    'cut in the magic': [weights.slice(0, 5), 'WEIGHTS_TRUNCATED'],
    'cut in the table': [weights.slice(0, TABLE_AT + 3), 'WEIGHTS_TRUNCATED'],
    'cut in the data': [weights.slice(0, header + 1000), 'WEIGHTS_TRUNCATED'],
    'cut between two chunks': [weights.slice(0, header + CHUNK_BYTES), 'WEIGHTS_TRUNCATED'],
    'cut by one byte': [weights.slice(0, -1), 'WEIGHTS_TRUNCATED'],
    'one byte too long': [Buffer.concat([weights, Buffer.of(0)]), 'WEIGHTS_TOO_LONG'],
    'twice itself': [Buffer.concat([weights, weights]), 'WEIGHTS_TOO_LONG'],
    'of the same shapes, other values': [another.weights, 'WEIGHTS_WRONG_FILE'],
    'of a smaller model': [(await twice()).weights, 'WEIGHTS_WRONG_FILE'],
    'of a larger model': [(await twice({ ballast: 2 * BALLAST })).weights, 'WEIGHTS_WRONG_FILE'],
    'a page': [page, 'WEIGHTS_HTML'],
    'a short page': [utf8('<html>'), 'WEIGHTS_HTML'],
    'a Git LFS pointer': [utf8('version https://git-lfs.github.com/spec/v1\n'), 'WEIGHTS_WRONG_FILE'],
    'copied as text': [utf8(new TextDecoder().decode(weights)), 'WEIGHTS_CORRUPT'],
    'with other line ends': [Buffer.concat([weights.slice(0, 4), weights.slice(5)]), 'WEIGHTS_CORRUPT'],
    'all zeros': [new Uint8Array(weights.length), 'WEIGHTS_WRONG_FILE'],
  };
  test.each(Object.entries(files))('%s', async (_, [bytes, code]) => {
    const createModel = await load(bundle);
    expect(await failure(createModel, { weights: bytes })).toMatchObject({ name: 'CnncError', code });
    expect(await failure(createModel, { weights: streamed(bytes, 1000) })).toMatchObject({ code });
  });
});

describe('what does not arrive is an error', () => {
  const sources: Record<string, [source: () => CreateOptions['weights'], code: string, message: RegExp]> = {
    'HTTP 404': [() => new Response('<h1>', { status: 404 }), 'WEIGHTS_NOT_FOUND', /HTTP 404/],
    'a connection that breaks': [
      () => streamed(weights.slice(0, 500_000), 100_000, 'break'),
      'WEIGHTS_TRUNCATED',
      /broke after 500000 of 1048752/,
    ],
    'a missing file': [() => new URL('missing.bin', import.meta.url), 'WEIGHTS_NOT_FOUND', /ENOENT.*missing/],
    'a missing path': [() => '/nowhere/missing.bin', 'WEIGHTS_NOT_FOUND', /ENOENT/],
    'no server': [() => 'http://localhost:1/w.bin', 'WEIGHTS_NOT_FOUND', /localhost:1/],
    'an answer without a body': [() => new Response(null), 'WEIGHTS_TRUNCATED', /after 0 of/],
    // @ts-expect-error a number is no source
    'a number': [() => 5, 'WEIGHTS_TYPE', /number/],
    // @ts-expect-error a plain object is no source
    'an object': [() => ({}), 'WEIGHTS_TYPE', /object/],
  };
  test.each(Object.entries(sources))('%s', async (_, [source, code, message]) => {
    const error = await failure(await load(bundle), { weights: source() });
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('a Response that was read before', async () => {
    const response = new Response(weights);
    await response.arrayBuffer();
    expect(await failure(await load(bundle), { weights: response })).toMatchObject({ code: 'WEIGHTS_TYPE' });
  });

  test('a file, where Node cannot be asked for its own modules', async () => {
    const original = process.getBuiltinModule;
    // @ts-expect-error as in Node 20.0
    process.getBuiltinModule = undefined;
    const error = await failure(await load(bundle), {}).finally(() => (process.getBuiltinModule = original));
    expect(error).toMatchObject({
      code: 'WEIGHTS_NOT_FOUND',
      message: expect.stringMatching(/Node 20\.16, 22\.3.*pass its bytes as `weights`/),
    });
  });
});

describe('progress', () => {
  const watch = async (source: CreateOptions['weights']): Promise<Progress[]> => {
    const seen: Progress[] = [];
    await (
      await load(bundle)
    )({ weights: source, onProgress: (progress) => seen.push(progress) });
    return seen;
  };

  test.each([
    ['bytes', () => weights],
    ['a stream', () => streamed(weights)],
  ])('never goes back and ends at the total, for %s', async (_, source) => {
    const seen = await watch(source());
    const loaded = seen.map((progress) => progress.loaded);
    expect(loaded).toEqual(loaded.toSorted((a, b) => a - b));
    expect(new Set(seen.map(({ total }) => total))).toEqual(new Set([weights.length]));
    expect(seen[0]).toMatchObject({ phase: 'weights', loaded: 0 });
    expect(seen.at(-1)).toMatchObject({ phase: 'prepare', loaded: weights.length });
  });
});

describe('an abort signal', () => {
  test('that was given before stops everything', async () => {
    const error = await failure(await load(bundle), { signal: AbortSignal.abort(new Error('enough')) });
    expect(error).toMatchObject({ code: 'ABORTED', cause: new Error('enough') });
  });

  test('stops a stream that waits for bytes, and lets go of it', async () => {
    let cancelled = false;
    const waiting = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(weights.slice(0, 100)),
      cancel: () => void (cancelled = true),
    });
    const controller = new AbortController();
    const pending = failure(await load(bundle), {
      weights: new Response(waiting),
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(), 10);
    expect(await pending).toMatchObject({ code: 'ABORTED', cause: { name: 'AbortError' } });
    expect(cancelled).toBe(true);
  });

  test('stops between two chunks', async () => {
    const controller = new AbortController();
    const onProgress = ({ loaded }: Progress) => void (loaded > header && controller.abort('stop'));
    const error = await failure(await load(bundle), { weights, signal: controller.signal, onProgress });
    expect(error).toMatchObject({ code: 'ABORTED', cause: 'stop' });
  });

  test('frees an engine that was made in vain', async () => {
    const controller = new AbortController();
    const target = `() => (globalThis.abortNow(), { run() {}, dispose: () => globalThis.abortNow("disposed") })`;
    const calls: unknown[] = [];
    Object.assign(globalThis, { abortNow: (what = 'made') => (calls.push(what), controller.abort()) });
    const createModel = await load(await twice({ target }));
    expect(await failure(createModel, { signal: controller.signal })).toMatchObject({ code: 'ABORTED' });
    expect(calls).toEqual(['made', 'disposed']);
  });
});

test('a stream that is too long is not read to its end', async () => {
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(pulled++ === 0 ? weights.slice() : new Uint8Array(1000));
    },
  });
  const error = await failure(await load(bundle), { weights: new Response(endless) });
  expect(error).toMatchObject({ code: 'WEIGHTS_TOO_LONG' });
  expect(pulled).toBeLessThan(5);
});
