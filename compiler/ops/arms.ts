// Checks that ADD, MUL and CONCAT make of the values that they join.
import { refuse } from '../support/refusal.ts';
import { showItem, sizeOf } from '../tensor/types.ts';
import { channelsOf, spatialOf } from '../tensor/window.ts';
import type { Value } from './argument.ts';

/** `28×28×64 with 14×14×128` */
const showArms = (arms: readonly Value[]): string => arms.map(({ type }) => showItem(type)).join(' with ');

/**
 * Refuses values that do not stretch to each other: sizes are equal or 1. What is computed has as many axes as
 * the others; weights and numbers are aligned at the channels.
 */
export function requireStretchable(keyword: string, values: readonly Value[]): void {
  const computed = values.filter(({ op, type }) => op !== 'constant' && sizeOf(type.shape) > 1);
  if (new Set(computed.map(({ type }) => type.shape.length)).size > 1)
    refuse('E045', `${keyword}'s arms differ in their number of axes: ${showArms(values)}`, {
      help: 'GAP makes a vector of a map; GAP(keep=true) makes a map of one pixel',
    });
  const rank = Math.max(...values.map(({ type }) => type.shape.length));
  for (let axis = rank; axis > 0; axis--) {
    const sizes = values.map(({ type }) => type.shape.at(-axis) ?? 1).filter((size) => size !== 1);
    if (new Set(sizes).size <= 1) continue;
    if (axis === 1)
      requireSameChannels(
        keyword,
        values.filter(({ type }) => type.shape.at(-1) !== 1),
      );
    refuse('E043', `${keyword}'s arms differ in size: ${showArms(values)}`, {
      help: 'the same strides and padding in every arm keep sizes equal',
    });
  }
}

/** Refuses arms of different height or width. */
export function requireSameSize(keyword: string, arms: readonly Value[]): void {
  const [first, ...others] = arms.map(({ type }) => spatialOf(type.shape));
  if (others.some((size) => size.length !== first!.length))
    refuse('E045', `${keyword}'s arms differ in their number of axes: ${showArms(arms)}`, {
      help: 'GAP makes a vector of a map; GAP(keep=true) makes a map of one pixel',
    });
  if (others.some((size) => size.join() !== first!.join()))
    refuse('E043', `${keyword}'s arms differ in size: ${showArms(arms)}`, {
      help: 'the same strides and padding in every arm keep sizes equal',
    });
}

/** Refuses arms with different numbers of channels. */
export function requireSameChannels(keyword: string, arms: readonly Value[]): void {
  const [first, ...others] = arms.map(({ type }) => channelsOf(type.shape));
  if (others.some((channels) => channels !== first))
    refuse('E044', `${keyword}'s arms differ in channels: ${showArms(arms)}`, {
      help: `CONV(${first}, 1, act=none) in an arm brings it to ${first} channels`,
    });
}
