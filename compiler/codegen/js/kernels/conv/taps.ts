// Weights tap by tap, [tap][filter], for kernels whose innermost loop runs over the filters: one view for each tap.
import { code } from '../../../../support/code.ts';
import { product } from '../terms.ts';
import { range } from '../tiles.ts';
import { distanceOf } from './frame.ts';
import { tapIndex, type Geometry } from './geometry.ts';

export interface Tap {
  readonly ky: number;
  readonly kx: number;
  readonly channel: number;
  /** What a filter's weight is called, and the array that holds those of all filters. */
  readonly name: string;
  readonly view: string;
}

/** The taps of a filter: rows, columns, channels. */
export function tapNames({ kernel: [height, width], perGroup: { channels } }: Geometry): Tap[] {
  const hasChannels = channels > 1;
  return range(height).flatMap((ky) =>
    range(width).flatMap((kx) =>
      range(channels).map((channel) => {
        const tap = [ky, kx, ...(hasChannels ? [channel] : [])].join('_');
        return { ky, kx, channel, name: `weight${tap}`, view: `weights${tap}` };
      }),
    ),
  );
}

/** Declares the views. */
export function arrangeTaps(
  taps: readonly Tap[],
  { shape, isFlipped }: { readonly shape: Geometry; readonly isFlipped: boolean },
): string {
  const { channels } = shape.perGroup;
  const from = (filter: string) =>
    `taps[to + f] = weight[${filter} * KERNEL_H * KERNEL_W + ${tapIndex(isFlipped)}];`;
  const copy = code`
    for (let kx = 0; kx < KERNEL_W; kx++, to += TAP)
      for (let f = 0; f < FILTERS; f++) ${from('f')}
  `;
  const copyChannels = code`
    for (let kx = 0; kx < KERNEL_W; kx++)
      for (let c = 0; c < CHANNELS; c++, to += TAP)
        for (let f = 0; f < FILTERS; f++) ${from('(f * CHANNELS + c)')}
  `;
  return code`
    // Weights tap by tap: those of all filters for a tap, then for the next one.
    const TAP = ${distanceOf(shape.filters)};
    const taps = new Float64Array(${taps.length} * TAP);
    for (let ky = 0, to = 0; ky < KERNEL_H; ky++)
      ${channels === 1 ? copy : copyChannels}
    const [${taps.map(({ view }) => view).join(', ')}] =
      views(taps, [${taps.map((_, i) => product(i, 'TAP')).join(', ')}]);
  `;
}
