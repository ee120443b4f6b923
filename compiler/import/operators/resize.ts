// Resize and Upsample.
//
// Resampling is separable: along each axis, every position of the result is a weighted sum of a few positions
// of the operand. These sums are known when the network is compiled, whatever the mode. Where they are those of
// our `resize`, that is used; picking single positions is a gather; anything else is a product with a matrix.
import { neighboursOf, resize, RESIZE_CHOICES } from '../../ops/resize.ts';
import { trunc } from '../../ops/functions.ts';
import { gather } from '../../ops/gather.ts';
import { refuse } from '../../support/refusal.ts';
import { sizeOf } from '../../tensor/types.ts';
import type { Call, Import } from '../call.ts';
import { channelsLastOrder, plainOrder, sameOrder, type Value } from '../value.ts';
import { apply, choose } from './elementwise.ts';
import { multiply } from './matrix.ts';

/** Positions of the operand and their shares, for one position of the result. */
type Sum = readonly (readonly [position: number, share: number])[];

/** How one axis is resampled. */
interface Axis {
  readonly axis: number;
  readonly sums: readonly Sum[];
  /** Positions of the result that lie outside of what is to be shown. */
  readonly outside: readonly boolean[];
}

const resizing: Import = (call) => {
  const x = call.input(0);
  const axes = axesOf(call, x);
  if (staysAsItIs(call, x, axes)) return x;
  const dims = x.dims.map((size, axis) => axes.find((each) => each.axis === axis)?.sums.length ?? size);
  const changing = axes.filter(({ axis, sums }) => !isIdentity(sums, x.dims[axis]!));
  const resampled =
    asResize(call, x, changing) ?? changing.reduce((value, axis) => alongAxis(call, value, axis), x);
  const result = { ...whole(call, resampled), dims };
  if (axes.every(({ outside }) => !outside.includes(true))) return result;
  return filled(call, result, axes, call.float('extrapolation_value', 0));
};

/** Where no size changes ONNX Runtime copies, even by a scale like 1.1; the specification moves the places. */
const staysAsItIs = (call: Call, x: Value, axes: readonly Axis[]): boolean =>
  call.text('coordinate_transformation_mode', '') !== 'tf_crop_and_resize' &&
  axes.every(({ axis, sums }) => sums.length === x.dims[axis]);

/** Sums of whole numbers lose their fractions, as in ONNX Runtime; the specification says nothing. */
const whole = (call: Call, x: Value): Value =>
  x.sort === 'int' && call.text('mode', 'nearest') !== 'nearest' ? apply(call, trunc, x) : x;

/** Which axes are resampled, and how. */
function axesOf(call: Call, x: Value): Axis[] {
  const rank = x.dims.length;
  const isUpsample = call.node.op === 'Upsample';
  const isOld = isUpsample || call.opset < 11;
  const scaleInput = isUpsample ? (call.opset >= 9 ? 1 : undefined) : isOld ? 1 : 2;
  const axes = call.ints('axes', plainOrder(rank)).map((axis) => call.axis(axis, rank));
  const given = (i: number | undefined, name: string): readonly number[] | undefined => {
    if (i === undefined) return call.has(name) ? call.floats(name) : undefined;
    const value = call.optional(i);
    return value && sizeOf(value.dims) > 0 ? call.numbers(i, name) : undefined;
  };
  const scales = given(scaleInput, 'scales');
  const sizes = isOld ? undefined : given(3, 'sizes');
  const list = scales ?? sizes ?? refuse('E090', 'it says neither scales nor sizes');
  if (list.length !== axes.length) refuse('E090', `it says ${list.join(', ')} for ${axes.length} axes`);
  const policy = call.word('keep_aspect_ratio_policy', ['stretch', 'not_larger', 'not_smaller']);
  const ratios = axes.map((axis, i) => list[i]! / x.dims[axis]!);
  const common = policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios);
  const roi = isOld ? undefined : given(1, 'roi');
  return axes.map((axis, i) => {
    const from = x.dims[axis]!;
    const scale = Math.fround(scales ? list[i]! : policy === 'stretch' ? ratios[i]! : common);
    const byScale = Math.fround(from * scale);
    const to = scales ? Math.floor(byScale) : policy === 'stretch' ? list[i]! : Math.round(byScale);
    if (!(to >= 1 && to <= 2 ** 20))
      refuse('E040', `its result would have ${to} positions along axis ${axis}`);
    const part = roi ? ([roi[i]!, roi[i + axes.length]!] as const) : ([0, 1] as const);
    return { axis, ...sumsAlong(call, { from, to, scale, roi: part, isOld }) };
  });
}

