// Attention and what goes with it, of the operators that there are: products, softmax, arithmetic.
import { add } from '../../ops/add.ts';
import { sub } from '../../ops/arithmetic.ts';
import { less, lessOrEqual } from '../../ops/comparison.ts';
import { tanh } from '../../ops/activation.ts';
import { mul } from '../../ops/mul.ts';
import { refuse } from '../../support/refusal.ts';
import type { Call, Import } from '../call.ts';
import type { Value } from '../value.ts';
import { alongAxis } from './along-axis.ts';
import { addAxes } from './drop-axes.ts';
import { apply, choose, combine } from './elementwise.ts';
import { partOf, pick, stretched } from './indexing.ts';
import { multiply } from './matrix.ts';
import { softmaxAlong } from './normalization.ts';
import { regroup } from './regroup.ts';
import { join } from './shape.ts';
import { permuted } from './shuffles.ts';

/** What no softmax gives a share: finite, so that a row of nothing else is no ∞ − ∞. */
const LOWEST = -1e30;

/** (batch, heads, positions, numbers), which three axes have as (batch, positions, heads · numbers). */
function inHeads(call: Call, x: Value, attribute: string): Value {
  if (x.dims.length === 4) return x;
  const [batch, positions, size] = x.dims as [number, number, number];
  const heads = call.int(attribute, 0);
  if (x.dims.length !== 3 || !(heads >= 1) || size % heads !== 0)
    refuse('E043', `${x.dims.join('×')} do not make ${heads} heads`);
  return permuted(regroup(call, x, [batch, positions, heads, size / heads]), [0, 2, 1, 3]);
}

function outOfHeads(call: Call, x: Value): Value {
  const [batch, heads, positions, size] = x.dims as [number, number, number, number];
  return regroup(call, permuted(x, [0, 2, 1, 3]), [batch, positions, heads * size]);
}

/** Each head of keys or values for as many heads of queries. */
function repeated(call: Call, x: Value, heads: number): Value {
  const [batch, own, positions, size] = x.dims as [number, number, number, number];
  if (heads % own !== 0) refuse('E043', `${heads} heads of queries do not share ${own} of keys`);
  if (heads === own) return x;
  const times = heads / own;
  const wide = stretched(call, addAxes(call, x, new Set([2])), [batch, own, times, positions, size]);
  return regroup(call, wide, [batch, heads, positions, size]);
}

/** A mask that is as wide as there are keys: what it does not reach is hidden. */
function widened(call: Call, mask: Value, columns: number): Value {
  const last = mask.dims.length - 1;
  const missing = columns - (mask.dims[last] ?? columns);
  if (missing <= 0 || mask.dims[last] === 1) return mask;
  const dims = mask.dims.with(last, missing);
  const rest = call.make(dims).fill(mask.sort === 'bool' ? 0 : LOWEST);
  return join(call, [mask, call.constant(rest, dims, 'rest', mask)], last);
}

/** Conditions on where a key is: not beyond its item's length, and within bounds of the query's own place. */
function windowsOf(call: Call, past: number, rows: number, columns: number): Value[] {
  const lengths = call.optional(6);
  const column = call.constant(
    Float32Array.from({ length: columns }, (_, i) => i),
    [columns],
    'places',
    'int',
  );
  const row = call.constant(
    Float32Array.from({ length: rows }, (_, i) => i),
    [rows, 1],
    'places',
    'int',
  );
  const items = lengths && alongAxis(call, lengths, 0, 4);
  const offset = items ? combine(call, sub, items, call.scalar(rows)) : call.scalar(past);
  const relative = combine(call, sub, column, combine(call, add, row, offset));
  const [left, right] = [call.int('left_window_size', -1), call.int('right_window_size', -1)];
  const last = call.flag('is_causal', false) ? 0 : right;
  return [
    ...(items ? [combine(call, less, column, items, 'bool')] : []),
    ...(last >= 0 ? [combine(call, lessOrEqual, relative, call.scalar(last), 'bool')] : []),
    ...(left >= 0 ? [combine(call, lessOrEqual, call.scalar(-left), relative, 'bool')] : []),
  ];
}

