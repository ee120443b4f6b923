// transpose(transpose(x))  ⇒  transpose(x), or x
//
// An imported model goes to channels-last and back between its own layout and that of the operators' mappings.
import type { OnnxNode } from './model.ts';

/** The nodes with transposes of transposes made one, and without those that nothing reads any more. */
export function withoutTransposesInARow(
  nodes: readonly OnnxNode[],
  outputs: readonly string[],
): readonly OnnxNode[] {
  const makers = new Map<string, OnnxNode>();
  const same = new Map<string, string>();
  for (const node of nodes) {
    const inputs = node.inputs.map((input) => same.get(input) ?? input);
    const merged = merge({ ...node, inputs }, makers);
    if (typeof merged === 'string') same.set(node.output, merged);
    else makers.set(node.output, merged);
  }
  const read = new Set(outputs);
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
  const [first] = node.inputs;
  const before = makers.get(first ?? '');
  if (node.op !== 'Transpose' || before?.op !== 'Transpose') return node;
  const inner = permOf(before);
  const perm = permOf(node).map((axis) => inner[axis]!);
  if (perm.every((axis, i) => axis === i)) return before.inputs[0]!;
  return { ...node, inputs: before.inputs, attributes: { perm } };
}

const permOf = ({ attributes }: OnnxNode): readonly number[] => attributes['perm'] as readonly number[]; // we wrote it
