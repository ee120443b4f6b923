// What a program is made of, before it is text.
import type { ConstantNode, Node } from '../ir/graph.ts';

/** One use of a word: what becomes `CONV(64, 3, stride=2) as conv1`. */
export interface Phrase {
  readonly word: string;
  readonly args: readonly Arg[];
  /** What flows in, or what a merge joins; a weight stands for itself, a number for its text. */
  readonly inputs: readonly (Node | string)[];
  readonly result: Node;
  /** Weights by the end of their path: `weight`, `norm.bias`. */
  readonly weights: Readonly<Record<string, ConstantNode>>;
  /** The node that it is called after. */
  readonly named: Node;
}

export interface Arg {
  readonly name: string;
  /** As it is written. */
  readonly text: string;
  /** What it would be if it were left out. */
  readonly standard: string | undefined;
  /** Whether blocks may have it as a parameter. */
  readonly isSize: boolean;
  /** A parameter of the block that it stands in. */
  readonly isParameter?: boolean;
}

/** A piece of a chain. */
export type Item =
  | {
      readonly kind: 'phrase';
      readonly phrase: Phrase;
      readonly args: readonly Arg[];
      readonly operands: readonly string[];
      readonly path: string | undefined;
      /** It stands in a block, and `path` is what it is called there. */
      readonly isPlaced?: true;
    }
  /** The head of a chain or an arm. */
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'branch'; readonly arms: readonly Chain[] }
  /** Gives the value that flows a name. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'output'; readonly name: string; readonly hasLabels: boolean }
  | {
      readonly kind: 'block';
      readonly block: BlockPhrase;
      readonly args: readonly Arg[];
      readonly path: string | undefined;
    }
  | {
      readonly kind: 'repeat';
      readonly items: Chain;
      readonly times: number;
      readonly path: string | undefined;
    };

export type Chain = readonly Item[];

/** A block that was found. */
export interface BlockPhrase {
  readonly name: string;
  readonly params: readonly string[];
  readonly body: Chain;
}

/** What is learned and belongs to no layer. */
export const weightPhrase = (constant: ConstantNode): Phrase => ({
  word: 'WEIGHT',
  args: [{ name: 'shape', text: constant.type.shape.join('x'), standard: undefined, isSize: true }],
  inputs: [],
  result: constant,
  weights: { '': constant },
  named: constant,
});

/** The chains with every item, also within arms, replaced by what `f` gives for it. */
export function mapItems(chains: readonly Chain[], f: (item: Item) => Item): Chain[] {
  return chains.map((chain) =>
    chain.map((item) => {
      if (item.kind === 'branch') return { ...item, arms: mapItems(item.arms, f) };
      return f(item);
    }),
  );
}
