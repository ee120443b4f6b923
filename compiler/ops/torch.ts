// How operators say themselves in PyTorch: as a Python expression, written for its layout (N, C, spatial axes).
// An operator's mapping stands in its own file. Operands come as expressions that may stand anywhere; a
// constant is the parameter of its module.
import { refuse } from '../support/refusal.ts';
import type { TensorType } from '../tensor/types.ts';
import { spatialOf } from '../tensor/window.ts';
import type { AttrSpecs, AttrsOf, OperandsOf, OperandSpecs } from './define.ts';

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
function show(value: Argument): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : `float("${value}")`;
  if (typeof value === 'string') return value;
  return value.every((each) => each === value[0]) ? String(value[0]) : `(${value.join(', ')})`;
}

/** An operator of one operand that is one function of PyTorch. */
export const asTorch =
  (callee: string, ...more: readonly Argument[]): TorchMapping<{ readonly x: 'one' }, AttrSpecs> =>
  ({ x }) =>
    python(callee, [x, ...more]);

/** Two operands that stretch to each other, as an operator, a function or something else. */
export const torchPair =
  (
    say: string | ((a: string, b: string) => string),
  ): TorchMapping<{ readonly a: 'one'; readonly b: 'one' }, AttrSpecs> =>
  ({ a, b }, _, { types }) => {
    if (types.a.shape.length !== types.b.shape.length)
      refuse(
        'E047',
        `PyTorch stretches operands of ${types.a.shape.length} and ${types.b.shape.length} axes otherwise`,
      );
    return typeof say === 'string' ? python(say, [a, b]) : say(a, b);
  };

/** The same for an operator of Python. */
export const asTorchPair = (operator: string) => torchPair((a, b) => `${a} ${operator} ${b}`);

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
