import { inputsOf, isConstant, isOp, type Node } from '../ir/graph.ts';
import { advanceOf } from '../ir/semantics.ts';

/** Weights have no stride and do not count. */
const NO_STRIDE = 0;

/** Products of the strides between the inputs of a network and its values, worked out where somebody asks. */
export class Strides {
  readonly #known = new Map<Node, number>();

  /** The largest of those of some values. */
  before(nodes: readonly Node[]): number {
    return nodes.reduce((most, node) => Math.max(most, this.#of(node)), NO_STRIDE);
  }

  #of(node: Node): number {
    if (isConstant(node)) return NO_STRIDE;
    if (!isOp(node)) return 1;
    return this.#known.get(node) ?? this.#workOut(node);
  }

  /** Without recursion: a network may be as deep as its program is long. */
  #workOut(node: Node): number {
    const pending: Node[] = [node];
    for (let next = pending.pop(); next; next = pending.pop()) {
      if (!isOp(next) || this.#known.has(next)) continue;
      const inputs = inputsOf(next);
      const unknown = inputs.filter((input) => isOp(input) && !this.#known.has(input));
      if (unknown.length === 0) this.#known.set(next, this.before(inputs) * advanceOf(next));
      else {
        pending.push(next);
        for (const input of unknown) pending.push(input);
      }
    }
    return this.#known.get(node)!;
  }
}
