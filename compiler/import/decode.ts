// The bytes of a .onnx file → its model. Field numbers are those of onnx/onnx.proto.
import type {
  ExternalData,
  OnnxAttribute,
  OnnxDim,
  OnnxFile,
  OnnxGraph,
  OnnxNode,
  OnnxTensor,
  OnnxValueInfo,
} from './model.ts';
import { refuse } from '../support/refusal.ts';
import { shortest } from '../support/shortest.ts';
import { readMessage, type Field } from './wire.ts';

/** Throws a `Refusal` (E090) for bytes that are no model. */
export function decodeModel(bytes: Uint8Array): OnnxFile {
  const opsets = new Map<string, number>();
  let graph: OnnxGraph | undefined;
  readMessage(bytes, {
    7: (field) => (graph = readGraph(field)),
    8: (field) => {
      let [domain, version] = ['', 1];
      field.message({ 1: (f) => (domain = f.text()), 2: (f) => (version = f.int()) });
      opsets.set(plainDomain(domain), version);
    },
  });
  if (!graph) refuse('E090', 'the file holds no ONNX graph', { help: 'is it an ONNX model at all?' });
  return { opsets, graph };
}

/** ONNX's own operators have no domain, or say it. */
const plainDomain = (domain: string): string => (domain === 'ai.onnx' ? '' : domain);

function readGraph(field: Field): OnnxGraph {
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const inputs: OnnxValueInfo[] = [];
  const outputs: OnnxValueInfo[] = [];
  field.message({
    1: (f) => nodes.push(readNode(f)),
    5: (f) => initializers.push(readTensor(f)),
    11: (f) => inputs.push(readValueInfo(f)),
    12: (f) => outputs.push(readValueInfo(f)),
    15: (f) => initializers.push(readSparseTensor(f)),
  });
  return { nodes, initializers, inputs, outputs };
}

function readNode(field: Field): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, OnnxAttribute>();
  let [name, op, domain] = ['', '', ''];
  field.message({
    1: (f) => inputs.push(f.text()),
    2: (f) => outputs.push(f.text()),
    3: (f) => (name = f.text()),
    4: (f) => (op = f.text()),
    5: (f) => attributes.set(...readAttribute(f)),
    7: (f) => (domain = plainDomain(f.text())),
  });
  return { name, op, domain, inputs, outputs, attributes };
}

/** AttributeProto.AttributeType */
const ATTRIBUTE = { float: 1, int: 2, text: 3, tensor: 4, graph: 5, floats: 6, ints: 7, texts: 8 };

function readAttribute(field: Field): [string, OnnxAttribute] {
  const [ints, floats, texts]: [number[], number[], string[]] = [[], [], []];
  let [name, type] = ['', 0];
  let int: number | undefined;
  let float: number | undefined;
  let text: string | undefined;
  let tensor: OnnxTensor | undefined;
  let sparse: OnnxTensor | undefined;
  let graph: OnnxGraph | undefined;
  field.message({
    1: (f) => (name = f.text()),
    2: (f) => (float = shortest(f.float())),
    3: (f) => (int = f.int()),
    4: (f) => (text = f.text()),
    5: (f) => (tensor = readTensor(f)),
    6: (f) => (graph = readGraph(f)),
    7: (f) => f.floats(floats),
    8: (f) => f.ints(ints),
    9: (f) => texts.push(f.text()),
    20: (f) => (type = f.int()),
    22: (f) => (sparse = readSparseTensor(f)),
  });
  const attribute = (): OnnxAttribute => {
    if (tensor) return { kind: 'tensor', value: tensor };
    if (sparse) return { kind: 'sparse tensor', value: sparse };
    if (graph) return { kind: 'graph', value: graph };
    // Early writers left out the type.
    if (type === ATTRIBUTE.ints || ints.length > 0) return { kind: 'ints', value: ints };
    if (type === ATTRIBUTE.floats || floats.length > 0)
      return { kind: 'floats', value: floats.map(shortest) };
    if (type === ATTRIBUTE.texts || texts.length > 0) return { kind: 'texts', value: texts };
    // Zeros and empty texts may be left out of the file.
    if (type === ATTRIBUTE.float || float !== undefined) return { kind: 'float', value: float ?? 0 };
    if (type === ATTRIBUTE.int || int !== undefined) return { kind: 'int', value: int ?? 0 };
    if (type === ATTRIBUTE.text || text !== undefined) return { kind: 'text', value: text ?? '' };
    return { kind: 'other' };
  };
  return [name, attribute()];
}

function readTensor(field: Field): OnnxTensor {
  const [dims, numbers]: [number[], number[]] = [[], []];
  const entries = new Map<string, string>();
  let [name, type, location] = ['', 0, 0];
  let raw: Uint8Array | undefined;
  field.message({
    1: (f) => f.ints(dims),
    2: (f) => (type = f.int()),
    4: (f) => f.floats(numbers),
    5: (f) => f.ints(numbers),
    7: (f) => f.ints(numbers),
    8: (f) => (name = f.text()),
    9: (f) => (raw = f.bytes()),
    10: (f) => f.doubles(numbers),
    11: (f) => f.uints(numbers),
    13: (f) => {
      let [key, value] = ['', ''];
      f.message({ 1: (g) => (key = g.text()), 2: (g) => (value = g.text()) });
      entries.set(key, value);
    },
    14: (f) => (location = f.int()),
  });
  const external = location === 1 ? externalData(entries) : undefined;
  return { name, type, dims, numbers, ...(raw && { raw }), ...(external && { external }) };
}

/** Its name is that of its values. */
function readSparseTensor(field: Field): OnnxTensor {
  const dims: number[] = [];
  let values: OnnxTensor | undefined;
  let indices: OnnxTensor | undefined;
  field.message({
    1: (f) => (values = readTensor(f)),
    2: (f) => (indices = readTensor(f)),
    3: (f) => f.ints(dims),
  });
  if (!values) return refuse('E090', 'a sparse tensor has no values');
  const { name, type } = values;
  const part = (tensor: OnnxTensor, called: string) => ({
    ...tensor,
    name: `${name || 'sparse_value'}.${called}`,
  });
  const sparse = {
    values: part(values, 'values'),
    ...(indices && { indices: part(indices, 'indices') }),
  };
  return { name, type, dims, numbers: [], sparse };
}

function externalData(entries: ReadonlyMap<string, string>): ExternalData {
  const length = entries.get('length');
  return {
    location: entries.get('location') ?? '',
    offset: Number(entries.get('offset') ?? 0),
    length: length === undefined ? undefined : Number(length),
  };
}

function readValueInfo(field: Field): OnnxValueInfo {
  let name = '';
  let tensor: OnnxValueInfo['tensor'];
  field.message({
    1: (f) => (name = f.text()),
    2: (f) => f.message({ 1: (g) => (tensor = readTensorType(g)) }),
  });
  return { name, ...(tensor && { tensor }) };
}

function readTensorType(field: Field): NonNullable<OnnxValueInfo['tensor']> {
  let type = 0;
  let dims: OnnxDim[] | undefined;
  field.message({
    1: (f) => (type = f.int()),
    2: (f) => {
      const sizes: OnnxDim[] = [];
      f.message({ 1: (g) => sizes.push(readDim(g)) });
      dims = sizes;
    },
  });
  return { type, dims };
}

function readDim(field: Field): OnnxDim {
  let dim: OnnxDim;
  field.message({ 1: (f) => (dim = f.int()), 2: (f) => (dim = f.text()) });
  return dim;
}
