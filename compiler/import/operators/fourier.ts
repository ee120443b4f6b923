// Fourier transforms are products with matrices of sines and cosines, known when the network is compiled.
import { conv } from '../../ops/conv.ts';
import { refuse } from '../../support/refusal.ts';
import { sizeOf } from '../../tensor/types.ts';
import type { Call, Import } from '../call.ts';
import { elementType } from '../elements.ts';
import { plainOrder, type Value } from '../value.ts';
import { multiply } from './matrix.ts';
import { regroup } from './regroup.ts';
import { permuted } from './shuffles.ts';

/** Real and imaginary parts of e^(∓2πi · k / length), for each k. */
function waves(length: number, isInverse: boolean): readonly (readonly [re: number, im: number])[] {
  const sign = isInverse ? 2 : -2;
  return Array.from({ length }, (_, k) => {
    const angle = (sign * Math.PI * k) / length;
    return [Math.cos(angle), Math.sin(angle)];
  });
}

/** Numbers of a matrix of waves. */
const MOST_WAVES = 2 ** 24;

/** Room for waves. */
function makeWaves(call: Call, dims: readonly number[]): Float32Array {
  if (sizeOf(dims) > MOST_WAVES)
    refuse('E046', `its waves would be ${dims.join('×')} numbers; ${MOST_WAVES} are supported`);
  return call.make(dims);
}

/** A length that is known, and that a matrix can have. */
function lengthOf(call: Call, i: number, what: string, otherwise: number): number {
  const length = call.optional(i) ? call.numbers(i, what)[0]! : otherwise;
  if (!(Number.isInteger(length) && length >= 1 && length <= 2 ** 14))
    refuse('E091', `its ${what} is ${length}; 1 to 16384 are supported`);
  return length;
}

/** How many numbers each sample is: one, or a real and an imaginary part. */
function partsOf({ dims }: Value): number {
  const parts = dims.at(-1)!;
  if (dims.length < 2 || parts > 2 || parts < 1)
    refuse('E043', `its samples are ${parts} numbers each, not 1 or 2`);
  return parts;
}

const fourier: Import = (call) => {
  const x = call.input(0);
  const rank = x.dims.length;
  const parts = partsOf(x);
  const written =
    call.opset >= 20 ? (call.optional(2) ? call.numbers(2, 'axis')[0]! : -2) : call.int('axis', 1);
  const axis = call.axis(written, rank);
  if (axis === rank - 1) refuse('E090', 'its axis is that of real and imaginary parts');
  const samples = x.dims[axis]!;
  const length = lengthOf(call, 1, 'dft_length', samples);
  const [isInverse, isOneSided] = [call.flag('inverse', false), call.flag('onesided', false)];
  if (isInverse && isOneSided)
    refuse('E091', 'it turns one side of a spectrum back; both sides are supported');
  const bins = isOneSided ? Math.floor(length / 2) + 1 : length;
  const matrix = makeWaves(call, [samples * parts, bins * 2]);
  const scale = isInverse ? 1 / length : 1;
  const wave = waves(length, isInverse);
  // Samples beyond the length are cut off; those that are missing are zeros.
  for (let n = 0; n < Math.min(samples, length); n++)
    for (let k = 0; k < bins; k++) {
      const [re, im] = wave[(n * k) % length]!;
      const row = (part: number) => (n * parts + part) * bins * 2 + 2 * k;
      matrix.set([scale * re, scale * im], row(0));
      if (parts === 2) matrix.set([-scale * im, scale * re], row(1));
    }
  const others = plainOrder(rank - 1).filter((each) => each !== axis);
  const sizes = others.map((each) => x.dims[each]!);
  const rows = regroup(call, permuted(x, [...others, axis, rank - 1]), [...sizes, samples * parts]);
  const product = multiply(call, rows, call.constant(matrix, [samples * parts, bins * 2], 'waves'));
  const turned = regroup(call, product, [...sizes, bins, 2]);
  const back = plainOrder(rank - 1).map((each) => (each === axis ? rank - 2 : others.indexOf(each)));
  return permuted(turned, [...back, rank - 1]);
};

