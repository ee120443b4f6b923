// Padding as the language writes it, and as windows need it: `[…begins, …ends]`.
import { refuse } from '../support/refusal.ts';
import { sameShape } from '../tensor/types.ts';
import { extent } from '../tensor/window.ts';
import { oneForAll, showNumbers, withDefault, type ArgSpec, type Written } from './argument.ts';

/** Far more than any network has. */
const MOST = 2 ** 20;

const MODES = ['half', 'valid', 'same', 'same_upper', 'same_lower', 'causal'] as const;
type Mode = (typeof MODES)[number];

/** A mode, one number for all sides, one for each axis, or one for each end of each axis. */
export type Padding = Mode | number | readonly number[];

const padding = (doc = 'Zeros around the input: half keeps the size at stride 1.'): ArgSpec<Padding> => ({
  doc,
  expects: `a whole number of at least 0, (h, w), (top, left, bottom, right), or one of ${MODES.join(', ')}`,
  words: MODES,
  most: MOST,
  isSize: true,
  read: readPadding,
  show: (value) => (typeof value === 'string' ? value : showNumbers(value)),
});

export const halfPadding = withDefault<Padding>(padding(), 'half');
export const noPadding = withDefault<Padding>(padding('Zeros around the input.'), 0);

/** Amounts alone: one number for all sides, one for each axis, or one for each end of each axis. */
export type Sides = number | readonly number[];

export const sides = (doc: string): ArgSpec<Sides> & { readonly default: Sides } =>
  withDefault<Sides>(
    {
      doc,
      expects: 'a whole number of at least 0, (h, w), or (top, left, bottom, right)',
      most: MOST,
      isSize: true,
      read: (written) => {
        const read = readPadding(written);
        return typeof read === 'string' ? undefined : read;
      },
      show: showNumbers,
    },
    1,
  );

/** `[…begins, …ends]` for the amounts that `argument` gives. */
export const resolveSides = (argument: string, amounts: Sides, axes: number): number[] =>
  typeof amounts === 'number'
    ? Array.from({ length: 2 * axes }, () => amounts)
    : explicit(argument, amounts, axes);

/** Top, left, bottom, right of `[…begins, …ends]` over one or two axes. */
export const sides2d = (amounts: readonly number[]): readonly [number, number, number, number] =>
  amounts.length === 2
    ? [0, amounts[0]!, 0, amounts[1]!]
    : [amounts[0]!, amounts[1]!, amounts[2]!, amounts[3]!];

function readPadding(written: Written): Padding | undefined {
  switch (written.kind) {
    case 'number':
      return amount(written.value);
    case 'word':
      return MODES.find((mode) => mode === written.text);
    case 'tuple': {
      const amounts = written.elements.map((e) => (e.kind === 'number' ? amount(e.value) : undefined));
      return amounts.every((value) => value !== undefined) ? amounts : undefined;
    }
    case 'sizes':
    case 'string':
    case 'value':
      return undefined;
  }
}

const amount = (value: number): number | undefined =>
  Number.isInteger(value) && value >= 0 && value <= MOST ? value : undefined;

/** The window that a padding is worked out for. */
interface Around {
  readonly spatial: readonly number[];
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
}

/** `[…begins, …ends]` for a padding as written. Refuses what does not fit the number of axes. */
export function resolvePadding(padding: Padding, around: Around): number[] {
  const axes = around.spatial.length;
  const perAxis = (begin: (axis: number) => number, end = begin): number[] => [
    ...around.spatial.map((_, axis) => begin(axis)),
    ...around.spatial.map((_, axis) => end(axis)),
  ];
  const reach = (axis: number) => extent(around.kernel[axis]!, around.dilation[axis]!) - 1;

  if (typeof padding === 'number') return perAxis(() => padding);
  if (typeof padding === 'object') return explicit('pad', padding, axes);
  switch (padding) {
    case 'half':
      return perAxis((axis) => Math.floor(reach(axis) / 2));
    case 'valid':
      return perAxis(() => 0);
    case 'causal':
      if (axes !== 1)
        refuse('E042', 'pad=causal is for one-dimensional inputs', {
          argument: 'pad',
          help: 'write half, valid, or the four sides as (top, left, bottom, right)',
        });
      return perAxis(reach, () => 0);
    case 'same':
      refuseAmbiguousSame(around);
      return perAxis((axis) => reach(axis) / 2);
    case 'same_upper':
    case 'same_lower': {
      const half = (axis: number): number => {
        const [length, stride] = [around.spatial[axis]!, around.stride[axis]!];
        return Math.max(0, (Math.ceil(length / stride) - 1) * stride + reach(axis) + 1 - length) / 2;
      };
      const less = (axis: number) => Math.floor(half(axis));
      const more = (axis: number) => Math.ceil(half(axis));
      return padding === 'same_upper' ? perAxis(less, more) : perAxis(more, less);
    }
  }
}

/** `[…begins, …ends]` as people write it; `standard` is what they leave out. */
export function writtenPadding(pad: readonly number[], around: Around, standard: 'half' | 0): Padding {
  const modes: readonly Mode[] =
    standard === 0 ? [] : ['half', ...(pad.length === 2 ? (['causal'] as const) : [])];
  const is = (mode: Mode) => sameShape(resolvePadding(mode, around), pad);
  if (pad.every((amount) => amount === 0)) return standard === 'half' && !is('half') ? 'valid' : standard;
  const sides = writtenSides(pad);
  const mode = modes.find(is);
  if (mode !== undefined || typeof sides === 'number' || standard === 0) return mode ?? sides;
  return (['same_upper', 'same_lower'] as const).find(is) ?? sides;
}

/** `[…begins, …ends]` in as few numbers as possible. */
export function writtenSides(amounts: readonly number[]): Sides {
  const half = amounts.length / 2;
  const isEven = half === 2 && amounts.every((amount, i) => amount === amounts[i % half]);
  return oneForAll(isEven ? amounts.slice(0, half) : amounts);
}

function explicit(argument: string, sides: readonly number[], axes: number): number[] {
  if (axes === 2 && sides.length === 2) return [sides[0]!, sides[1]!, sides[0]!, sides[1]!];
  if (sides.length === 2 * axes) return [...sides];
  return refuse('E037', `${argument}=(${sides.join(', ')}) has ${sides.length} numbers`, {
    argument,
    help:
      axes === 2
        ? 'write (h, w) or (top, left, bottom, right)'
        : 'on a one-dimensional input write (left, right)',
  });
}

/** PyTorch, TensorFlow and ONNX agree on `same` only at stride 1 with odd kernels. */
function refuseAmbiguousSame({ stride, kernel, dilation }: Around): void {
  const even = kernel.some((k, axis) => (extent(k, dilation[axis]!) - 1) % 2 !== 0);
  if (!even && stride.every((s) => s === 1)) return;
  refuse('E042', `pad=same is ambiguous for stride ${stride.join('×')} and kernel ${kernel.join('×')}`, {
    argument: 'pad',
    help: 'write half (PyTorch, Caffe), same_upper (TensorFlow, Keras) or a number',
  });
}