/** Elements that the positions along an axis may be sums of, together. */
const MOST_TAPS = 2 ** 18;

interface Length {
  readonly from: number;
  readonly to: number;
  readonly scale: number;
  readonly roi: readonly [start: number, end: number];
  /** Before opset 11 positions were i / scale, and nearest the one before, or behind where maps shrink. */
  readonly isOld: boolean;
}

const { fround } = Math;

const COORDINATES = [
  'half_pixel',
  'half_pixel_symmetric',
  'pytorch_half_pixel',
  'align_corners',
  'asymmetric',
  'tf_half_pixel_for_nn',
  'tf_crop_and_resize',
] as const;

/**
 * Where position i of the result lies on the operand's axis. Each step is rounded to single precision as in ONNX
 * Runtime: with a scale of 1/3 the specification's exact places end up on the other side of a whole number.
 */
function placeOf(
  i: number,
  mode: (typeof COORDINATES)[number],
  { from, to, scale, roi: [start, end] }: Length,
): number {
  const half = fround(fround((i + 0.5) / scale) - 0.5);
  switch (mode) {
    case 'half_pixel':
      return half;
    case 'half_pixel_symmetric':
      return fround(half + fround((from / 2) * fround(1 - fround(to / fround(scale * from)))));
    case 'pytorch_half_pixel':
      return to > 1 ? half : 0;
    case 'align_corners':
      return to > 1 ? fround((i * (from - 1)) / (to - 1)) : 0;
    case 'asymmetric':
      return fround(i / scale);
    case 'tf_half_pixel_for_nn':
      // An axis that keeps its size is left alone, as in ONNX Runtime; the formula would move it by half a pixel.
      return scale === 1 ? i : fround((i + 0.5) / scale);
    case 'tf_crop_and_resize':
      return fround((from - 1) * (to > 1 ? start + (i * (end - start)) / (to - 1) : (start + end) / 2));
  }
}

