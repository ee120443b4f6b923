// The graph → an ONNX model. Values are channels-first there (N, C, H, W), as ONNX has them, so no
// transposes are needed: weights have PyTorch's layouts already. The batch is left open.
import { invariant } from '../../support/assert.ts';
import { NameAllocator } from '../../support/names.ts';
import type { TensorType } from '../../tensor/types.ts';
import { isConstant, isOp, type Graph, type Node, type OpNode } from '../../ir/graph.ts';
import { mapOperands, operatorOf } from '../../ir/semantics.ts';
import type { OpName } from '../../ops/index.ts';
import { channelsFirst, OPSET } from '../../ops/onnx.ts';
import type { OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './model.ts';

/** `graph` is as the program says it, before any pass, with numbers in its weights. */
export function toOnnx(graph: Graph, producerVersion: string): OnnxModel {
  const exporter = new Exporter(graph);
  for (const node of graph.nodes) exporter.node(node);
  const describe = (name: string, { shape }: TensorType): OnnxValue => ({
    name,
    shape: ['N', ...channelsFirst(shape).slice(1)],
  });
  for (const { name, node } of graph.outputs) exporter.output(name, node);
  return {
    name: graph.name,
    producerVersion,
    opset: OPSET,
    inputs: graph.inputs.map(({ name, node }) => describe(name, node.type)),
    outputs: graph.outputs.map(({ name, node }) => describe(name, node.type)),
    initializers: exporter.initializers,
    nodes: exporter.nodes,
  };
}

class Exporter {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxTensor[] = [];
  readonly #values = new Map<Node, string>();
  readonly #names: NameAllocator;
  /** The output that a node is; a node that is several gets copies for the others. */
  readonly #outputOf: ReadonlyMap<Node, string>;

  constructor(graph: Graph) {
    const weights = graph.nodes.filter(isConstant).map(({ name }) => name);
    const ends = [...graph.inputs, ...graph.outputs].map(({ name }) => name);
    this.#names = new NameAllocator([...weights, ...ends]);
    this.#outputOf = new Map(graph.outputs.map(({ name, node }) => [node, name]));
  }

  node(node: Node): void {
    if (isOp(node)) return this.#operator(node);
    this.#values.set(node, node.name);
    if (node.op !== 'constant') return;
    invariant(node.data, `constant ${node.name} has data`);
    this.initializers.push({ name: node.name, shape: node.type.shape, data: node.data });
  }

  output(name: string, node: Node): void {
    const value = this.#values.get(node)!;
    if (value !== name) this.#add('Identity', [value], {}, name);
  }

  #operator(node: OpNode): void {
    invariant(node.epilogue.length === 0, `${node.name} is not fused yet`);
    const operands = mapOperands<OpName, Node, string>(node.operands, (each) => this.#values.get(each)!);
    const types = mapOperands<OpName, Node, TensorType>(node.operands, ({ type }) => type);
    const result = operatorOf(node.op).onnx(operands, node.attrs, {
      types,
      out: node.type,
      node: (op, inputs, attributes = {}) =>
        this.#add(op, inputNames(inputs), attributes, this.#names.take(`${node.name}/${op}`)),
      ints: (values) => this.#constant(node, BigInt64Array.from(values, BigInt), [values.length]),
      number: (value) => this.#constant(node, Float32Array.of(value), []),
    });
    this.#values.set(node, this.#rename(result, this.#outputOf.get(node) ?? this.#names.take(node.name)));
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
