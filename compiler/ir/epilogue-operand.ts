import { sameShape, sizeOf, type TensorType } from '../tensor/types.ts';
import { channelsOf } from '../tensor/window.ts';

/** What an epilogue reads of an operand beside each element of the result: */
export type EpilogueRead =
  /** the same element, of a value of the result's shape; */
  | 'element'
  /** the number of its channel, of a vector or of a map of one pixel; */
  | 'channel'
  /** or the only one there is. */
  | 'single';

/** How an epilogue reads an operand; undefined where it cannot. */
export function epilogueRead(operand: TensorType, result: TensorType): EpilogueRead | undefined {
  const [from, to] = [operand.shape, result.shape];
  if (sameShape(from, to)) return 'element';
  const hasOnePixel = from.length === 1 || (from.length === to.length && sizeOf(from) === channelsOf(from));
  if (hasOnePixel && channelsOf(from) === channelsOf(to)) return 'channel';
  return from.length <= to.length && sizeOf(from) === 1 ? 'single' : undefined;
}