const NEAREST = {
  round_prefer_floor: (place: number) => Math.ceil(place - 0.5),
  round_prefer_ceil: (place: number) => Math.floor(place + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
} as const;

function sumsAlong(call: Call, length: Length): Omit<Axis, 'axis'> {
  const coordinates = length.isOld ? 'asymmetric' : call.word('coordinate_transformation_mode', COORDINATES);
  const mode = call.word('mode', ['nearest', 'linear', 'cubic', 'bilinear']);
  const nearest = length.isOld
    ? length.scale < 1
      ? 'ceil'
      : 'floor'
    : call.word('nearest_mode', ['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil']);
  const antialias = call.flag('antialias', false) ? Math.min(length.scale, 1) : 1;
  const curve = mode === 'cubic' ? cubic(call.float('cubic_coeff_a', -0.75)) : linear;
  const reach = (mode === 'cubic' ? 2 : 1) / antialias;
  const excludes = call.flag('exclude_outside', false);
  const taps = mode === 'nearest' ? 1 : 2 * reach;
  if (!(length.to * taps <= MOST_TAPS))
    refuse('E046', `its ${length.to} positions along an axis would be sums of ${taps} elements each`);
  const places = Array.from({ length: length.to }, (_, i) => placeOf(i, coordinates, length));
  const last = length.from - 1;
  const clamped = (at: number) => Math.min(Math.max(at, 0), last);
  const sums = places.map((place): Sum => {
    if (mode === 'nearest') return [[clamped(NEAREST[nearest](place)), 1]];
    const first = Math.floor(place) + Math.floor(-reach) + 1;
    const end = Math.floor(place) + 1 - (Math.floor(-reach) + 1);
    const parts = Array.from({ length: end - first + 1 }, (_, k) => {
      const at = first + k;
      const share = curve(Math.abs((at - place) * antialias));
      return [clamped(at), excludes && at !== clamped(at) ? 0 : share] as const;
    });
    const total = parts.reduce((sum, [, share]) => sum + share, 0);
    return merged(parts.map(([at, share]) => [at, share / total]));
  });
  const isCrop = coordinates === 'tf_crop_and_resize';
  return { sums, outside: places.map((place) => isCrop && (place < 0 || place > last)) };
}

const linear = (distance: number): number => Math.max(0, 1 - distance);

/** Keys' cubic convolution (1981). */
const cubic =
  (a: number) =>
  (x: number): number => {
    if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
    return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
  };

/** Each position once, in order, without those that have no share. */
function merged(sum: Sum): Sum {
  const shares = new Map<number, number>();
  for (const [at, share] of sum) shares.set(at, (shares.get(at) ?? 0) + share);
  return [...shares].filter(([, share]) => share !== 0).toSorted(([a], [b]) => a - b);
}

const isIdentity = (sums: readonly Sum[], from: number): boolean =>
  sums.length === from && sums.every((sum, i) => sum.length === 1 && sum[0]![0] === i);

/** Our own `resize` over all spatial axes of a map, where one of its modes gives the same sums. */
function asResize(call: Call, x: Value, axes: readonly Axis[]): Value | undefined {
  const rank = x.dims.length;
  if (axes.length === 0 || rank < 3 || rank > 4) return undefined;
  // Whatever lies last counts as channels, and first as the batch: an NHWC map needs no transpose.
  const order = [channelsLastOrder(rank), plainOrder(rank)].find(
    (each) =>
      (sameOrder(x.order, each) || sameOrder(each, channelsLastOrder(rank))) &&
      axes.every(({ axis }) => axis !== each[0] && axis !== each.at(-1)),
  );
  if (!order) return undefined;
  const spatial = order.slice(1, -1);
  const sumsOf = (axis: number): readonly Sum[] =>
    axes.find((each) => each.axis === axis)?.sums ??
    Array.from({ length: x.dims[axis]! }, (_, i): Sum => [[i, 1]]);
  const choice = RESIZE_CHOICES.find(({ mode, corners }) =>
    spatial.every((axis) => {
      const sums = sumsOf(axis);
      const [from, to] = [x.dims[axis]!, sums.length];
      return sums.every((sum, i) => sameSum(sum, neighboursOf(mode, i, { from, to, corners }), from));
    }),
  );
  if (!choice) return undefined;
  const size = spatial.map((axis) => sumsOf(axis).length);
  const node = call.emit(resize, { x: call.inOrder(x, order) }, { ...choice, size });
  return call.ordered(node, order, x);
}

/** Places in single precision are as far off as an axis is long, and may lie on the other side of a pixel. */
function sameSum(a: Sum, b: Sum, from: number): boolean {
  const differences = new Map(a);
  for (const [at, share] of b) differences.set(at, (differences.get(at) ?? 0) - share);
  return [...differences.values()].every((difference) => Math.abs(difference) < 1e-6 + from * 2 ** -21);
}

function alongAxis(call: Call, x: Value, { axis, sums }: Axis): Value {
  const place = x.order.indexOf(axis);
  const dims = x.dims.with(axis, sums.length);
  const shape = x.order.map((each) => dims[each]!);
  if (sums.every((sum) => sum.length === 1 && sum[0]![1] === 1)) {
    const indices = call.constant(
      Float32Array.from(sums, (sum) => sum[0]![0]),
      [sums.length],
      'positions',
    );
    return { ...x, dims, node: call.emit(gather, { x: x.node, indices: indices.node }, { axis: place }) };
  }
  const from = x.dims[axis]!;
  const { shape: sizes } = x.node.type;
  const [outer, inner] = [sizeOf(sizes.slice(0, place)), sizeOf(sizes.slice(place + 1))];
  const shares = call.make([sums.length, from]);
  for (const [i, sum] of sums.entries()) for (const [at, share] of sum) shares[i * from + at] = share;
  const matrix = call.constant(shares, [sums.length, from], 'shares');
  const rows = call.plainValue(call.view(x.node, [outer, from, inner]));
  const product = multiply(call, matrix, rows);
  return { ...x, dims, node: call.view(call.plain(product), shape) };
}

/** Positions that lie outside show `value`. */
function filled(call: Call, x: Value, axes: readonly Axis[], value: number): Value {
  const isInside = (axis: number, i: number) => axes.every((each) => each.axis !== axis || !each.outside[i]);
  const mask = call.make(x.dims).map((_, i) => {
    let rest = i;
    let inside = 1;
    for (let axis = x.dims.length - 1; axis >= 0; axis--) {
      if (!isInside(axis, rest % x.dims[axis]!)) inside = 0;
      rest = Math.floor(rest / x.dims[axis]!);
    }
    return inside;
  });
  return choose(call, call.constant(mask, x.dims, 'inside', 'bool'), x, call.scalar(value, x));
}

export const RESIZES: Readonly<Record<string, Import>> = { Resize: resizing, Upsample: resizing };
