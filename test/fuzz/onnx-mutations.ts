// ONNX models with damage: cut short, with other bits, and, what comes further, with other numbers, names and
// fields in a file that is well-formed.
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { decodeModel } from '../../compiler/import/decode.ts';
import type { OnnxGraph } from '../../compiler/import/model.ts';
import { encode, type Message } from '../support/onnx-writer.ts';

/** Numbers from 0 to 1. */
export type Random = () => number;

const below = (random: Random, end: number): number => Math.floor(random() * end);
const oneOf = <T>(random: Random, list: readonly T[]): T => list[below(random, list.length)]!;

export type Damage = (model: Uint8Array, random: Random) => Uint8Array;

export const truncated: Damage = (model, random) => model.slice(0, below(random, model.length));

/** A few bits or bytes changed, anywhere but in large weights, where that would only be another number. */
export const flipped: Damage = (model, random) => {
  const damaged = model.slice();
  const places = outsideOfWeights(model);
  const total = places.reduce((sum, { start, end }) => sum + end - start, 0);
  for (let left = below(random, 3); left >= 0; left--) {
    let at = below(random, total);
    for (const { start, end } of places) {
      if (at < end - start)
        damaged[start + at]! ^= random() < 0.5 ? 1 << below(random, 8) : below(random, 256);
      at -= end - start;
    }
  }
  return damaged;
};

interface Stretch {
  readonly start: number;
  readonly end: number;
}

function outsideOfWeights(model: Uint8Array): Stretch[] {
  const weights = rawDataIn(decodeModel(model).graph).map(({ byteOffset, byteLength }) => ({
    start: byteOffset - model.byteOffset,
    end: byteOffset - model.byteOffset + byteLength,
  }));
  const edges = [{ start: 0, end: 0 }, ...weights.toSorted((a, b) => a.start - b.start)];
  return edges.map(({ end }, i) => ({ start: end, end: edges[i + 1]?.start ?? model.length }));
}

function rawDataIn({ initializers, nodes }: OnnxGraph): Uint8Array[] {
  const attributes = nodes.flatMap((node) => [...node.attributes.values()]);
  const tensors = attributes.flatMap((each) => (each.kind === 'tensor' ? [each.value] : []));
  const inner = attributes.flatMap((each) => (each.kind === 'graph' ? rawDataIn(each.value) : []));
  return [
    ...[...initializers, ...tensors].flatMap(({ raw }) => (raw && raw.length > 64 ? [raw] : [])),
    ...inner,
  ];
}

/** A few fields with other values, left out or given twice. */
export const altered: Damage = (model, random) => {
  let tree = fieldsOf(model, MODEL);
  for (let left = below(random, 3); left >= 0; left--) tree = withSlip(tree, random);
  return encode(tree);
};

const NUMBERS = [
  0,
  1,
  2,
  3,
  7,
  16,
  255,
  -1,
  -2,
  2 ** 20,
  2 ** 31 - 1,
  2 ** 31,
  2n ** 53n,
  2n ** 60n,
  -(2n ** 63n),
];
const TEXTS = [
  '',
  '__proto__',
  'constructor',
  'a\nb',
  '*/',
  '"; process.exit() //',
  '🦆',
  'Relu',
  'Add',
  'Conv',
];
const OPERATORS =
  'Add Mul Div Concat Reshape Transpose Slice Gather Pad Resize MaxPool AveragePool Conv ConvTranspose Softmax ReduceMean Split Squeeze Unsqueeze Flatten Expand Tile Shape ConstantOfShape MatMul Gemm Clip Where Cast If'.split(
    ' ',
  );

function withSlip(tree: Message, random: Random): Message {
  if (tree.length === 0) return tree;
  const at = below(random, tree.length);
  const [field, value] = tree[at]!;
  const kind = random();
  if (kind < 0.03) return tree.toSpliced(at, 1);
  if (kind < 0.06) return tree.toSpliced(at, 0, tree[at]!);
  if (kind < 0.08) return tree.with(at, oneOf(random, tree));
  const other = (): Message[number][1] => {
    if (value instanceof Uint8Array) return value.length > 0 ? bytesWithSlip(value, random) : value;
    if (typeof value === 'string') return oneOf(random, random() < 0.5 ? TEXTS : OPERATORS);
    if (typeof value === 'object' && 'float' in value)
      return { float: oneOf(random, [0, -1, NaN, Infinity, -Infinity, 1e-30, 3e38]) };
    return typeof value === 'object' ? withSlip(value, random) : oneOf(random, NUMBERS);
  };
  return tree.with(at, [field, other()]);
}

const bytesWithSlip = (bytes: Uint8Array, random: Random): Uint8Array =>
  bytes.slice().fill(below(random, 256), below(random, bytes.length), below(random, bytes.length));

/** Which fields of a message are messages, and which are texts. */
interface Schema {
  readonly texts?: readonly number[];
  readonly messages?: Readonly<Record<number, () => Schema>>;
}

const TENSOR: Schema = { texts: [8] };
const SHAPE: Schema = { messages: { 1: () => ({ texts: [2] }) } };
const VALUE: Schema = {
  texts: [1],
  messages: { 2: () => ({ messages: { 1: () => ({ messages: { 2: () => SHAPE } }) } }) },
};
const ATTRIBUTE: Schema = { texts: [1, 4], messages: { 5: () => TENSOR, 6: () => GRAPH } };
const NODE: Schema = { texts: [1, 2, 3, 4, 7], messages: { 5: () => ATTRIBUTE } };
const GRAPH: Schema = {
  texts: [2],
  messages: { 1: () => NODE, 5: () => TENSOR, 11: () => VALUE, 12: () => VALUE },
};
const MODEL: Schema = { messages: { 7: () => GRAPH, 8: () => ({ texts: [1] }) } };

function fieldsOf(bytes: Uint8Array, { texts = [], messages = {} }: Schema): Message {
  const reader = new BinaryReader(bytes);
  const fields: Message[number][] = [];
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (type === WireType.Varint) fields.push([field, BigInt(reader.int64())]);
    else if (type === WireType.Bit32) fields.push([field, { float: reader.float() }]);
    else if (type !== WireType.LengthDelimited) reader.skip(type, field);
    else if (messages[field]) fields.push([field, fieldsOf(reader.bytes(), messages[field]())]);
    else if (texts.includes(field)) fields.push([field, reader.string()]);
    else fields.push([field, reader.bytes()]);
  }
  return fields;
}
