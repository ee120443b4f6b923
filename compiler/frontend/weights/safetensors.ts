// The safetensors format (huggingface/safetensors, README "Format"): eight bytes with the header's
// length, a JSON header, then raw little-endian data. Every number in the header is checked before it
// is used, for the file may come from anywhere.
import { refuse } from '../../support/refusal.ts';
import { sizeOf, type Shape } from '../../tensor/types.ts';
import { decodeWeight, ELEMENT_BYTES } from './elements.ts';
import { parseHeaderJson } from './header-json.ts';
import type { NamedTensors } from './named-tensors.ts';
import { showName } from '../../support/show-name.ts';

/** The reference implementation's limit. */
const MAX_HEADER = 100_000_000;

/** The key that is no tensor. */
const METADATA = '__metadata__';

/** The tensors and the file's metadata. Throws a `Refusal` (E060) that says what is wrong. */
export function readSafetensors(file: Uint8Array): NamedTensors {
  const { header, data } = split(file);
  // Not `...entries`: of hundreds of thousands of keys, an object without one takes seconds.
  const described = Object.entries(header)
    .filter(([name]) => name !== METADATA)
    .map(([name, entry]) => readEntry(name, entry, data.length))
    .toSorted((a, b) => a.begin - b.begin || a.end - b.end);
  refuseGapsAndOverlaps(described, data.length);
  const tensors = described.map(({ name, dtype, shape, begin, end }) => {
    const read = () => decodeWeight(data.subarray(begin, end), dtype, subjectOf(name));
    return [name, { shape, read }] as const;
  });
  return { tensors: new Map(tensors), metadata: readMetadata(header[METADATA]) };
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
  const header = parseHeaderJson(file.subarray(8, 8 + length));
  if (!isRecord(header)) refuse('E060', "the weights file's header is not a JSON object");
  return { header, data: file.subarray(8 + length) };
}

/** A tensor as the header describes it. */
interface Described {
  readonly name: string;
  readonly dtype: string;
  readonly shape: Shape;
  readonly begin: number;
  readonly end: number;
}

const subjectOf = (name: string): string => `tensor '${showName(name)}' in the weights file`;

function readEntry(name: string, entry: unknown, available: number): Described {
  const wrong = (what: string): never => refuse('E060', `${subjectOf(name)} ${what}`);
  if (!isRecord(entry)) return wrong('has no description');
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string') return wrong('has no element type');
  if (!isSizes(shape)) return wrong('has no proper shape');
  if (!isSizes(offsets) || offsets.length !== 2) return wrong('has no proper offsets');
  const size = ELEMENT_BYTES.get(dtype);
  if (size === undefined) return wrong(`has elements of an unknown type, ${showName(dtype)}`);
  const [begin, end] = [offsets[0]!, offsets[1]!];
  if (begin > end || end > available)
    return wrong(`lies at bytes ${begin} to ${end}, but the data has ${available}`);
  if (end - begin !== sizeOf(shape) * size)
    return wrong(`has ${end - begin} bytes; ${shape.join('×')} ${dtype} needs ${sizeOf(shape) * size}`);
  return { name, dtype, shape, begin, end };
}

/** Tensors fill the data, each beginning where the one before it ends. */
function refuseGapsAndOverlaps(tensors: readonly Described[], available: number): void {
  let [filled, before] = [0, ''];
  for (const { name, begin, end } of tensors) {
    if (begin < filled)
      refuse('E060', `tensors '${showName(before)}' and '${showName(name)}' in the weights file overlap`);
    if (begin > filled) break;
    [filled, before] = [end, name];
  }
  if (filled < available)
    refuse('E060', `the weights file has bytes from ${filled} on that belong to no tensor`);
}

/** Texts by their names, as the format has it. */
function readMetadata(metadata: unknown = {}): ReadonlyMap<string, string> {
  if (!isRecord(metadata)) return refuse('E060', `the weights file's ${METADATA} is not a JSON object`);
  return new Map(
    Object.entries(metadata).map(([key, value]) =>
      typeof value === 'string'
        ? [key, value]
        : refuse('E060', `'${showName(key)}' in the weights file's ${METADATA} is not a text`),
    ),
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) &&
  value.length <= 16 &&
  value.every((size) => Number.isSafeInteger(size) && size >= 0);
