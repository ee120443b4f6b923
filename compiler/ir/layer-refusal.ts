import { Refusal, type Complaint } from '../support/refusal.ts';
import type { Node, Origin } from './graph.ts';

/** A refusal that says which layer is to blame. */
export class LayerRefusal extends Refusal {
  readonly origin: Origin | undefined;

  constructor(complaint: Complaint, origin: Origin | undefined) {
    super(complaint);
    this.origin = origin;
  }
}

/** What is refused while working on a node is blamed on it. Throws a `LayerRefusal` in place of a `Refusal`. */
export function blaming<T>({ origins }: Node, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Refusal) || error instanceof LayerRefusal) throw error;
    throw new LayerRefusal(error.complaint, origins[0]);
  }
}
