// Checks that every operator with windows makes of its input.
import { refuse } from '../support/refusal.ts';
import { showItem, sizeOf, type TensorType } from '../tensor/types.ts';
import { extent, spatialOf, type Window } from '../tensor/window.ts';
import { oneForAll, type PerAxis } from './argument.ts';
import { resolvePadding, writtenPadding, type Padding } from './padding.ts';

/** One number for each axis. */
export function axes(argument: string, value: PerAxis, rank: number): number[] {
  if (typeof value === 'number') return Array<number>(rank).fill(value);
  if (value.length === rank) return [...value];
  return refuse(
    'E037',
    `${argument} has ${value.length} numbers for an input with ${rank} spatial ${rank === 1 ? 'axis' : 'axes'}`,
    { argument },
  );
}

/** A window as the arguments of a keyword say it. */
interface WrittenWindow {
  readonly kernel: PerAxis;
  readonly stride: PerAxis;
  readonly dilation: PerAxis;
  readonly pad: Padding;
}

/**
 * The window over `x` that is written; `kernelArgument` is what the keyword calls its kernel. Refuses numbers for more
 * or fewer axes than `x` has.
 */
export function resolveWindow(x: TensorType, written: WrittenWindow, kernelArgument = 'kernel'): Window {
  const spatial = spatialOf(x.shape);
  const kernel = axes(kernelArgument, written.kernel, spatial.length);
  const stride = axes('stride', written.stride, spatial.length);
  const dilation = axes('dilation', written.dilation, spatial.length);
  return {
    kernel,
    stride,
    dilation,
    pad: resolvePadding(written.pad, { spatial, kernel, stride, dilation }),
  };
}

/** A window over `x` as people write it; `standard` is the padding that they leave out. */
export function writtenWindow(
  { kernel, stride, dilation, pad }: Window,
  x: TensorType,
  standard: 'half' | 0,
): WrittenWindow {
  const around = { spatial: spatialOf(x.shape), kernel, stride, dilation };
  return {
    kernel: oneForAll(kernel),
    stride: oneForAll(stride),
    pad: writtenPadding(pad, around, standard),
    dilation: oneForAll(dilation),
  };
}

/** Windows slide over one or two spatial axes. */
export function refuseVectors(operator: string, x: TensorType): void {
  const rank = x.shape.length - 2;
  if (rank === 1 || rank === 2) return;
  if (rank <= 0)
    refuse('E045', `${operator} needs height, width and channels; its input is a vector of ${showItem(x)}`, {
      help: 'put it before the first FC, GAP or LAST',
    });
  refuse('E045', `${operator} works on one or two spatial axes; its input ${showItem(x)} has ${rank}`, {
    help: withoutFurtherAxes(x.shape.slice(1)),
  });
}

/** What to write in place of an input with more than two spatial axes. */
function withoutFurtherAxes(item: readonly number[]): string {
  const input = (sizes: readonly number[]) => `INPUT(${sizes.join('x')})`;
  if (item[0] === 1) return `leave out the batch: ${input(item.slice(1))}`;
  const [further, map, channels] = [item.slice(0, -3), item.slice(-3, -1), item.at(-1)!];
  const stacked = [...map, sizeOf(further) * channels];
  return `write all slices as channels of one map, ${input(stacked)}, or give one slice at a time, ${input([...map, channels])}`;
}

/** Refuses a window that is larger than its padded input. */
export function requireFit(
  x: TensorType,
  { kernel, dilation, pad }: Window,
  positions: readonly number[],
): void {
  if (positions.every((count) => count > 0)) return;
  const spatial = spatialOf(x.shape);
  const span = kernel.map((k, axis) => extent(k, dilation[axis]!)).join('×');
  const room = spatial.map((size, axis) => size + pad[axis]! + pad[axis + spatial.length]!).join('×');
  const padded = pad.some((p) => p > 0) ? ` (${room} with its padding)` : '';
  refuse('E040', `the window of ${span} does not fit its input of ${showItem(x)}${padded}`, {
    help: 'use a larger INPUT, fewer POOLs or strides before it, or a smaller window',
  });
}
