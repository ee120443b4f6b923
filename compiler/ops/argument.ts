// The kinds of argument that keywords take: what a written value must look like, and what it becomes.
import { isPortName } from '../support/names.ts';
import type { TensorType } from '../tensor/types.ts';

/** A value of the graph, as far as operators need to know it. */
export interface Value {
  readonly type: TensorType;
  /** The operator that makes it; `constant` for weights and numbers. */
  readonly op: string;
}

/** An expression of the language, evaluated. */
export type Written =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'sizes'; readonly sizes: readonly (number | null)[] }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'tuple'; readonly elements: readonly Written[] }
  | { readonly kind: 'value'; readonly name: string; readonly value: Value };

export interface ArgSpec<T> {
  readonly doc: string;
  /** In messages and tables: `a whole number`. */
  readonly expects: string;
  /** Absent where a rule decides, or where the argument may be left out. */
  readonly default?: T;
  /** For an argument without a fixed default: how it is decided. */
  readonly rule?: string;
  /** Words that may stand for it; suggestions choose from them. */
  readonly words?: readonly string[];
  /** Numbers beyond this are not read. */
  readonly most?: number;
  /** How large something is: what layers that are otherwise alike may differ in. */
  readonly isSize?: true;
  /** Undefined when the value is not of this sort. */
  read(written: Written): T | undefined;
  /** As it would be written. */
  show(value: T): string;
}
export type ArgSpecs = Readonly<Record<string, ArgSpec<unknown>>>;

/** What `build` gets: an argument without a default is undefined where it was not written. */
export type ArgsOf<A extends ArgSpecs> = {
  readonly [K in keyof A]: A[K] extends { readonly default: infer T }
    ? T
    : A[K] extends ArgSpec<infer T>
      ? T | undefined
      : never;
};

/** Gives an argument a default. */
export const withDefault = <T>(spec: ArgSpec<T>, value: T): ArgSpec<T> & { readonly default: T } => ({
  ...spec,
  default: value,
});

/** Says how an argument without a default is decided. */
export const byRule = <T>(spec: ArgSpec<T>, rule: string): ArgSpec<T> => ({ ...spec, rule });

/** Largest whole number that an argument may be: far above any real size, far below trouble. */
const MAX_WHOLE = 2 ** 31 - 1;

const whole = (value: number, least: number): number | undefined =>
  Number.isInteger(value) && value >= least && value <= MAX_WHOLE ? value : undefined;

/** A whole number of at least 1. */
export const count = (doc: string): ArgSpec<number> => ({
  doc,
  expects: 'a whole number of at least 1',
  most: MAX_WHOLE,
  isSize: true,
  read: (written) => (written.kind === 'number' ? whole(written.value, 1) : undefined),
  show: String,
});

/** A whole number of at least 0. */
export const whole0 = (doc: string): ArgSpec<number> => ({
  doc,
  expects: 'a whole number of at least 0',
  most: MAX_WHOLE,
  read: (written) => (written.kind === 'number' ? whole(written.value, 0) : undefined),
  show: String,
});

/** Any finite number. */
export const number = (doc: string): ArgSpec<number> => ({
  doc,
  expects: 'a number',
  read: (written) =>
    written.kind === 'number' && Number.isFinite(written.value) ? written.value : undefined,
  show: String,
});

const INFINITIES: Readonly<Record<string, number>> = { infinity: Infinity, minus_infinity: -Infinity };

/** Any number; there are words for those that are not finite. */
export const numberOrInfinity = (doc: string): ArgSpec<number> => ({
  ...number(doc),
  expects: 'a number, infinity or minus_infinity',
  words: Object.keys(INFINITIES),
  read: (written) =>
    written.kind === 'word' && Object.hasOwn(INFINITIES, written.text)
      ? INFINITIES[written.text]
      : number(doc).read(written),
  show: (value) => Object.keys(INFINITIES).find((word) => INFINITIES[word] === value) ?? String(value),
});

/** A part of a whole. */
export const share = (doc: string): ArgSpec<number> => ({
  ...number(doc),
  expects: 'a number from 0 to 1',
  read: (written) =>
    written.kind === 'number' && written.value >= 0 && written.value <= 1 ? written.value : undefined,
});

/** `true` or `false`. */
export const flag = (doc: string): ArgSpec<boolean> => ({
  doc,
  expects: 'true or false',
  words: ['true', 'false'],
  read: (written) =>
    written.kind === 'word' && /^(true|false)$/.test(written.text) ? written.text === 'true' : undefined,
  show: String,
});

/** One of some words; the first is the default. */
export function oneOf<const W extends string>(
  words: readonly [W, ...W[]],
  doc: string,
): ArgSpec<W> & { readonly default: W } {
  return {
    doc,
    expects: words.length === 2 ? words.join(' or ') : `one of ${words.join(', ')}`,
    default: words[0],
    words,
    read: (written) => (written.kind === 'word' ? words.find((word) => word === written.text) : undefined),
    show: (value) => value,
  };
}

/** A text in quotes. */
export const text = (doc: string): ArgSpec<string> => ({
  doc,
  expects: 'a text in quotes',
  read: (written) => (written.kind === 'string' ? written.text : undefined),
  show: (value) => JSON.stringify(value),
});

