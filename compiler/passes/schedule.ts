// a; b; c; f(a, c); g(b)  ⇒  b; g(b); a; c; f(a, c)
//
// Operators are put in an order that keeps less alive at once, which lowers the arena's peak. Of the
// order as written and a greedy one (always the operator that frees most, compared with what it makes)
// the better is kept; the order as written where they are equal. A graph's values do not depend on it.
import { inputsOf, isOp, type Graph, type Node, type OpNode } from '../ir/graph.ts';
import { operatorOf } from '../ir/semantics.ts';
import { Heap } from '../support/heap.ts';
import { sizeOf } from '../tensor/types.ts';
import type { Pass } from './pass.ts';

export const schedule: Pass = {
  name: 'schedule',
  doc: 'Orders operators so that less memory is needed at once.',
  numeric: 'exact',
  run(graph) {
    const written = graph.nodes.filter(isOp);
    const greedy = greedyOrder(graph, written);
    if (peakOf(graph, greedy) >= peakOf(graph, written)) return graph;
    return { ...graph, nodes: [...graph.nodes.filter((node) => !isOp(node)), ...greedy] };
  },
};

/** The value whose memory a view shows. */
function baseOf(node: Node): Node {
  let base = node;
  while (isOp(base) && operatorOf(base.op).kind === 'view') base = inputsOf(base)[0]!;
  return base;
}

/** Values in memory that a node reads, each once; weights have their own place. */
const readsOf = (node: Node): Set<Node> =>
  new Set(
    inputsOf(node)
      .map(baseOf)
      .filter((input) => input.op !== 'constant'),
  );

const memoryOf = (node: Node): number =>
  isOp(node) && operatorOf(node.op).kind === 'view' ? 0 : sizeOf(node.type.shape);

/** How many operators have yet to read each value; outputs are read at the end. */
function readersLeft(graph: Graph, nodes: readonly OpNode[]): Map<Node, number> {
  const left = new Map<Node, number>();
  const count = (node: Node) => left.set(node, (left.get(node) ?? 0) + 1);
  for (const node of nodes) readsOf(node).forEach(count);
  for (const { node } of graph.outputs) count(baseOf(node));
  return left;
}

/** Elements alive at the worst step. */
function peakOf(graph: Graph, order: readonly OpNode[]): number {
  const left = readersLeft(graph, order);
  let alive = graph.inputs.reduce((sum, { node }) => sum + memoryOf(node), 0);
  let peak = alive;
  for (const node of order) {
    alive += memoryOf(node);
    peak = Math.max(peak, alive);
    alive -= freedBy(node, left);
    for (const input of readsOf(node)) left.set(input, left.get(input)! - 1);
  }
  return peak;
}

/** What may be forgotten after a node has run. */
function freedBy(node: OpNode, left: ReadonlyMap<Node, number>): number {
  let freed = left.has(baseOf(node)) ? 0 : memoryOf(node);
  for (const input of readsOf(node)) if (left.get(input) === 1) freed += memoryOf(input);
  return freed;
}

/** An operator all of whose operands are there, and by how much memory grows when it runs next. */
interface Ready {
  readonly node: OpNode;
  readonly growth: number;
  /** Of those that are as good, the first to be ready runs first. */
  readonly arrival: number;
}

function greedyOrder(graph: Graph, nodes: readonly OpNode[]): OpNode[] {
  const left = readersLeft(graph, nodes);
  const waiting = new Map(
    nodes.map((node) => [node, new Set(inputsOf(node).filter((input) => isOp(input))).size]),
  );
  const users = listsOf(nodes, (node) => new Set(inputsOf(node)));
  const readers = listsOf(nodes, readsOf);

  const queue = new Heap<Ready>(
    (a, b) => a.growth < b.growth || (a.growth === b.growth && a.arrival < b.arrival),
  );
  const ready = new Map<OpNode, Ready>();
  let arrivals = 0;
  const enqueue = (next: Ready) => {
    ready.set(next.node, next);
    queue.push(next);
  };
  const arrive = (node: OpNode) =>
    enqueue({ node, growth: memoryOf(node) - freedBy(node, left), arrival: arrivals++ });
  for (const node of nodes) if (waiting.get(node) === 0) arrive(node);

  const order: OpNode[] = [];
  for (let next = queue.pop(); next; next = queue.pop()) {
    const { node } = next;
    if (ready.get(node) !== next) continue; // it has grown better since, and stands in the queue as that
    ready.delete(node);
    order.push(node);
    for (const input of readsOf(node)) {
      left.set(input, left.get(input)! - 1);
      if (left.get(input) !== 1) continue;
      // Who is left to read it frees it.
      for (const reader of readers.get(input)!) {
        const known = ready.get(reader);
        if (known) enqueue({ ...known, growth: known.growth - memoryOf(input) });
      }
    }
    for (const user of users.get(node) ?? []) {
      waiting.set(user, waiting.get(user)! - 1);
      if (waiting.get(user) === 0) arrive(user);
    }
  }
  return order;
}

/** Who has each value among its own. */
function listsOf(
  nodes: readonly OpNode[],
  valuesOf: (node: OpNode) => Iterable<Node>,
): ReadonlyMap<Node, OpNode[]> {
  const lists = new Map<Node, OpNode[]>();
  for (const node of nodes)
    for (const value of valuesOf(node)) {
      const list = lists.get(value);
      if (list) list.push(node);
      else lists.set(value, [node]);
    }
  return lists;
}
