import { invariant } from '../support/assert.ts';
import { refuse } from '../support/refusal.ts';
import { f32 } from '../tensor/types.ts';
import { byRule, wholes } from './argument.ts';
import { attr, defineOp, type OneOperand, type Source } from './define.ts';
import { defineKeyword, says } from './keyword.ts';
import { channelsLast, toOnnxAxis } from './onnx.ts';
import { rearranged } from './rearranged.ts';
import { permuted } from './torch.ts';

/** Axis i of the result is axis perm[i] of the operand. */
const source: Source<OneOperand, typeof attrs> = (at, { perm }) => ({
  at: perm.map((_, axis) => at[perm.indexOf(axis)]!),
});

const attrs = { perm: attr([0], 'Axis of the operand that each axis of the result is.') };

/** The same with channels first, before and after. */
export function channelsFirstPerm(perm: readonly number[]): number[] {
  const places = channelsLast(perm.length);
  return places.map((_, axis) => toOnnxAxis(perm[places.indexOf(axis)]!, perm.length));
}

export const transpose = defineOp({
  name: 'transpose',
  kind: 'rearrangement',
  doc: 'The same elements with their axes in another order.',
  operands: { x: 'one' },
  attrs,
  infer: ({ x: { shape } }, { perm }) => {
    invariant(
      perm.length === shape.length && perm.toSorted((a, b) => a - b).every((p, axis) => p === axis),
      `${perm.join(', ')} is an order of ${shape.length} axes`,
    );
    return f32(...perm.map((axis) => shape[axis]!));
  },
  source,
  evaluate: ({ x }, given, out) => rearranged(x, out, (at) => source(at, given, { x: x.type })),
  onnx: ({ x }, { perm }, { node }) => node('Transpose', [x], { perm: channelsFirstPerm(perm) }),
  torch: ({ x }, { perm }) => permuted(x, channelsFirstPerm(perm)),
  sample: (pick) => {
    const item = Array.from({ length: pick.int(1, 4) }, () => pick.int(1, 5));
    const axes = item.map((_, axis) => axis + 1);
    const perm = [0];
    while (axes.length > 0) perm.push(...axes.splice(pick.int(0, axes.length - 1), 1));
    return { operands: { x: [pick.int(1, 2), ...item] }, attrs: { perm } };
  },
});

export const TRANSPOSE = defineKeyword({
  keyword: 'TRANSPOSE',
  doc: 'The same elements with their axes in another order.',
  positional: ['perm'],
  args: {
    perm: byRule(
      wholes('For each axis of the result, the axis of the input that it is; the batch is axis 0.'),
      'all but the batch in reverse',
    ),
  },
  says: says(transpose),
  build: (call, { perm: written }) => {
    const axes = call.x.type.shape.map((_, axis) => axis);
    const reversed = [0, ...axes.slice(1).toReversed()];
    const perm = written ?? call.decide('perm', reversed, 'nothing is said');
    if (perm.toSorted((a, b) => a - b).join() !== axes.join())
      refuse('E045', `TRANSPOSE's perm (${perm.join(', ')}) is no order of the axes ${axes.join(', ')}`, {
        argument: 'perm',
      });
    return call.emit(transpose, { x: call.x }, { perm });
  },
});
