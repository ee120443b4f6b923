import { OPS, type OpName } from '../ops/index.ts';
import { invariant } from '../support/assert.ts';
import { Refusal } from '../support/refusal.ts';
import { sameShape, sameType, showType, sizeOf, type Shape } from '../tensor/types.ts';
import { channelsOf } from '../tensor/window.ts';
import { isAlike } from './alike.ts';
import { attributeFault } from './attribute-faults.ts';
import { forEachInput, isConstant, isLayer, isOp, type Graph, type Node, type OpNode } from './graph.ts';
import { inferType, operatorOf, resultOperand } from './semantics.ts';

/**
 * Checks every invariant of graph.ts; a violation is a bug of whoever made the graph, and throws.
 * Passes do not check again what this guarantees.
 */
export function verify(graph: Graph): Graph {
  // By name. Weights have names of their own.
  const values = new Map<string, Node>();
  const weights = new Map<string, Node>();
  const hasSeen = (node: Node): boolean => (isConstant(node) ? weights : values).get(node.name) === node;
  const lastOf = new Map<OpName, OpNode>();
  for (const [at, node] of graph.nodes.entries()) {
    const named = isConstant(node) ? weights : values;
    forEachInput(node, (operand) => {
      const isSeen = isJustBefore(graph.nodes, at, operand) || hasSeen(operand);
      invariant(isSeen, () => `${operand.name} stands before its user ${node.name}`);
    });
    if (isOp(node)) {
      const last = lastOf.get(node.op);
      if (!last || !isAlike(node, last)) verifyOp(node);
      lastOf.set(node.op, node);
    } else invariant(isShape(node.type.shape), () => `${node.name} has sizes`);
    if (node.op === 'constant' && node.data)
      invariant(node.data.length === sizeOf(node.type.shape), () => `${node.name} has its length`);
    const before = named.size;
    named.set(node.name, node);
    invariant(named.size > before, () => `${node.name} is unique`);
  }
  invariant(graph.outputs.length > 0, 'a graph has an output');
  for (const { name, node } of [...graph.inputs, ...graph.outputs])
    invariant(hasSeen(node), () => `${name} is a node of the graph`);
  invariant(
    new Set(graph.outputs.map(({ name }) => name)).size === graph.outputs.length,
    'outputs differ in name',
  );
  return graph;
}

/** Where most operands stand; a look at them is quicker than one at all names. */
function isJustBefore(nodes: readonly Node[], at: number, node: Node): boolean {
  for (let before = at - 1; before >= 0 && before >= at - 3; before--)
    if (nodes[before] === node) return true;
  return false;
}

/** Checks one use of an operator, whose operands have been checked. */
export function verifyOp(node: OpNode): void {
  verifyUse(node);
  invariant(
    node.epilogue.length === 0 || OPS[node.op].kind !== 'view',
    () => `${node.op} ${node.name} stores nothing, and so has no epilogue`,
  );
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
    verifyAttributes(step.op, step.attrs, node.type.shape);
  }
  const inferred = inferredType(node);
  invariant(
    sameType(inferred, node.type) && isShape(inferred.shape),
    () => `${node.name} is ${showType(node.type)}, its operator infers ${showType(inferred)}`,
  );
  if (isLayer(node) && node.operands.bias)
    invariant(
      sameShape(node.operands.bias.type.shape, [channelsOf(inferred.shape)]),
      () => `the bias of ${node.op} ${node.name} has a number for each of its channels`,
    );
}

/** Axes with sizes; a size of 0 comes from slices of nothing. */
export const isShape = (shape: Shape): boolean =>
  shape.length > 0 && shape.every((size) => Number.isSafeInteger(size) && size >= 0);

function verifyUse({ op, name, operands, attrs }: OpNode): void {
  const given: Readonly<Record<string, Node | readonly Node[] | undefined>> = operands;
  const specs = operatorOf(op).operands;
  for (const operand in specs) {
    const value = given[operand];
    const isRight =
      specs[operand] === 'many'
        ? Array.isArray(value) && value.length > 0
        : specs[operand] === 'optional' || value !== undefined;
    invariant(isRight, () => `${op} ${name} has its operand ${operand}`);
  }
  const [x] = [given[resultOperand(op)] ?? []].flat();
  invariant(x, () => `${op} ${name} reads a value`);
  verifyAttributes(op, attrs, x.type.shape);
}

function verifyAttributes(op: OpName, attrs: OpNode['attrs'], x: Shape): void {
  const fault = attributeFault(op, attrs, x);
  invariant(fault === undefined, () => fault!);
}

function inferredType(node: OpNode) {
  try {
    return inferType(node);
  } catch (error) {
    if (error instanceof Refusal)
      throw new Error(`cnnc bug: ${node.name}: ${error.message}`, { cause: error });
    throw error;
  }
}
