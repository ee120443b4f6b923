// Protocol buffers, field by field: the library reads numbers and lengths, this walks messages.
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { refuse, Refusal } from '../support/refusal.ts';

/** What to do with each field of a message, by its number; others are skipped. */
export type Fields = Readonly<Record<number, (field: Field) => void>>;

/** Messages within messages: deeper than any real model, shallow enough for any stack. */
const DEEPEST = 64;

/** Messages in one file. They become objects, which take far more memory than the two bytes of an empty one. */
const MOST_MESSAGES = 2 ** 20;

const UTF8 = new TextDecoder();

interface Within {
  readonly depth: number;
  readonly file: { messages: number; readonly start: number };
}

/**
 * Reads one message. Throws a `Refusal` (E090) that names the byte where the bytes are no such message.
 */
export function readMessage(
  bytes: Uint8Array,
  fields: Fields,
  within: Within = { depth: 0, file: { messages: 0, start: bytes.byteOffset } },
): void {
  const { depth, file } = within;
  if (++file.messages > MOST_MESSAGES) refuse('E091', `the model has more than ${MOST_MESSAGES} parts`);
  if (depth > DEEPEST) refuse('E090', `the model nests more than ${DEEPEST} messages`);
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const start = reader.pos;
    try {
      const [number, type] = reader.tag();
      const read = fields[number];
      if (read) read(new Field(reader, type, within));
      else reader.skip(type, number);
      if (reader.pos > reader.len) throw new RangeError('premature end');
    } catch (error) {
      if (error instanceof Refusal) throw error;
      // Only the outermost message ends where the file does.
      if (depth === 0 && reader.pos > reader.len)
        refuse(
          'E090',
          `the model is cut short: the file ends after ${reader.len} bytes, and what begins at byte ${start} needs ${reader.pos}`,
          { help: 'get the file again; or is it no ONNX model at all?' },
        );
      refuse(
        'E090',
        `the model cannot be read: byte ${bytes.byteOffset - file.start + start} begins no proper field`,
        {
          help: 'the file is damaged, or is no ONNX model; get it again',
        },
      );
    }
  }
}

/** One field, at its value. Each method throws where the field is of another sort. */
export class Field {
  readonly #reader: BinaryReader;
  readonly #type: WireType;
  readonly #within: Within;

  constructor(reader: BinaryReader, type: WireType, within: Within) {
    this.#reader = reader;
    this.#type = type;
    this.#within = within;
  }

  /** int64, int32, enum. */
  int(): number {
    this.#require(WireType.Varint);
    return Number(this.#reader.int64());
  }

  float(): number {
    this.#require(WireType.Bit32);
    return this.#reader.float();
  }

  bytes(): Uint8Array {
    this.#require(WireType.LengthDelimited);
    const bytes = this.#reader.bytes();
    if (this.#reader.pos > this.#reader.len) throw new RangeError('premature end');
    return bytes;
  }

  text(): string {
    return UTF8.decode(this.bytes());
  }

  message(fields: Fields): void {
    const { depth, file } = this.#within;
    readMessage(this.bytes(), fields, { depth: depth + 1, file });
  }

  /** Repeated numbers, packed or one by one. */
  ints(into: number[]): void {
    this.#repeated(into, WireType.Varint, (reader) => Number(reader.int64()));
  }

  uints(into: number[]): void {
    this.#repeated(into, WireType.Varint, (reader) => Number(reader.uint64()));
  }

  floats(into: number[]): void {
    this.#repeated(into, WireType.Bit32, (reader) => reader.float());
  }

  doubles(into: number[]): void {
    this.#repeated(into, WireType.Bit64, (reader) => reader.double());
  }

  #repeated(into: number[], type: WireType, read: (reader: BinaryReader) => number): void {
    if (this.#type === type) {
      into.push(read(this.#reader));
      return;
    }
    const packed = new BinaryReader(this.bytes());
    while (packed.pos < packed.len) into.push(read(packed));
  }

  #require(type: WireType): void {
    if (this.#type !== type) throw new RangeError('another wire type');
  }
}
