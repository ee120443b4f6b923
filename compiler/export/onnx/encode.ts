// A model as the bytes of a .onnx file. Field numbers are those of onnx/onnx.proto.
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { ELEMENT, type OnnxAttribute } from '../../ops/onnx.ts';
import type { OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './model.ts';

/** IR version 9 is that of opset 19. */
const IR_VERSION = 9;

const MODEL = { irVersion: 1, producerName: 2, producerVersion: 3, graph: 7, opsetImport: 8 };
const OPERATOR_SET = { version: 2 };
const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 };
const NODE = { input: 1, output: 2, name: 3, opType: 4, attribute: 5 };
const ATTRIBUTE = { name: 1, f: 2, i: 3, s: 4, ints: 8, type: 20 };
const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, ints: 7 };
const TENSOR = { dims: 1, dataType: 2, name: 8, rawData: 9 };
const VALUE_INFO = { name: 1, type: 2 };
const TYPE = { tensor: 1 };
const TENSOR_TYPE = { elementType: 1, shape: 2 };
const TENSOR_SHAPE = { dim: 1 };
const DIMENSION = { value: 1, parameter: 2 };

export function encodeModel(model: OnnxModel): Uint8Array<ArrayBuffer> {
  const writer = new Message();
  writer.int(MODEL.irVersion, IR_VERSION);
  writer.text(MODEL.producerName, 'cnnc');
  writer.text(MODEL.producerVersion, model.producerVersion);
  writer.message(MODEL.opsetImport, (opset) => opset.int(OPERATOR_SET.version, model.opset));
  writer.message(MODEL.graph, (graph) => {
    for (const node of model.nodes) graph.message(GRAPH.node, (message) => writeNode(message, node));
    graph.text(GRAPH.name, model.name);
    for (const tensor of model.initializers)
      graph.message(GRAPH.initializer, (message) => writeTensor(message, tensor));
    for (const value of model.inputs) graph.message(GRAPH.input, (message) => writeValue(message, value));
    for (const value of model.outputs) graph.message(GRAPH.output, (message) => writeValue(message, value));
  });
  return writer.finish();
}

function writeNode(message: Message, { name, op, inputs, unread, output, attributes }: OnnxNode): void {
  for (const input of inputs) message.text(NODE.input, input);
  if (unread !== undefined) message.text(NODE.output, unread);
  message.text(NODE.output, output);
  message.text(NODE.name, name);
  message.text(NODE.opType, op);
  for (const [attribute, value] of Object.entries(attributes))
    message.message(NODE.attribute, (inner) => writeAttribute(inner, attribute, value));
}

function writeAttribute(message: Message, name: string, value: OnnxAttribute): void {
  message.text(ATTRIBUTE.name, name);
  if (typeof value === 'number') {
    message.int(ATTRIBUTE.i, value);
    message.int(ATTRIBUTE.type, ATTRIBUTE_TYPE.int);
  } else if (typeof value === 'string') {
    message.text(ATTRIBUTE.s, value);
    message.int(ATTRIBUTE.type, ATTRIBUTE_TYPE.string);
  } else if ('float' in value) {
    message.float(ATTRIBUTE.f, value.float);
    message.int(ATTRIBUTE.type, ATTRIBUTE_TYPE.float);
  } else {
    for (const each of value) message.int(ATTRIBUTE.ints, each);
    message.int(ATTRIBUTE.type, ATTRIBUTE_TYPE.ints);
  }
}

function writeTensor(message: Message, { name, shape, data }: OnnxTensor): void {
  for (const size of shape) message.int(TENSOR.dims, size);
  message.int(TENSOR.dataType, data instanceof Float32Array ? ELEMENT.float : ELEMENT.int64);
  message.text(TENSOR.name, name);
  message.bytes(TENSOR.rawData, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writeValue(message: Message, { name, shape }: OnnxValue): void {
  message.text(VALUE_INFO.name, name);
  message.message(VALUE_INFO.type, (type) =>
    type.message(TYPE.tensor, (tensor) => {
      tensor.int(TENSOR_TYPE.elementType, ELEMENT.float);
      tensor.message(TENSOR_TYPE.shape, (sizes) => {
        for (const size of shape)
          sizes.message(TENSOR_SHAPE.dim, (dimension) =>
            typeof size === 'number'
              ? dimension.int(DIMENSION.value, size)
              : dimension.text(DIMENSION.parameter, size),
          );
      });
    }),
  );
}

/** Writes the fields of one message: the library's writer with field and wire type in one call. */
class Message {
  readonly #writer: BinaryWriter;

  constructor(writer = new BinaryWriter()) {
    this.#writer = writer;
  }

  int(field: number, value: number): void {
    this.#writer.tag(field, WireType.Varint).int64(value);
  }

  float(field: number, value: number): void {
    this.#writer.tag(field, WireType.Bit32).float(value);
  }

  text(field: number, value: string): void {
    this.#writer.tag(field, WireType.LengthDelimited).string(value);
  }

  bytes(field: number, value: Uint8Array): void {
    this.#writer.tag(field, WireType.LengthDelimited).bytes(value);
  }

  message(field: number, write: (message: Message) => void): void {
    this.#writer.tag(field, WireType.LengthDelimited).fork();
    write(this);
    this.#writer.join();
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#writer.finish();
  }
}
