// Sizes, steps and padding of windows, as ONNX says them for convolutions and pools.
import { refuse } from '../../support/refusal.ts';
import { extent } from '../../tensor/window.ts';
import type { Call } from '../call.ts';

export interface Windows {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  /** Begins, then ends. */
  readonly pad: readonly number[];
}

/** Larger than any window, and small enough for a GPU's whole numbers. */
const LARGEST = 2 ** 20;

function requireSmall(numbers: readonly number[]): void {
  const large = numbers.find((number) => Math.abs(number) > LARGEST);
  if (large !== undefined) refuse('E091', `its windows have ${large} as a size; ${LARGEST} is the largest`);
}

/** The windows of a call whose kernel has this size, over spatial axes of these lengths. */
export function windowsOf(call: Call, kernel: readonly number[], spatial: readonly number[]): Windows {
  if (spatial.length !== 1 && spatial.length !== 2)
    refuse('E091', `it works along ${spatial.length} spatial axes; 1 and 2 are supported`);
  const perAxis = (name: string): readonly number[] => {
    const values = call.ints(name);
    if (values.length === 0) return spatial.map(() => 1);
    if (values.length !== spatial.length || values.some((value) => !(value >= 1)))
      refuse('E090', `its ${name} are ${values.join(', ')} for ${spatial.length} axes`);
    return values;
  };
  if (kernel.length !== spatial.length)
    refuse(
      'E090',
      `its kernel has ${kernel.length} axes, its input ${spatial.length} beside items and channels`,
    );
  if (kernel.some((size) => !(size >= 1)))
    refuse('E090', `its kernel is ${kernel.join('×')} for ${spatial.length} axes`);
  const [stride, dilation] = [perAxis('strides'), perAxis('dilations')];
  requireSmall([...kernel, ...stride, ...dilation, ...call.ints('pads')]);
  return { kernel, stride, dilation, pad: paddingOf(call, { kernel, stride, dilation }, spatial) };
}

function paddingOf(
  call: Call,
  { kernel, stride, dilation }: Omit<Windows, 'pad'>,
  spatial: readonly number[],
): readonly number[] {
  const auto = call.word('auto_pad', ['NOTSET', 'SAME_UPPER', 'SAME_LOWER', 'VALID']);
  if (auto === 'VALID') return [...spatial, ...spatial].map(() => 0);
  if (auto === 'NOTSET') {
    const pads = call.ints(
      'pads',
      [...spatial, ...spatial].map(() => 0),
    );
    if (pads.length !== 2 * spatial.length) refuse('E090', `its pads are ${pads.join(', ')}`);
    if (pads.some((pad) => pad < 0)) refuse('E091', `its pads are ${pads.join(', ')}; none may be negative`);
    return pads;
  }
  const total = spatial.map((length, axis) => {
    const positions = Math.ceil(length / stride[axis]!);
    const needed = (positions - 1) * stride[axis]! + extent(kernel[axis]!, dilation[axis]!);
    return Math.max(0, needed - length);
  });
  const less = total.map((amount) => Math.floor(amount / 2));
  const more = total.map((amount) => Math.ceil(amount / 2));
  return auto === 'SAME_UPPER' ? [...less, ...more] : [...more, ...less];
}
