// A stretch of a chain, and what two of them must have in common to be said once.
import type { Arg, Chain, Item } from '../phrase.ts';

/** A stretch of a chain. */
export interface Stretch {
  readonly chain: Chain;
  readonly from: number;
  readonly items: Chain;
}

/** A merge stays with its branch. */
export function isWhole(items: Chain): boolean {
  const first = items[0]!;
  const startsOpen = first.kind === 'phrase' && first.phrase.inputs.length > 1 && first.operands.length === 0;
  return !startsOpen && items.at(-1)!.kind !== 'branch';
}

/** What two pieces must have in common to be the same but for sizes; undefined for what cannot stand in a block. */
export function keyOf(item: Item): string | undefined {
  switch (item.kind) {
    case 'phrase': {
      const { word } = item.phrase;
      const isClosed = item.operands.every((operand) => operand === '_' || /^-?[\d.]/.test(operand));
      if (word === 'INPUT' || !isClosed) return undefined;
      const args = item.args.map(({ name, text, isSize }) => (isSize ? name : `${name}=${text}`));
      return `${word}(${[...item.operands, ...args].join()})${item.phrase.inputs.length}`;
    }
    case 'branch': {
      const arms = item.arms.map((arm) =>
        arm.map((each, i) => (i === 0 && isSkip(each) ? 'SKIP' : keyOf(each))),
      );
      return arms.some((arm) => arm.includes(undefined))
        ? undefined
        : `{${arms.map((arm) => arm.join('>')).join('|')}}`;
    }
    case 'block':
      return `${item.block.name}:`;
    case 'repeat': {
      const keys = item.items.map(keyOf);
      return keys.includes(undefined) || item.path !== undefined
        ? undefined
        : `[${keys.join('>')}]*${item.times}`;
    }
    case 'value':
    case 'name':
    case 'output':
      return undefined;
  }
}

const isSkip = (item: Item): boolean => item.kind === 'value' && item.name === 'SKIP';

export const sizeOf = (items: Chain): number =>
  items.reduce(
    (sum, item) =>
      sum +
      (item.kind === 'branch' ? item.arms.reduce((all, arm) => all + sizeOf(arm), 0) : isSkip(item) ? 0 : 1),
    0,
  );

/** All sizes of a stretch, in order. */
export const sizesOf = (items: Chain): Arg[] =>
  items.flatMap((item) => {
    if (item.kind === 'branch') return item.arms.flatMap(sizesOf);
    if (item.kind === 'repeat') return sizesOf(item.items);
    if (item.kind === 'block') return item.args;
    return item.kind === 'phrase' ? item.args.filter(({ isSize }) => isSize) : [];
  });

export const actsOf = (items: Chain): Arg[] =>
  items.flatMap((item) => {
    if (item.kind === 'branch') return item.arms.flatMap(actsOf);
    if (item.kind === 'repeat') return actsOf(item.items);
    return item.kind === 'phrase' ? item.args.filter(({ name }) => name === 'act') : [];
  });

/** Key and sizes: the same text. */
export const spelled = (items: Chain): string =>
  JSON.stringify([
    items.map(keyOf),
    sizesOf(items).map(({ text, standard }) => [text, standard]),
    actsOf(items).map(({ standard }) => standard),
  ]);
