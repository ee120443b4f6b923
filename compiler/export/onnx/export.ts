// The graph → an ONNX model. Values are channels-first there (N, C, H, W), as ONNX has them, so no
// transposes are needed: weights have PyTorch's layouts already. The batch is left open where it may be.
import { invariant } from '../../support/assert.ts';
import { NameAllocator } from '../../support/names.ts';
import { transpose } from '../../tensor/transpose.ts';
import { sameShape, sizeOf, type Shape, type TensorType } from '../../tensor/types.ts';
import {
  isConstant,
  isOp,
  type ConstantNode,
  type Graph,
  type GraphInput,
  type GraphOutput,
  type Node,
  type OpNode,
} from '../../ir/graph.ts';
import { mapOperands, operatorOf } from '../../ir/semantics.ts';
import type { OpName } from '../../ops/index.ts';
import { channelsFirst, channelsLast, OPSET, type OnnxAttributes } from '../../ops/onnx.ts';
import { batchOf, ofAnyBatch, type Batch } from '../batch.ts';
import { withoutTransposesInARow } from './transposes.ts';
import type { OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './model.ts';

/** `graph` is as the program says it, before any pass, with numbers in its weights. */
export function toOnnx(graph: Graph, producerVersion: string): OnnxModel {
  const batch = batchOf(graph);
  const exporter = new Exporter(graph, batch);
  for (const input of graph.inputs) exporter.input(input);
  for (const node of graph.nodes) exporter.node(node);
  const describe = ({ name, node, dims }: GraphInput | GraphOutput): OnnxValue => {
    const shape = dims ?? channelsFirst(node.type.shape);
    return { name, shape: batch.isOpen(node) ? ofAnyBatch(shape) : shape };
  };
  for (const output of graph.outputs) exporter.output(output);
  const ends = graph.outputs.map(({ name }) => name);
  const nodes = withoutTransposesInARow(exporter.nodes, ends);
  const read = new Set([...ends, ...nodes.flatMap(({ inputs }) => inputs)]);
  return {
    name: graph.name,
    producerVersion,
    opset: OPSET,
    inputs: graph.inputs.map(describe),
    outputs: graph.outputs.map(describe),
    initializers: exporter.initializers.filter(({ name }) => read.has(name)),
    nodes,
  };
}

class Exporter {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxTensor[] = [];
  readonly #values = new Map<Node, string>();
  readonly #activations = new Map<Node, string>();
  readonly #names: NameAllocator;
  /** The output that a node is; a node that is several gets copies for the others. */
  readonly #outputOf: ReadonlyMap<Node, string>;

  readonly #batch: Batch;

  constructor(graph: Graph, batch: Batch) {
    this.#batch = batch;
    this.#names = new NameAllocator([...graph.inputs, ...graph.outputs].map(({ name }) => name));
    for (const weight of graph.nodes.filter(isConstant))
      this.#values.set(weight, this.#names.take(weight.name));
    this.#outputOf = new Map(
      graph.outputs.flatMap(({ name, node, dims }) => (dims ? [] : [[node, name] as const])),
    );
  }

  /** What an ONNX model's axes are is brought into the order that the operators' mappings expect. */
  input({ name, node, dims }: GraphInput): void {
    if (!dims) return void this.#values.set(node, name);
    const { shape } = node.type;
    const item = this.#reshaped(node, name, dims, shape);
    this.#values.set(node, this.#transposed(item, channelsFirst(axesOf(shape)), `${name}/first`));
  }

  node(node: Node): void {
    if (isOp(node)) return this.#operator(node);
    if (node.op !== 'constant') return;
    invariant(node.data, `constant ${node.name} has data`);
    this.initializers.push({ name: this.#values.get(node)!, shape: node.type.shape, data: node.data });
  }

  output({ name, node, dims }: GraphOutput): void {
    const value = this.#values.get(node)!;
    if (!dims) {
      if (value !== name) this.#add('Identity', [value], {}, name);
      return;
    }
    const { shape } = node.type;
    // A constant stands in the file as it is.
    const last = isConstant(node)
      ? value
      : this.#transposed(value, channelsLast(shape.length), `${name}/last`);
    this.#add('Identity', [this.#reshaped(node, last, shape, dims)], {}, name);
  }

  #transposed(value: string, perm: readonly number[], wish: string): string {
    if (perm.every((axis, i) => axis === i)) return value;
    return this.#add('Transpose', [value], { perm }, this.#names.take(wish));
  }

  #reshaped(node: Node, value: string, from: Shape, to: Shape): string {
    if (sameShape(from, to)) return value;
    const sizes = this.#batch.isOpen(node) ? [from[0] === to[0] ? 0 : -1, ...to.slice(1)] : to;
    const shape = this.#constant(node, BigInt64Array.from(sizes, BigInt), [to.length]);
    // A 0 keeps an axis as it is, but where nothing is left to be of any size.
    const attributes: OnnxAttributes = sizeOf(to) === 0 ? { allowzero: 1 } : {};
    return this.#add('Reshape', [value, shape], attributes, this.#names.take(`${value}/shape`));
  }

  #operator(node: OpNode): void {
    invariant(node.epilogue.length === 0, `${node.name} is not fused yet`);
    const operands = mapOperands<OpName, Node, string>(node.operands, (each, name) =>
      isConstant(each) && name !== 'weight' ? this.#asActivation(each) : this.#values.get(each)!,
    );
    const types = mapOperands<OpName, Node, TensorType>(node.operands, ({ type }) => type);
    const result = operatorOf(node.op).onnx(operands, node.attrs, {
      types,
      out: node.type,
      node: (op, inputs, attributes = {}) =>
        this.#add(op, inputNames(inputs), attributes, this.#names.take(`${node.name}/${op}`)),
      second: (op, inputs, attributes = {}) => {
        const [output, unread] = [op, 'unread'].map((name) => this.#names.take(`${node.name}/${name}`));
        this.nodes.push({
          name: output!,
          op,
          inputs: inputNames(inputs),
          unread: unread!,
          output: output!,
          attributes,
        });
        return output!;
      },
      ints: (values) => this.#constant(node, BigInt64Array.from(values, BigInt), [values.length]),
      number: (value) => this.#constant(node, Float32Array.of(value), []),
    });
    this.#values.set(node, this.#rename(result, this.#outputOf.get(node) ?? this.#names.take(node.name)));
  }

  /** A constant that stands where activations may: with channels first, as they have. */
  #asActivation(node: ConstantNode): string {
    const { shape } = node.type;
    if (shape.length < 3) return this.#values.get(node)!;
    const known = this.#activations.get(node);
    if (known !== undefined) return known;
    const data = transpose(node.data!, shape, channelsFirst(axesOf(shape)));
    const name = this.#constant(node, data, channelsFirst(shape));
    this.#activations.set(node, name);
    return name;
  }

  /** The last node made is the operator's result, and bears its name. */
  #rename(result: string, name: string): string {
    const last = this.nodes.at(-1);
    invariant(last?.output === result, `${result} was made last`);
    this.nodes.splice(-1, 1, { ...last, name, output: name });
    return name;
  }

  #add(op: string, inputs: readonly string[], attributes: OnnxNode['attributes'], output: string): string {
    this.nodes.push({ name: output, op, inputs, output, attributes });
    return output;
  }

  #constant(node: Node, data: OnnxTensor['data'], shape: readonly number[]): string {
    const name = this.#names.take(`${node.name}/constant`);
    this.initializers.push({ name, shape, data });
    return name;
  }
}

/**
 * What is left out in between has an empty name; at the end nothing stands for it. ONNX allows an empty name
 * there too, but onnxruntime-web 1.30 on WebGPU takes it for a bias that is there, and fails.
 */
const inputNames = (inputs: readonly (string | undefined)[]): string[] =>
  inputs.slice(0, inputs.findLastIndex((input) => input !== undefined) + 1).map((input) => input ?? '');

const axesOf = (shape: Shape): number[] => shape.map((_, axis) => axis);
