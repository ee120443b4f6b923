// ONNX models made by hand, right ones and any kind of wrong ones: protocol buffers as nested lists of fields.
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** Fields by the numbers of onnx/onnx.proto, in the order of the file. */
export type Message = readonly (readonly [field: number, value: FieldValue])[];

/** A number is a varint; a list, text or bytes have a length. */
type FieldValue = number | bigint | string | Uint8Array | Message | { readonly float: number };

export function encode(message: Message): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  for (const [field, value] of message) {
    if (typeof value === 'number' || typeof value === 'bigint')
      writer.tag(field, WireType.Varint).int64(value);
    else if (typeof value === 'string') writer.tag(field, WireType.LengthDelimited).string(value);
    else if (value instanceof Uint8Array) writer.tag(field, WireType.LengthDelimited).bytes(value);
    else if ('float' in value) writer.tag(field, WireType.Bit32).float(value.float);
    else writer.tag(field, WireType.LengthDelimited).bytes(encode(value));
  }
  return writer.finish();
}

/** TensorProto.DataType */
export const TYPE = {
  float: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
} as const;

type Attribute =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly tensor: Message }
  | { readonly sparse: Message }
  | { readonly graph: Message | Uint8Array };

/** Name, type (AttributeProto.AttributeType) and value. */
function attribute(name: string, value: Attribute): Message {
  const of = (type: number, ...fields: Message): Message => [[1, name], ...fields, [20, type]];
  if (typeof value === 'number') return of(2, [3, value]);
  if (typeof value === 'string') return of(3, [4, value]);
  if ('float' in value) return of(1, [2, value]);
  if ('tensor' in value) return of(4, [5, value.tensor]);
  if ('sparse' in value) return of(11, [22, value.sparse]);
  if ('graph' in value) return of(5, [6, value.graph]);
  if ('floats' in value) return of(6, ...value.floats.map((float) => [7, { float }] as const));
  return of(7, ...value.map((int) => [8, int] as const));
}

export interface NodeOptions {
  readonly name?: string;
  readonly domain?: string;
}

/** A node; '' stands for an input or output that is left out. */
export const node = (
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
  { name, domain }: NodeOptions = {},
): Message => [
  ...inputs.map((input) => [1, input] as const),
  ...outputs.map((output) => [2, output] as const),
  ...(name === undefined ? [] : [[3, name] as const]),
  [4, op],
  ...Object.entries(attributes).map(([key, value]) => [5, attribute(key, value)] as const),
  ...(domain === undefined ? [] : [[7, domain] as const]),
];

/** A tensor of any type, with these bytes. */
export const rawTensor = (
  name: string,
  dims: readonly (number | bigint)[],
  type: number,
  raw: Uint8Array,
): Message => [...dims.map((size) => [1, size] as const), [2, type], [8, name], [9, raw]];

const bytesOf = ({ buffer }: Float32Array<ArrayBuffer> | BigInt64Array<ArrayBuffer>): Uint8Array =>
  new Uint8Array(buffer);

export const floats = (name: string, dims: readonly number[], data: readonly number[]): Message =>
  rawTensor(name, dims, TYPE.float, bytesOf(Float32Array.from(data)));

export const ints = (
  name: string,
  data: readonly (number | bigint)[],
  dims: readonly number[] = [data.length],
): Message => rawTensor(name, dims, TYPE.int64, bytesOf(BigInt64Array.from(data, BigInt)));

export const bools = (name: string, dims: readonly number[], data: readonly number[]): Message =>
  rawTensor(name, dims, TYPE.bool, Uint8Array.from(data));

/** A tensor of which only some elements are said. It has the name of its values. */
export const sparse = (dims: readonly (number | bigint)[], values: Message, indices?: Message): Message => [
  [1, values],
  ...(indices ? [[2, indices] as const] : []),
  ...dims.map((size) => [3, size] as const),
];

/** A tensor whose bytes are said to be in another file. */
export const external = (name: string, dims: readonly number[], entries: Record<string, string>): Message => [
  ...dims.map((size) => [1, size] as const),
  [2, TYPE.float],
  [8, name],
  ...Object.entries(entries).map(
    ([key, value]) =>
      [
        13,
        [
          [1, key],
          [2, value],
        ],
      ] as const,
  ),
  [14, 1],
];

type Size = number | bigint | string;

/** An input or output; without `dims` nothing is said of its shape. */
export const value = (name: string, dims?: readonly Size[], type: number = TYPE.float): Message => {
  const sizes = dims?.map((size) => [1, [[typeof size === 'string' ? 2 : 1, size]]] as const);
  return [
    [1, name],
    [2, [[1, [[1, type], ...(sizes ? [[2, sizes] as const] : [])]]]],
  ];
};

export interface GraphParts {
  readonly nodes: readonly Message[];
  readonly initializers?: readonly Message[];
  readonly sparse?: readonly Message[];
  readonly inputs?: readonly Message[];
  readonly outputs: readonly Message[];
}

export const graph = ({
  nodes,
  initializers = [],
  sparse: sparseInitializers = [],
  inputs = [],
  outputs,
}: GraphParts): Message => [
  ...nodes.map((each) => [1, each] as const),
  [2, 'test'],
  ...initializers.map((each) => [5, each] as const),
  ...inputs.map((each) => [11, each] as const),
  ...outputs.map((each) => [12, each] as const),
  ...sparseInitializers.map((each) => [15, each] as const),
];

/** A model of ONNX's operators of that version. */
export const model = (parts: GraphParts, opset = 13): Uint8Array<ArrayBuffer> =>
  encode([
    [1, 8],
    [8, [[2, opset]]],
    [7, graph(parts)],
  ]);
