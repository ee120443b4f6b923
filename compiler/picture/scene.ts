// What a picture of a network shows: boxes, arrows between them, and frames around blocks and repeats.
// Layout and formats read only this.

/** What an operator does, for its colour. */
export type Category = 'input' | 'weighted' | 'shrink' | 'grow' | 'merge' | 'scalar' | 'output';

/** One operator, with the activations and normalisations that follow it and nothing else. */
export interface Box {
  readonly id: string;
  readonly category: Category;
  /** `CONV 64` */
  readonly title: string;
  /** `3×3 /2 · bn · relu` */
  readonly detail: string;
  /** What a pointer on it shows: its path, and what was decided. */
  readonly hint: string;
  readonly frame?: string;
}

/** A block, a named group, or a repeat. */
export interface Frame {
  readonly id: string;
  /** `Basic · layer1 ×2` */
  readonly title: string;
  readonly frame?: string;
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** `56×56×64`; empty where an arrow from the same box says it already. */
  readonly label: string;
}

export interface Scene {
  readonly name: string;
  readonly boxes: readonly Box[];
  readonly frames: readonly Frame[];
  readonly arrows: readonly Arrow[];
}
