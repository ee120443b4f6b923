import { isOp, type Graph, type OpNode, type Origin } from '../ir/graph.ts';
import type { PassRun } from './pass.ts';

/** What a pass did to one operator, told by the user's layers. */
export interface Change {
  readonly pass: string;
  /** The operator's name and what it was. */
  readonly name: string;
  readonly op: string;
  /** What does its work now, perhaps under the same name; absent when nothing needs to. */
  readonly into?: { readonly name: string; readonly op: string };
  /** The layer of the program that it came from. */
  readonly origin: Origin;
}

/**
 * Seen from outside: what is no longer there, and which operator now has its origins. So no pass needs
 * to keep a record, and none can forget to.
 */
export function changesOf({ pass, before, after }: PassRun): Change[] {
  if (before === after) return [];
  const now = new Map(operators(after).map((node) => [node.name, node]));
  return operators(before).flatMap((node): Change[] => {
    const same = now.get(node.name);
    if (same?.op === node.op) return [];
    const heir = same ?? heirOf(node, now.values());
    const into = heir && { name: heir.name, op: heir.op };
    const { name, op, origins } = node;
    return [{ pass: pass.name, name, op, ...(into && { into }), origin: origins[0]! }];
  });
}

const operators = (graph: Graph): OpNode[] => graph.nodes.filter(isOp);

/** The operator that has all origins of another one, if any. */
function heirOf({ origins }: OpNode, candidates: Iterable<OpNode>): OpNode | undefined {
  for (const candidate of candidates)
    if (origins.every((origin) => candidate.origins.includes(origin))) return candidate;
  return undefined;
}

/** `conv1.relu (relu) went into conv1 (fuse-epilogues)` */
export function describeChange({ pass, name, op, into }: Change): string {
  const what = !into ? 'is gone' : into.name === name ? `became ${into.op}` : `went into ${into.name}`;
  return `${name} (${op}) ${what} (${pass})`;
}
