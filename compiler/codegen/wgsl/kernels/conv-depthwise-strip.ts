// Depthwise convolution of small windows that move by one: a thread goes down a few columns, reads each input once,
// and adds it to all results in whose window it lies. A GPU in software has threads of a single channel instead of
// four: their text compiles in half of the time, and leaves room for wider strips, which read less.
import { code, lines } from '../../../support/code.ts';
import { withVariants } from '../dispatch.ts';
import type { Kernel, KernelContext } from '../kernel.ts';
import { vectors } from '../layout.ts';
import { perTap } from '../packing.ts';
import type { Lanes } from '../syntax.ts';
import { inStrips, STRIP } from './strips.ts';
import { put } from './tiles.ts';
import { geometryOf, windowConstants, type Geometry } from './window.ts';
import { range } from '../../../support/numbers.ts';

/** Sums and weights stay in registers, which larger windows would overflow. */
export const suitsStrips = ({ kernel, stride, dilation }: Geometry): boolean =>
  kernel.every((size) => size <= 3) && [...stride, ...dilation].every((step) => step === 1);

interface Variant {
  readonly gpu: 'hardware' | 'software';
  readonly lanes: Lanes;
  /** Results side by side. */
  readonly pixels: number;
  /** Whether strips fill the rows of the result, so that there are no pixels beyond. */
  readonly fits: boolean;
}

const ON_HARDWARE: Variant = { gpu: 'hardware', lanes: 'vec4f', pixels: 4, fits: false };

/** In the order of preference: most maps have 7 · 2ⁿ columns, or 2ⁿ, and their layers are to share a pipeline. */
const WIDTHS_IN_SOFTWARE = [7, 8, 6, 5];

/** Threads without work cost it nothing that counts, a further pipeline does. */
const IN_SOFTWARE = [8, 8] as const;

function inSoftware({ columns }: Geometry, { tiles }: KernelContext): Variant {
  const fitting = tiles === 'one' ? undefined : WIDTHS_IN_SOFTWARE.find((width) => columns % width === 0);
  return { gpu: 'software', lanes: 'f32', pixels: fitting ?? 8, fits: fitting !== undefined };
}

export const convDepthwiseStrip: Kernel<'conv'> = (node, context) => {
  const { x, weight, bias } = node.operands;
  const geometry = geometryOf(node);
  const { batch, height, width, rows, columns, channels, kernel, pad } = geometry;
  const [us, vs] = [range(kernel[0]), range(kernel[1])];
  /** Results below each other that wait for further rows. */
  const begun = us.slice(1);

  const inStripsOf = ({ gpu, lanes, pixels: side, fits }: Variant) => {
    const pixels = range(side);
    const span = range(side - 1 + kernel[1]);
    const [what, all] = lanes === 'f32' ? ['channel', 'channels'] : ['vector', 'vectors'];
    const ofPixel = `* ${all} + ${what}`;
    const across = lanes === 'f32' ? 4 * vectors(channels) : vectors(channels);
    const strips = inStrips({ batch, rows, across: [across, Math.ceil(columns / side)] }, gpu);
    /** Whether column `i` of what a thread reads is in the map, wherever the thread is. */
    const isSure = (i: number) => fits && width >= columns && i >= pad[1] && i < pad[1] + side;
    const store = (m: number) => `put(to + ${m} * ${all}, ${what}, result${m});`;
    return context.dispatch({
      ...(gpu === 'software' && { workgroup: IN_SOFTWARE }),
      title: `conv, depthwise: strips of ${side} pixels × ${lanes === 'f32' ? '1 channel' : '4 channels'} per thread`,
      lanes,
      reads: [
        context.read('x', x, lanes),
        context.weights(
          'weight',
          weight,
          perTap({ channels, taps: kernel[0] * kernel[1], flip: node.attrs.flip }),
          lanes,
        ),
        ...(bias ? [context.read('bias', bias, lanes)] : []),
      ],
      threads: strips.threads,
      sizes: { height, width, [all]: across, rows, columns, ...strips.sizes },
      constants: { ...windowConstants(geometry), PIXELS: side },
      declarations: put(context, lanes),
      body: code`
        let ${what} = thread.x;
        ${STRIP}
        let ${all} = shape.${all};
        let left = column * PIXELS - PAD_LEFT;
        let first = ${bias ? `bias[${what}]` : `${lanes}()`};
        ${lines(us.flatMap((u) => vs.map((v) => `let weight${u}_${v} = weight[(${u} * KERNEL_W + ${v}) * ${all} + ${what}];`)))}
        ${lines(span.flatMap((i) => (isSure(i) ? [`let at${i} = (left + ${i}) ${ofPixel};`] : inputColumn(i, ofPixel))))}
        ${lines(fits ? [] : pixels.map((m) => `let exists${m} = column * PIXELS + ${m} < shape.columns;`))}
        let top = image * shape.height;
        let last = shape.height - 1;
        let line = shape.width * ${all};
        let to_line = shape.columns * ${all};
        var to = ((image * shape.rows + begin - (KERNEL_H - 1)) * shape.columns + column * PIXELS) * ${all} + ${what};
        ${lines(begun.flatMap((u) => pixels.map((m) => `var sum${u}_${m} = first;`)))}
        for (var i = begin - (KERNEL_H - 1); i < end; i++) {
          let row = i + KERNEL_H - 1 - PAD_TOP;
          let nearest = clamp(row, 0, last);
          let is_row = row == nearest;
          let at = (top + nearest) * line;
          ${lines(span.map((i) => `let x${i} = select(${lanes}(), x[at + at${i}], is_row${isSure(i) ? '' : ` && inside${i}`});`))}
          ${lines(pixels.map((m) => `let result${m} = ${sumOf(kernel[0] - 1, m, vs)};`))}
          ${lines(begun.toReversed().flatMap((u) => pixels.map((m) => `sum${u}_${m} = ${sumOf(u - 1, m, vs)};`)))}
          if (i >= begin) {
            ${lines(pixels.map((m) => (fits ? store(m) : `if (exists${m}) { ${store(m)} }`)))}
          }
          to += to_line;
        }
      `,
    });
  };
  return [withVariants(inStripsOf(ON_HARDWARE), { inSoftware: inStripsOf(inSoftware(geometry, context)) })];
};

/** Where column `i` of what a thread reads lies in a line, and whether it is in the map. */
const inputColumn = (i: number, ofPixel: string): readonly string[] => [
  `let column${i} = clamp(left + ${i}, 0, shape.width - 1);`,
  `let inside${i} = column${i} == left + ${i};`,
  `let at${i} = column${i} ${ofPixel};`,
];

/** The sum of pixel `m` so far, with row `u` of its window, which has just been read. */
const sumOf = (u: number, m: number, vs: readonly number[]): string =>
  [u === 0 ? 'first' : `sum${u}_${m}`, ...vs.map((v) => `weight${u}_${v} * x${m + v}`)].join(' + ');
