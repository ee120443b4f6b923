import { OPS, type OpName } from '../ops/index.ts';
import { invariant } from '../support/assert.ts';
import { Refusal } from '../support/refusal.ts';
import { sameType, showType, sizeOf } from '../tensor/types.ts';
import { inputsOf, isConstant, isOp, type Graph, type Node, type OpNode } from './graph.ts';
import { inferType, operatorOf } from './semantics.ts';

/**
 * Checks every invariant of graph.ts; a violation is a bug of whoever made the graph, and throws.
 * Passes do not check again what this guarantees.
 */
export function verify(graph: Graph): Graph {
  // By name. Weights have names of their own.
  const values = new Map<string, Node>();
  const weights = new Map<string, Node>();
  const hasSeen = (node: Node): boolean => (isConstant(node) ? weights : values).get(node.name) === node;
  for (const node of graph.nodes) {
    const named = isConstant(node) ? weights : values;
    invariant(!named.has(node.name), () => `${node.name} is unique`);
    for (const operand of inputsOf(node))
      invariant(hasSeen(operand), () => `${operand.name} stands before its user ${node.name}`);
    if (isOp(node)) verifyOp(node);
    if (node.op === 'constant' && node.data)
      invariant(node.data.length === sizeOf(node.type.shape), () => `${node.name} has its length`);
    named.set(node.name, node);
  }
  for (const { name, node } of [...graph.inputs, ...graph.outputs])
    invariant(hasSeen(node), () => `${name} is a node of the graph`);
  invariant(
    new Set(graph.outputs.map(({ name }) => name)).size === graph.outputs.length,
    'outputs differ in name',
  );
  return graph;
}

function verifyOp(node: OpNode): void {
  verifyFields(node.name, node.op, node.attrs, node.operands);
  for (const step of node.epilogue) {
    invariant(
      OPS[step.op].kind === 'scalar',
      () => `${step.op} in the epilogue of ${node.name} is element-wise`,
    );
    const [first, ...others] = Object.keys(operatorOf(step.op).operands);
    invariant(
      others.join() === Object.keys(step.operands).join(),
      () => `${step.op} in the epilogue of ${node.name} has its operands after ${first}`,
    );
  }
  const inferred = inferredType(node);
  invariant(
    sameType(inferred, node.type),
    () => `${node.name} is ${showType(node.type)}, its operator infers ${showType(inferred)}`,
  );
}

function verifyFields(name: string, op: OpName, attrs: object, operands: object): void {
  const { operands: operandSpecs, attrs: attrSpecs } = operatorOf(op);
  for (const operand in operandSpecs) {
    const multiplicity = operandSpecs[operand];
    const value: unknown = Reflect.get(operands, operand);
    const isRight =
      multiplicity === 'many' ? Array.isArray(value) : multiplicity === 'optional' || value !== undefined;
    invariant(isRight, () => `${op} ${name} has its operand ${operand}`);
  }
  for (const attr in attrSpecs) {
    const spec = attrSpecs[attr]!;
    const value: unknown = Reflect.get(attrs, attr);
    const isRight = spec.words
      ? spec.words.some((word) => word === value)
      : sortOf(value) === sortOf(spec.default);
    invariant(isRight, () => `${op} ${name} has a proper ${attr}`);
  }
}

const sortOf = (value: unknown): string => (Array.isArray(value) ? 'list' : typeof value);

function inferredType(node: OpNode) {
  try {
    return inferType(node);
  } catch (error) {
    if (error instanceof Refusal)
      throw new Error(`cnnc bug: ${node.name}: ${error.message}`, { cause: error });
    throw error;
  }
}