/** The name of an input or an output of the network. */
export const portName = (doc: string): ArgSpec<string> => ({
  ...text(doc),
  expects: 'a name in quotes, of up to 200 signs that can be seen, and not __proto__',
  read: (written) => (written.kind === 'string' && isPortName(written.text) ? written.text : undefined),
});

/** A value in scope, by its name. */
export const reference = (doc: string): ArgSpec<{ name: string; value: Value }> => ({
  doc,
  expects: 'the name of a value',
  read: (written) => (written.kind === 'value' ? written : undefined),
  show: ({ name }) => name,
});

/** One number for all axes, or one for each: `3`, `(3, 5)`, `3x5`. */
export type PerAxis = number | readonly number[];

export const perAxis = (doc: string): ArgSpec<PerAxis> => ({
  doc,
  expects: 'a whole number of at least 1, or one for each axis such as (3, 5)',
  most: MAX_WHOLE,
  isSize: true,
  read: (written) => readNumbers(written, (value) => whole(value, 1)),
  show: showNumbers,
});

/** As `perAxis`, with 0 allowed. */
export const perAxis0 = (doc: string): ArgSpec<PerAxis> => ({
  doc,
  expects: 'a whole number of at least 0, or one for each axis such as (0, 1)',
  most: MAX_WHOLE,
  isSize: true,
  read: (written) => readNumbers(written, (value) => whole(value, 0)),
  show: showNumbers,
});

/** Axes that a value may have. */
export const MOST_AXES = 32;

/** Whole numbers, as many as there are axes to speak of: `2`, `(1, 2)`. */
export const wholes = (doc: string, least = 0): ArgSpec<readonly number[]> => ({
  doc,
  expects:
    least === 0
      ? 'whole numbers of at least 0 such as (1, 2)'
      : least > 0
        ? `whole numbers of at least ${least} such as (1, 2)`
        : 'whole numbers such as (1, -2)',
  most: MAX_WHOLE,
  read: (written) => {
    const read = readNumbers(written, (value) => whole(value, least));
    if (typeof read === 'number') return [read];
    return read && read.length <= MOST_AXES ? read : undefined;
  },
  show: (value) => (value.length === 1 ? String(value[0]) : showNumbers(value)),
});

/** As `wholes`, where they count elements. */
export const lengths = (doc: string, least = 0): ArgSpec<readonly number[]> => ({
  ...wholes(doc, least),
  isSize: true,
});

/** Two whole numbers: `(1, 2)`. */
export const pair = (doc: string): ArgSpec<readonly [number, number]> => ({
  doc,
  expects: 'two whole numbers of at least 0 such as (1, 2)',
  most: MAX_WHOLE,
  read: (written) => {
    const read = wholes(doc).read(written);
    return read?.length === 2 ? [read[0]!, read[1]!] : undefined;
  },
  show: showNumbers,
});

/** A shape: `4x85`, `(4, 85)` or `100`. */
export const sizes = (doc: string): ArgSpec<readonly number[]> => ({
  ...lengths(doc, 1),
  expects: 'sizes such as 16x4, or 100',
  show: (value) => value.join('x'),
});

/** A shape that may have nothing in it. */
export const emptySizes = (doc: string): ArgSpec<readonly number[]> => ({
  ...sizes(doc),
  read: lengths(doc).read,
});

/** One number where all axes have the same. */
export const oneForAll = (values: readonly number[]): PerAxis =>
  values.every((value) => value === values[0]) ? values[0]! : values;

/** One number for all channels, or one for each. */
export const perChannel = (doc: string): ArgSpec<PerAxis> => ({
  doc,
  expects: 'a number, or one for each channel such as (0.485, 0.456, 0.406)',
  read: (written) => readNumbers(written, (value) => (Number.isFinite(value) ? value : undefined)),
  show: showNumbers,
});

/** What something is divided by: one number, or one for each channel, of which none is 0. */
export const divisorPerChannel = (doc: string): ArgSpec<PerAxis> => ({
  ...perChannel(doc),
  expects: 'a number other than 0, or one for each channel such as (0.229, 0.224, 0.225)',
  read: (written) =>
    readNumbers(written, (value) => (Number.isFinite(value) && value !== 0 ? value : undefined)),
});

function readNumbers(written: Written, accept: (value: number) => number | undefined): PerAxis | undefined {
  switch (written.kind) {
    case 'number':
      return accept(written.value);
    case 'sizes':
      return all(written.sizes.map((size) => (size === null ? undefined : accept(size))));
    case 'tuple':
      return all(written.elements.map((part) => (part.kind === 'number' ? accept(part.value) : undefined)));
    case 'word':
    case 'string':
    case 'value':
      return undefined;
  }
}

const all = (values: readonly (number | undefined)[]): readonly number[] | undefined =>
  values.every((value) => value !== undefined) ? values : undefined;

/** `3` or `(3, 5)`. */
export const showNumbers = (value: PerAxis): string =>
  typeof value === 'number' ? String(value) : `(${value.join(', ')})`;
