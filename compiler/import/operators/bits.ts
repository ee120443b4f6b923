// Operators on the bits of whole numbers, and of numbers that are none.
import { div, pow, sub } from '../../ops/arithmetic.ts';
import { bitwiseAnd, bitwiseOr, bitwiseXor, isInf, isNaN } from '../../ops/bits.ts';
import { and, less } from '../../ops/comparison.ts';
import { floor, round } from '../../ops/functions.ts';
import { mul } from '../../ops/mul.ts';
import { refuse } from '../../support/refusal.ts';
import type { Import } from '../call.ts';
import type { Value } from '../value.ts';
import { apply, combine } from './elementwise.ts';

/** How many numbers an unsigned type has. */
const COUNTS: ReadonlyMap<string, number> = new Map([
  ['uint8', 2 ** 8],
  ['uint16', 2 ** 16],
  ['uint32', 2 ** 32],
  ['uint64', 2 ** 64],
]);

const bitwise =
  (op: typeof bitwiseAnd | typeof bitwiseOr | typeof bitwiseXor): Import =>
  (call) => {
    const [a, b] = [call.input(0), call.input(1)];
    const type = a.type ?? b.type;
    return { ...combine(call, op, a, b, 'int'), ...(type !== undefined && { type }) };
  };

/** −1 − x of a number with a sign, the largest number less x of one without. */
const complement: Import = (call) => {
  const x = call.input(0);
  const count = COUNTS.get(x.type ?? '') ?? 0;
  if (count > 2 ** 24) refuse('E091', `it gives whole numbers of ${x.type} that float32 does not hold`);
  return {
    ...combine(call, sub, call.scalar(count - 1, 'int'), x),
    ...(x.type !== undefined && { type: x.type }),
  };
};

/** Times or by a power of 2; what is shifted out on the left is gone. */
const shift: Import = (call) => {
  const [x, by] = [call.input(0), call.input(1)];
  const factor = apply(call, round, combine(call, pow, call.scalar(2, 'int'), by));
  if (call.word('direction', ['LEFT', 'RIGHT']) === 'RIGHT')
    return apply(call, floor, combine(call, div, x, factor));
  const shifted = combine(call, mul, x, factor);
  const count = COUNTS.get(x.type ?? '');
  if (count === undefined) return shifted;
  const turns = apply(call, floor, combine(call, div, shifted, call.scalar(count)));
  return { ...combine(call, sub, shifted, combine(call, mul, turns, call.scalar(count))), type: x.type! };
};

/** Infinities of one sign, or of both. */
const infinite: Import = (call) => {
  const x = call.input(0);
  const [negative, positive] = [call.flag('detect_negative', true), call.flag('detect_positive', true)];
  const is: Value = { ...apply(call, isInf, x), sort: 'bool' };
  if (negative && positive) return is;
  const zero = call.scalar(0);
  if (!negative && !positive) return combine(call, mul, is, zero, 'bool');
  const side = negative ? combine(call, less, x, zero) : combine(call, less, zero, x);
  return combine(call, and, is, side, 'bool');
};

export const BITS: Readonly<Record<string, Import>> = {
  BitwiseAnd: bitwise(bitwiseAnd),
  BitwiseOr: bitwise(bitwiseOr),
  BitwiseXor: bitwise(bitwiseXor),
  BitwiseNot: complement,
  BitShift: shift,
  IsInf: infinite,
  IsNaN: (call) => ({ ...apply(call, isNaN, call.input(0)), sort: 'bool' }),
};
