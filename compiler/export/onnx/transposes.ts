// transpose(transpose(x))  ⇒  transpose(x), or x
//
// An imported model goes to channels-last and back between its own layout and that of the operators' mappings.
import type { OnnxNode } from './model.ts';

/** The nodes with transposes of transposes made one, and without those that nothing reads any more. */
export function withoutTransposesInARow(
  nodes: readonly OnnxNode[],
  outputs: readonly string[],
): readonly OnnxNode[] {
  const read = new Set(outputs);
  const makers = new Map<string, OnnxNode>();
  const same = new Map<string, string>();
  for (const each of nodes) {
    const node = { ...each, inputs: each.inputs.map((input) => same.get(input) ?? input) };
    const merged = merge(node, makers);
    if (typeof merged !== 'string') makers.set(node.output, merged);
    // An output has its own name, also where it is what another value is.
    else if (read.has(node.output)) makers.set(node.output, identity(node, merged));
    else same.set(node.output, merged);
  }
  return [...makers.values()]
    .toReversed()
    .filter(({ output, inputs }) => {
      if (!read.has(output)) return false;
      for (const input of inputs) read.add(input);
      return true;
    })
    .toReversed();
}

/** The node, reading what the transpose before it reads; or the name of what it equals. */
function merge(node: OnnxNode, makers: ReadonlyMap<string, OnnxNode>): OnnxNode | string {
  const [x = ''] = node.inputs;
  const before = makers.get(x);
  const [outer, inner] = [permOf(node), before && permOf(before)];
  if (!before || !outer || !inner) return node;
  const perm = outer.map((axis) => inner[axis]!);
  if (perm.every((axis, i) => axis === i)) return before.inputs[0]!;
  return { ...node, inputs: before.inputs, attributes: { perm } };
}

/** The order of axes that a transpose gives; undefined for other nodes. */
function permOf({ op, attributes: { perm } }: OnnxNode): readonly number[] | undefined {
  return op === 'Transpose' && Array.isArray(perm) ? perm : undefined;
}

const identity = (node: OnnxNode, x: string): OnnxNode => ({
  ...node,
  op: 'Identity',
  inputs: [x],
  attributes: {},
});
