import { CnncError } from './errors.ts';
import { kindOf } from './kind-of.ts';
import type { Bytes } from './sha256.ts';

/** Where weights come from. A string is a URL, relative to the page; in Node it may be a path. */
export type WeightsSource = URL | string | Response | ArrayBuffer | Uint8Array;

/** A whole file, or the file as it arrives. */
export type OpenSource = Bytes | ReadableStream<Uint8Array>;

/**
 * Opens a source of weights. Bytes given by the caller are used in place, not copied.
 * Throws `WEIGHTS_TYPE` and `WEIGHTS_NOT_FOUND`.
 */
export async function openSource(source: WeightsSource, signal?: AbortSignal): Promise<OpenSource> {
  if (typeof source === 'string') return openAddress(source, signal);
  if (ArrayBuffer.isView(source)) return unshared(source);
  if (isA<ArrayBuffer>(source, 'ArrayBuffer')) return new Uint8Array(source);
  if (isA<Response>(source, 'Response')) return bodyOf(source);
  if (isA<URL>(source, 'URL')) return openAddress(source.href, signal);
  throw new CnncError(
    'WEIGHTS_TYPE',
    `weights are a ${typeof source}, expected a URL, string, Response, ArrayBuffer or Uint8Array`,
  );
}

const isA = <T>(value: unknown, kind: string): value is T => kindOf(value) === kind;

/** The view's bytes in place; a copy of them when they are in memory shared with other threads. */
function unshared({ buffer, byteOffset, byteLength }: ArrayBufferView): Bytes {
  return isA<ArrayBuffer>(buffer, 'ArrayBuffer')
    ? new Uint8Array(buffer, byteOffset, byteLength)
    : new Uint8Array(new Uint8Array(buffer, byteOffset, byteLength));
}

async function openAddress(address: string, signal?: AbortSignal): Promise<OpenSource> {
  // One letter before the colon is a Windows drive.
  const isUrl = /^[a-z][a-z\d+.-]+:/i.test(address);
  const isFile = isUrl ? /^file:/i.test(address) : !globalThis.location;
  // fetch refuses file URLs in Node, and an import of node:fs would break every page.
  const files = globalThis.process?.getBuiltinModule?.('node:fs/promises');
  const options = signal ? { signal } : {};
  try {
    if (isFile && files) return unshared(await files.readFile(isUrl ? new URL(address) : address, options));
    return bodyOf(await fetch(address, options));
  } catch (error) {
    if (error instanceof CnncError) throw error;
    const hint =
      isFile && !files
        ? ' (reading files needs process.getBuiltinModule, Node 20.16, 22.3 or later: ' +
          'read the file yourself and pass its bytes as `weights`)'
        : '';
    throw new CnncError('WEIGHTS_NOT_FOUND', `cannot read weights from ${address}: ${error}${hint}`, {
      cause: error,
    });
  }
}

function bodyOf({ ok, status, url, body, bodyUsed }: Response): OpenSource {
  if (!ok) {
    throw new CnncError('WEIGHTS_NOT_FOUND', `no weights at ${url || 'the Response given'}: HTTP ${status}`);
  }
  if (bodyUsed) {
    throw new CnncError('WEIGHTS_TYPE', 'the Response given as weights was read before: pass a clone()');
  }
  return body ?? new Uint8Array();
}