/** Scores without those that a mask hides. */
function masked(call: Call, scores: Value, past: number): Value {
  const [rows, columns] = scores.dims.slice(-2) as [number, number];
  const given = call.optional(3);
  const mask = given && widened(call, given, columns);
  const isAdded = mask && mask.sort !== 'bool';
  const shifted = isAdded ? combine(call, add, scores, mask) : scores;
  const conditions = windowsOf(call, past, rows, columns);
  return [...(mask && !isAdded ? [mask] : []), ...conditions].reduce(
    (seen, condition) => choose(call, condition, seen, call.scalar(LOWEST)),
    shifted,
  );
}

/** What a query that sees nothing gives is nothing. */
function sharesOf(call: Call, seen: Value): Value {
  const isHidden = combine(call, less, seen, call.scalar(LOWEST / 2), 'bool');
  return choose(call, isHidden, call.scalar(0), softmaxAlong(call, seen, [3]));
}

const attention: Import = (call) => {
  const isFlat = call.input(0).dims.length === 3;
  const q = inHeads(call, call.input(0), 'q_num_heads');
  const [ownKeys, ownValues] = [1, 2].map((i) => inHeads(call, call.input(i), 'kv_num_heads')) as [
    Value,
    Value,
  ];
  const behind = (i: number, own: Value) => {
    const past = call.optional(i);
    return past ? join(call, [past, own], 2) : own;
  };
  const [keys, values] = [behind(4, ownKeys), behind(5, ownValues)];
  const [, heads, , size] = q.dims as [number, number, number, number];
  const scale = call.scalar(call.float('scale', 1 / Math.sqrt(size)));
  const turned = permuted(repeated(call, keys, heads), [0, 1, 3, 2]);
  const scores = multiply(call, combine(call, mul, q, scale), turned);
  const cap = call.float('softcap', 0);
  const capped =
    cap === 0
      ? scores
      : combine(
          call,
          mul,
          apply(call, tanh, combine(call, mul, scores, call.scalar(1 / cap))),
          call.scalar(cap),
        );
  const seen = masked(call, capped, keys.dims[2]! - ownKeys.dims[2]!);
  const shares = seen === capped ? softmaxAlong(call, seen, [3]) : sharesOf(call, seen);
  const result = multiply(call, shares, repeated(call, values, heads));
  const stages = [scores, capped, seen, shares] as const;
  const shown = stages[call.int('qk_matmul_output_mode', 0)];
  return [isFlat ? outOfHeads(call, result) : result, keys, values, shown];
};

/** Pairs of numbers turned by angles, whose cosines and sines are given for each position. */
const rotaryEmbedding: Import = (call) => {
  const isFlat = call.input(0).dims.length === 3;
  const x = inHeads(call, call.input(0), 'num_heads');
  const [batch, heads, positions, size] = x.dims as [number, number, number, number];
  const turning = call.int('rotary_embedding_dim', 0) || size;
  if (!(turning > 0 && turning <= size && turning % 2 === 0))
    refuse('E090', `it turns ${turning} of ${size} numbers`);
  const half = turning / 2;
  const part = (from: number, count: number, step = 1) =>
    partOf(call, x, [{ axis: 3, start: from, size: count, step }]);
  const isInterleaved = call.flag('interleaved', false);
  const [a, b] = isInterleaved ? [part(0, half, 2), part(1, half, 2)] : [part(0, half), part(half, half)];
  const [cos, sin] = [1, 2].map((i) => {
    const ids = call.optional(3);
    const given = call.input(i);
    if (given.dims.length !== (ids ? 2 : 3)) refuse('E043', `its angles are ${given.dims.join('×')}`);
    const own = ids ? regroup(call, pick(call, given, 0, ids), [...ids.dims, given.dims.at(-1)!]) : given;
    const used = partOf(call, own, [{ axis: own.dims.length - 1, start: 0, size: half, step: 1 }]);
    return addAxes(call, used, new Set([1]));
  }) as [Value, Value];
  const first = combine(call, sub, combine(call, mul, cos, a), combine(call, mul, sin, b));
  const second = combine(call, add, combine(call, mul, sin, a), combine(call, mul, cos, b));
  const pairs = isInterleaved
    ? join(
        call,
        [first, second].map((value) => addAxes(call, value, new Set([4]))),
        4,
      )
    : join(call, [first, second], 3);
  const turned = regroup(call, pairs, [batch, heads, positions, turning]);
  const whole = turning === size ? turned : join(call, [turned, part(turning, size - turning)], 3);
  return isFlat ? outOfHeads(call, whole) : whole;
};

export const ATTENTION: Readonly<Record<string, Import>> = {
  Attention: attention,
  RotaryEmbedding: rotaryEmbedding,
};
