// The safetensors format (huggingface/safetensors, README "Format"): eight bytes with the header's
// length, a JSON header, then raw little-endian data. Every number in the header is checked before it
// is used, for the file may come from anywhere.
import { refuse } from '../../support/refusal.ts';
import { decodeElements, isStoredType, STORED_BYTES } from './elements.ts';
import type { NamedTensors } from './named-tensors.ts';

/** The reference implementation's limit. */
const MAX_HEADER = 100_000_000;

/** All tensors, as float32, and the file's metadata. Throws a `Refusal` (E060) that says what is wrong. */
export function readSafetensors(file: Uint8Array): NamedTensors {
  const { header, data } = split(file);
  const { __metadata__: metadata, ...entries } = header;
  const taken: { name: string; begin: number; end: number }[] = [];
  const tensors = new Map(
    Object.entries(entries).map(([name, entry]) => {
      const { dtype, shape, begin, end } = readEntry(name, entry, data.length);
      taken.push({ name, begin, end });
      return [name, { shape, data: decodeElements(data.subarray(begin, end), dtype) }] as const;
    }),
  );
  refuseOverlaps(taken);
  return { tensors, metadata: readMetadata(metadata) };
}

function split(file: Uint8Array): { header: Record<string, unknown>; data: Uint8Array } {
  if (file.length < 8) refuse('E060', `the weights file has ${file.length} bytes; safetensors begins with 8`);
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  if (length > MAX_HEADER || length > file.length - 8)
    refuse(
      'E060',
      `the weights file is no safetensors file, or is cut off: its header would have ${length} bytes`,
      {
        help: 'write it with safetensors.torch.save_file(model.state_dict(), "w.safetensors")',
      },
    );
  const bytes = file.subarray(8, 8 + length);
  return { header: parseHeader(bytes), data: file.subarray(8 + length) };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    refuse('E060', `the weights file's header is not JSON: ${error instanceof Error ? error.message : ''}`);
  }
  return isRecord(header) ? header : refuse('E060', "the weights file's header is not a JSON object");
}

function readEntry(name: string, entry: unknown, available: number) {
  const wrong = (what: string): never => refuse('E060', `tensor '${name}' in the weights file ${what}`);
  if (!isRecord(entry)) return wrong('has no description');
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!isStoredType(dtype))
    return wrong(
      `has elements of type ${String(dtype)}; ${Object.keys(STORED_BYTES).join(', ')} can be read`,
    );
  if (!isSizes(shape)) return wrong('has no proper shape');
  if (!isSizes(offsets) || offsets.length !== 2) return wrong('has no proper offsets');
  const [begin, end] = [offsets[0]!, offsets[1]!];
  const bytes = shape.reduce((product, size) => product * size, 1) * STORED_BYTES[dtype];
  if (begin > end || end > available)
    return wrong(`lies at bytes ${begin} to ${end}, but the data has ${available}`);
  if (end - begin !== bytes)
    return wrong(`has ${end - begin} bytes; ${shape.join('×')} ${dtype} needs ${bytes}`);
  return { dtype, shape, begin, end };
}

function refuseOverlaps(taken: { name: string; begin: number; end: number }[]): void {
  const sorted = taken.filter(({ begin, end }) => begin < end).toSorted((a, b) => a.begin - b.begin);
  for (const [i, tensor] of sorted.entries()) {
    const before = sorted[i - 1];
    if (before && before.end > tensor.begin)
      refuse('E060', `tensors '${before.name}' and '${tensor.name}' in the weights file overlap`);
  }
}

const readMetadata = (metadata: unknown): ReadonlyMap<string, string> =>
  new Map(
    isRecord(metadata)
      ? Object.entries(metadata).flatMap(([key, value]) =>
          typeof value === 'string' ? [[key, value] as const] : [],
        )
      : [],
  );

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) &&
  value.length <= 16 &&
  value.every((size) => Number.isSafeInteger(size) && size >= 0);
