// a = f(x), b = f(x)  ⇒  a, and whoever read b reads a
//
// Valid when operator, attributes, operands and epilogue are the same.
import { isOp, type Node, type OpNode } from '../ir/graph.ts';
import { rebuild } from '../ir/rebuild.ts';
import type { Pass } from './pass.ts';
import { tidy } from './tidy.ts';

export const eliminateCommonSubexpressions: Pass = {
  name: 'eliminate-common-subexpressions',
  doc: 'Computes once what is computed twice.',
  numeric: 'exact',
  run(graph) {
    const numbers = new Map<Node, number>();
    const known = new Map<string, OpNode>();
    const numberOf = (node: Node): number => {
      const number = numbers.get(node) ?? numbers.size;
      numbers.set(node, number);
      return number;
    };
    const shared = rebuild(graph, (node) => {
      if (!isOp(node)) return node;
      const key = JSON.stringify([node.op, node.attrs, node.operands, node.epilogue], (_, value) =>
        isNode(value) ? numberOf(value) : inJson(value),
      );
      const before = known.get(key);
      if (before) return before;
      known.set(key, node);
      return node;
    });
    return shared === graph ? graph : tidy(shared);
  },
};

/** Numbers that JSON does not tell apart, spelled out: to it infinities are null, and −0 is 0. */
const inJson = (value: unknown): unknown => {
  if (typeof value !== 'number' || (Number.isFinite(value) && !Object.is(value, -0))) return value;
  return { number: Object.is(value, -0) ? '-0' : String(value) };
};

/** Nodes are what has a name and a type; attributes and steps have not. */
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'name' in value && 'type' in value;
