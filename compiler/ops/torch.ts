// How operators say themselves in PyTorch: as a Python expression, written for its layout (N, C, spatial axes).
// An operator's mapping stands in its own file. Operands come as expressions that may stand anywhere; a
// constant is the parameter of its module.
import type { TensorType } from '../tensor/types.ts';
import { spatialOf } from '../tensor/window.ts';
import type { AttrSpecs, AttrsOf, OneOperand, OperandsOf, OperandSpecs, PairOperands } from './define.ts';
import { channelsFirst, channelsLast } from './onnx.ts';

/** What a mapping works with. */
export interface TorchCall<O extends OperandSpecs> {
  /** Types of the operands, in our own layout. */
  readonly types: OperandsOf<O, TensorType>;
  readonly out: TensorType;
  /** The module that has the operator's weights, which the expression `constructor` makes. */
  module(constructor: string): string;
  /** Defines a function beside the class; gives its name, which `definition` has too. */
  helper(name: string, definition: string): string;
}

/** Operands by their names → the result. Throws a `Refusal` (E047) for what PyTorch cannot say. */
export type TorchMapping<O extends OperandSpecs, A extends AttrSpecs> = (
  operands: OperandsOf<O, string>,
  attrs: AttrsOf<A>,
  call: TorchCall<O>,
) => string;

type Argument = string | number | boolean | readonly number[];

/** `nn.Conv2d(3, 64, 7, stride=2)`: arguments with a name are left out where they are as the second one says. */
export function python(
  callee: string,
  positional: readonly Argument[],
  named: Readonly<Record<string, readonly [value: Argument, byDefault: Argument]>> = {},
): string {
  const written = Object.entries(named)
    .map(([name, [value, byDefault]]) => [name, show(value), show(byDefault)] as const)
    .filter(([, value, byDefault]) => value !== byDefault);
  return `${callee}(${[...positional.map(show), ...written.map(([name, value]) => `${name}=${value}`)].join(', ')})`;
}

/** One number for all axes where they are alike, else a tuple. */
export function show(value: Argument): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : `float("${value}")`;
  if (typeof value === 'string') return value;
  return value.every((each) => each === value[0]) ? String(value[0]) : `(${value.join(', ')})`;
}

/** An operator of one operand that is one function of PyTorch. */
export const asTorch =
  (callee: string, ...more: readonly Argument[]): TorchMapping<OneOperand, AttrSpecs> =>
  ({ x }) =>
    python(callee, [x, ...more]);

type Pair = TorchMapping<PairOperands, AttrSpecs>;

/** Two operands that stretch to each other, as a function or something else; both are tensors. */
export const torchPair =
  (say: string | ((a: string, b: string) => string)): Pair =>
  ({ a, b }, _, { types, out }) => {
    const left = asTensor(stretched(a, types.a, out));
    const right = asTensor(stretched(b, types.b, out));
    return typeof say === 'string' ? python(say, [left, right]) : say(left, right);
  };

/** The same for an operator of Python, which takes numbers too. */
export const asTorchPair =
  (operator: string): Pair =>
  ({ a, b }, _, { types, out }) =>
    `${stretched(a, types.a, out)} ${operator} ${stretched(b, types.b, out)}`;

/** A value of fewer axes than the result, so that it stretches as ours do: along the last axes, channels being the last. */
export function stretched(x: string, { shape }: TensorType, out: TensorType): string {
  const rank = out.shape.length;
  if (shape.length === rank || shape.join() === '1') return x;
  const ones = Array.from({ length: rank - shape.length }, () => 1);
  if (shape.length === 1) return rank === 2 ? x : `${x}.reshape(${[-1, ...ones.slice(1)].join(', ')})`;
  return inTheirOrder(`${inOurOrder(x, shape.length)}.reshape(${[...ones, ...shape].join(', ')})`, rank);
}

/** Numbers of the program become tensors where a function takes nothing else. */
export const asTensor = (x: string): string =>
  /^\(?-?[\d.]|^\(?-?float\(/.test(x) ? `torch.tensor(${x})` : x;

/** `x.permute(0, 3, 1, 2)`: one for several in a row, and `x` where no axis moves. */
export function permuted(x: string, perm: readonly number[]): string {
  const [, inner = x, before] = /^(.*)\.permute\(([\d, ]+)\)$/s.exec(x) ?? [];
  const first = before?.split(', ').map(Number);
  const whole = first ? perm.map((axis) => first[axis]!) : perm;
  return whole.every((axis, i) => axis === i) ? inner : `${inner}.permute(${whole.join(', ')})`;
}

/** A value with its axes in our order, N, spatial axes, C. */
export const inOurOrder = (x: string, rank: number): string =>
  rank < 3 ? x : permuted(x, channelsLast(rank));

/** The other way round. */
export const inTheirOrder = (x: string, rank: number): string =>
  rank < 3 ? x : permuted(x, channelsFirst(Array.from({ length: rank }, (_, axis) => axis)));

/** `Conv1d`, `Conv2d`: what goes with the spatial axes of `x`. */
export const ofRank = (name: string, x: TensorType): string => `${name}${spatialOf(x.shape).length}d`;

/** What begins and ends have in common; undefined where they differ. */
export function bothSides(pad: readonly number[]): readonly number[] | undefined {
  const begins = pad.slice(0, pad.length / 2);
  return begins.every((amount, axis) => amount === pad[axis + begins.length]) ? begins : undefined;
}

/** `x` with a border, `[…begins, …ends]` wide; itself without one. PyTorch counts sides from the last axis. */
export function padded(x: string, pad: readonly number[], value = 0, mode = 'constant'): string {
  if (pad.every((amount) => amount === 0)) return x;
  const rank = pad.length / 2;
  const sides = Array.from({ length: rank }, (_, i) => rank - 1 - i).flatMap((axis) => [
    pad[axis]!,
    pad[axis + rank]!,
  ]);
  return python('F.pad', [x, `(${sides.join(', ')})`], {
    mode: [JSON.stringify(mode), '"constant"'],
    value: [value, 0],
  });
}
