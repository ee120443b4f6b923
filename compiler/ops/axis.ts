// Arguments that name axes: the batch is 0, and where nothing is said the channels are meant.
import { refuse } from '../support/refusal.ts';
import { showItem, type TensorType } from '../tensor/types.ts';
import { byRule, whole0, wholes, type Value } from './argument.ts';
import type { Call, Said } from './keyword.ts';

export const axisArg = byRule(whole0('The axis, the batch being 0.'), 'the channels');
export const axesArg = byRule(wholes('The axes, the batch being 0.'), 'the channels');

const lastOf = ({ shape }: TensorType): number => shape.length - 1;

/** The axis of `x` that `axis=` names. Refuses one that there is not. */
export function chosenAxis(call: Call, { type }: Value, written: number | undefined): number {
  const axis = written ?? call.decide('axis', lastOf(type), 'the last axis');
  requireAxes(type, 'axis', [axis]);
  return axis;
}

/** The axes of what flows in that `axes=` names. Refuses those that there are not, and one that is named twice. */
export function chosenAxes(call: Call, written: readonly number[] | undefined): readonly number[] {
  const { type } = call.x;
  const axes = written ?? call.decide('axes', [lastOf(type)], 'the last axis');
  requireAxes(type, 'axes', axes);
  return axes;
}

function requireAxes(type: TensorType, argument: string, axes: readonly number[]): void {
  const missing = axes.find((axis) => axis > lastOf(type));
  if (missing !== undefined)
    refuse('E045', `there is no axis ${missing} in ${showItem(type)}`, {
      argument,
      help: `the batch is axis 0, the channels are axis ${lastOf(type)}`,
    });
  const twice = axes.find((axis, i) => axes.indexOf(axis) < i);
  if (twice !== undefined) refuse('E045', `axis ${twice} is named twice`, { argument });
}

/** The way back. */
export const saidAxis = (axis: number, x: TensorType): Said<number> => ({ is: axis, unless: lastOf(x) });
export const saidAxes = (axes: readonly number[], x: TensorType): Said<readonly number[]> => ({
  is: axes,
  unless: [lastOf(x)],
});
