// Whether two graphs are the same: operators, attributes and how they hang together; and which weight of the
// one is which of the other.
import { isConstant, isOp, type ConstantNode, type Graph, type Node } from '../ir/graph.ts';
import { operatorOf } from '../ir/semantics.ts';
import { sameShape, sameType } from '../tensor/types.ts';

/** For each weight of `said` the one of `meant`, or where the graphs differ. */
export function compare(said: Graph, meant: Graph): ReadonlyMap<string, ConstantNode> | string {
  const weights = new Map<string, ConstantNode>();
  const pairs = new Map<Node, Node>();
  const open: [Node, Node][] = [];
  if (said.outputs.length !== meant.outputs.length) return 'the number of outputs';
  for (const output of meant.outputs) {
    const same = said.outputs.find(({ name }) => name === output.name);
    if (!same) return `output ${output.name}`;
    open.push([same.node, output.node]);
  }
  for (const input of meant.inputs) {
    const same = said.inputs.find(({ name }) => name === input.name);
    if (!same || !sameType(same.node.type, input.node.type)) return `input ${input.name}`;
    if (input.image && JSON.stringify(input.image) !== JSON.stringify(same.image))
      return `the pictures of ${input.name}`;
    pairs.set(same.node, input.node);
  }
  for (let pair = open.pop(); pair; pair = open.pop()) {
    const [a, b] = pair;
    if (isConstant(a) && isConstant(b)) {
      const before = weights.get(a.name);
      if (!sameShape(a.type.shape, b.type.shape) || (before && before !== b)) return `weight ${a.name}`;
      if (a.init !== 'literal') weights.set(a.name, b);
      else if (a.data![0] !== b.data?.[0]) return `number ${a.name}`;
      continue;
    }
    const known = pairs.get(a);
    if (known) {
      if (known !== b) return `the use of ${a.name}`;
      continue;
    }
    if (!isOp(a) || !isOp(b) || a.op !== b.op || !sameType(a.type, b.type)) return `${a.op} ${a.name}`;
    if (spelled(a.attrs) !== spelled(b.attrs)) return `attributes of ${a.op} ${a.name}`;
    pairs.set(a, b);
    for (const [operand] of Object.entries(operatorOf(a.op).operands)) {
      const [left, right] = [listOf(a.operands, operand), listOf(b.operands, operand)];
      if (left.length !== right.length) return `operands of ${a.name}`;
      left.forEach((each, i) => open.push([each, right[i]!]));
    }
  }
  return weights;
}

/** JSON has no infinities, and these are two. */
const spelled = (attrs: object): string =>
  JSON.stringify(
    Object.entries<unknown>({ ...attrs }).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    (_, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value),
  );

function listOf(operands: object, name: string): Node[] {
  const operand: Node | readonly Node[] | undefined = Reflect.get(operands, name);
  return [operand ?? []].flat();
}
