// Maxima of regions, cut into as many parts as the result has positions: which pixels are in which part is known when
// the regions are, and each part is a list of them.
import { gather } from '../../ops/gather.ts';
import { mul } from '../../ops/mul.ts';
import { refuse } from '../../support/refusal.ts';
import type { Import } from '../call.ts';
import { dropAxes } from './drop-axes.ts';
import { combine } from './elementwise.ts';
import { reduced } from './reduction.ts';
import { regroup } from './regroup.ts';
import { requireMap } from './sampling.ts';
import { permuted } from './shuffles.ts';

/** Pixels of all parts together. */
const MOST_PIXELS = 2 ** 22;

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

/** Away from 0 from the middle. */
const rounded = (value: number): number => Math.sign(value) * Math.round(Math.abs(value));

/** The positions of an axis that each part of a region holds. */
function partsAlong(
  first: number,
  last: number,
  { length, parts }: { length: number; parts: number },
): number[][] {
  const size = Math.max(last - first + 1, 1) / parts;
  const within = (at: number) => Math.min(Math.max(at + first, 0), length);
  return range(0, parts).map((i) => range(within(Math.floor(i * size)), within(Math.ceil((i + 1) * size))));
}

const maxRoiPool: Import = (call) => {
  const x = call.input(0);
  requireMap(x);
  const [items, channels, height, width] = x.dims as [number, number, number, number];
  const rois = call.input(1);
  const regions = rois.dims[0]!;
  const [rows = 0, columns = 0, ...more] = call.ints('pooled_shape');
  if (rois.dims.length !== 2 || rois.dims[1] !== 5) refuse('E043', `its regions are ${rois.dims.join('×')}`);
  if (!(rows >= 1 && columns >= 1 && more.length === 0))
    refuse('E090', `its pooled_shape is ${rows}×${columns}`);
  const most = regions * (height + 2 * rows) * (width + 2 * columns);
  if (!(most <= MOST_PIXELS)) refuse('E046', `its parts are ${most} pixels; ${MOST_PIXELS} are supported`);
  const numbers = call.numbersOf(rois, 'regions', 'which pixels are compared depends on data');
  const scale = call.float('spatial_scale', 1);
  const pixels = range(0, regions).flatMap((region) => {
    const [item, ...corners] = numbers.slice(5 * region, 5 * region + 5) as [number, ...number[]];
    if (!(Number.isInteger(item) && item >= 0 && item < items))
      refuse('E043', `there is no item ${item} of ${items}`);
    const [left, top, right, bottom] = corners.map((corner) => rounded(corner * scale)) as [
      number,
      number,
      number,
      number,
    ];
    const across = partsAlong(left, right, { length: width, parts: columns });
    return partsAlong(top, bottom, { length: height, parts: rows }).flatMap((down) =>
      across.map((part) =>
        down.flatMap((row) => part.map((column) => (item * height + row) * width + column)),
      ),
    );
  });
  const longest = pixels.reduce((length, part) => Math.max(length, part.length), 1);
  if (longest * pixels.length > MOST_PIXELS)
    refuse('E046', `its parts are ${longest * pixels.length} pixels; ${MOST_PIXELS} are supported`);
  // Lists that are shorter say a pixel again, those of nothing any pixel, which counts for nothing.
  const places = pixels.flatMap((part) => range(0, longest).map((i) => part[i] ?? part[0] ?? 0));
  const isPart = pixels.map((part) => Number(part.length > 0));
  const flat = call.view(call.channelsLast(x), [items * height * width, channels]);
  const indices = call.constant(Float32Array.from(places), [places.length], 'pixels').node;
  const seen = call.plainValue(call.emit(gather, { x: flat, indices }, { axis: 0 }), x);
  const lists = regroup(call, seen, [pixels.length, longest, channels]);
  const maxima = dropAxes(call, reduced(call, 'max', lists, [1]), new Set([1]));
  const mask = call.constant(Float32Array.from(isPart), [pixels.length, 1], 'parts');
  const map = regroup(call, combine(call, mul, maxima, mask), [regions, rows, columns, channels]);
  return permuted(map, [0, 3, 1, 2]);
};

export const ROI_POOLS: Readonly<Record<string, Import>> = { MaxRoiPool: maxRoiPool };
