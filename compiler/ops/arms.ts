// Checks that ADD, MUL and CONCAT make of the values that they join.
import { refuse } from '../support/refusal.ts';
import { showItem } from '../tensor/types.ts';
import { channelsOf, spatialOf } from '../tensor/window.ts';
import type { Value } from './argument.ts';

/** `28×28×64 with 14×14×128` */
const showArms = (arms: readonly Value[]): string => arms.map(({ type }) => showItem(type)).join(' with ');

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