/** Transforms of pieces of a signal: a convolution with windowed waves. */
const shortTimeFourier: Import = (call) => {
  const signal = call.input(0);
  const parts = partsOf(signal);
  if (signal.dims.length !== 3) refuse('E043', `its signal is ${signal.dims.join('×')}`);
  const step = lengthOf(call, 1, 'frame_step', 1);
  const window = call.optional(2) ? call.numbers(2, 'window') : undefined;
  const length = lengthOf(call, 3, 'frame_length', window?.length ?? signal.dims[1]!);
  if (window && window.length !== length)
    refuse('E043', `its window has ${window.length} numbers for ${length}`);
  const bins = call.flag('onesided', true) ? Math.floor(length / 2) + 1 : length;
  const filters = makeWaves(call, [bins * 2, parts, length]);
  const wave = waves(length, false);
  for (let k = 0; k < bins; k++)
    for (let n = 0; n < length; n++) {
      const share = window?.[n] ?? 1;
      const [re, im] = wave[(n * k) % length]!;
      for (let part = 0; part < parts; part++) {
        filters[(2 * k * parts + part) * length + n] = share * (part === 0 ? re : -im);
        filters[((2 * k + 1) * parts + part) * length + n] = share * (part === 0 ? im : re);
      }
    }
  const weight = call.constant(filters, [bins * 2, parts, length], 'waves').node;
  const node = call.emit(
    conv,
    { x: call.plain(signal), weight, bias: undefined },
    { stride: [step], pad: [0, 0], dilation: [1] },
  );
  const [batch, frames] = node.type.shape as [number, number];
  return regroup(call, call.plainValue(node), [batch, frames, bins, 2]);
};

/** A window for signals: a sum of cosines with these coefficients. */
const windowOf =
  (coefficients: readonly number[]): Import =>
  (call) => {
    const size = lengthOf(call, 0, 'size', 1);
    const period = call.flag('periodic', true) ? size : size - 1;
    const values = call
      .make([size])
      .map((_, n) =>
        coefficients.reduce((sum, a, k) => sum + a * (-1) ** k * Math.cos((2 * Math.PI * k * n) / period), 0),
      );
    return call.constant(values, [size], 'window', outputSort(call));
  };

const outputSort = (call: Call) => elementType(call.int('output_datatype', 1), 'its result').sort;

const melOf = (hertz: number): number => 2595 * Math.log10(1 + hertz / 700);

/** Triangles over the bins of a spectrum, equally far apart on the mel scale. */
const melWeights: Import = (call) => {
  const [count, length] = [lengthOf(call, 0, 'num_mel_bins', 1), lengthOf(call, 1, 'dft_length', 1)];
  const [rate, low, high] = [2, 3, 4].map((i) => call.numbers(i, 'frequencies')[0]!) as [
    number,
    number,
    number,
  ];
  const bins = Math.floor(length / 2) + 1;
  const step = (melOf(high) - melOf(low)) / (count + 2);
  const edges = Array.from({ length: count + 2 }, (_, i) => {
    const hertz = 700 * (10 ** ((melOf(low) + i * step) / 2595) - 1);
    return Math.floor(((length + 1) * hertz) / rate);
  });
  if (edges.some((edge) => !(edge >= 0 && edge < bins)))
    refuse('E090', `its frequencies ${low} to ${high} are none of ${rate}`);
  const weights = call.make([bins, count]);
  for (let i = 0; i < count; i++) {
    const [from, centre, to] = edges.slice(i, i + 3) as [number, number, number];
    if (from === centre) weights[centre * count + i] = 1;
    for (let j = from + 1; j <= centre; j++) weights[j * count + i] = (j - from) / (centre - from);
    for (let j = centre; j < to; j++) weights[j * count + i] = (to - j) / (to - centre);
  }
  return call.constant(weights, [bins, count], 'mel', outputSort(call));
};

export const FOURIER: Readonly<Record<string, Import>> = {
  DFT: fourier,
  STFT: shortTimeFourier,
  HannWindow: windowOf([0.5, 0.5]),
  HammingWindow: windowOf([25 / 46, 21 / 46]),
  BlackmanWindow: windowOf([0.42, 0.5, 0.08]),
  MelWeightMatrix: melWeights,
};
