// What a merge joins stands from left to right in the order of the program: CONCAT's channels are in that order.
import type { Edge, Graph } from '@dagrejs/dagre';

/** One thing stands left of another in its rank. */
interface Constraint {
  readonly left: string;
  readonly right: string;
}

/** Orders the ranks as dagre does, under constraints. Arrows are named by their numbers, in the program's order. */
export function orderArms(
  graph: Graph,
  order: (graph: Graph, options: { constraints: Constraint[] }) => void,
): void {
  order(graph, { constraints: constraintsOf(graph) });
}

function constraintsOf(graph: Graph): Constraint[] {
  const right = new Map<string, Set<string>>();
  const constraints: Constraint[] = [];
  for (const node of graph.nodes()) {
    const into: readonly Edge[] = graph.inEdges(node) ?? [];
    const ends = into
      .flatMap(({ v, name }) => {
        const number = arrowFrom(graph, v) ?? name;
        return number === undefined ? [] : [{ end: v, number: Number(number) }];
      })
      .toSorted((a, b) => a.number - b.number);
    for (const [at, { end }] of ends.entries()) {
      const pair = at === 0 ? undefined : apart(graph, ends[at - 1]!.end, end);
      // Merges may disagree: what two of them read stands in one order only.
      if (!pair || reaches(right, pair.right, pair.left)) continue;
      constraints.push(pair);
      right.set(pair.left, (right.get(pair.left) ?? new Set()).add(pair.right));
    }
  }
  return constraints;
}

/** The name of the arrow that bends here; a box is no bend. */
const arrowFrom = (graph: Graph, bend: string): string | undefined =>
  (graph.node(bend) as { readonly edgeObj?: Edge }).edgeObj?.name;

/** The two of which one is to stand left of the other: they, or the frames around them where these differ. */
function apart(graph: Graph, a: string, b: string): Constraint | undefined {
  const [left, right] = [upwards(graph, a), upwards(graph, b)];
  while (left.length > 0 && left.at(-1) === right.at(-1)) {
    left.pop();
    right.pop();
  }
  const [one, other] = [left.at(-1), right.at(-1)];
  return one === undefined || other === undefined ? undefined : { left: one, right: other };
}

function upwards(graph: Graph, node: string): string[] {
  const found = [node];
  for (let above = graph.parent(node); above; above = graph.parent(above)) found.push(above);
  return found;
}

function reaches(next: ReadonlyMap<string, ReadonlySet<string>>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const rest = [from];
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    if (node === to) return true;
    if (seen.has(node)) continue;
    seen.add(node);
    rest.push(...(next.get(node) ?? []));
  }
  return false;
}
