// Depthwise convolution of small windows that move by one: a thread goes down a few columns, reads each input once,
// and adds it to all results in whose window it lies.
import { code, lines } from '../../../support/code.ts';
import type { Kernel } from '../kernel.ts';
import { vectors } from '../layout.ts';
import { perTap } from '../packing.ts';
import { inStrips, STRIP } from './strips.ts';
import { put, range } from './tiles.ts';
import { geometryOf, windowConstants, type Geometry } from './window.ts';

/** Results side by side. */
const PIXELS = 4;

/** Sums and weights stay in registers, which larger windows would overflow. */
export const suitsStrips = ({ kernel, stride, dilation }: Geometry): boolean =>
  kernel.every((size) => size <= 3) && [...stride, ...dilation].every((step) => step === 1);

export const convDepthwiseStrip: Kernel<'conv'> = (node, context) => {
  const { x, weight, bias } = node.operands;
  const geometry = geometryOf(node);
  const { batch, height, width, rows, columns, channels, kernel } = geometry;
  const strips = inStrips({ batch, rows, across: [vectors(channels), Math.ceil(columns / PIXELS)] });
  const [us, vs] = [range(kernel[0]), range(kernel[1])];
  const pixels = range(PIXELS);
  const span = range(PIXELS - 1 + kernel[1]);
  /** Results below each other that wait for further rows. */
  const begun = us.slice(1);
  return [
    context.dispatch({
      title: `conv, depthwise: strips of ${PIXELS} pixels × 4 channels per thread`,
      reads: [
        context.read('x', x),
        context.weights(
          'weight',
          weight,
          perTap({ channels, taps: kernel[0] * kernel[1], flip: node.attrs.flip }),
        ),
        ...(bias ? [context.read('bias', bias)] : []),
      ],
      ...strips,
      sizes: { height, width, vectors: vectors(channels), rows, columns, ...strips.sizes },
      constants: { ...windowConstants(geometry), PIXELS },
      declarations: put(context),
      body: code`
        let vector = thread.x;
        ${STRIP}
        let vectors = shape.vectors;
        let left = column * PIXELS - PAD_LEFT;
        let first = ${bias ? 'bias[vector]' : 'vec4f()'};
        ${lines(us.flatMap((u) => vs.map((v) => `let weight${u}_${v} = weight[(${u} * KERNEL_W + ${v}) * vectors + vector];`)))}
        ${lines(span.flatMap(inputColumn))}
        ${lines(pixels.map((m) => `let exists${m} = column * PIXELS + ${m} < shape.columns;`))}
        let top = image * shape.height;
        let last = shape.height - 1;
        let line = shape.width * vectors;
        let to_line = shape.columns * vectors;
        var to = ((image * shape.rows + begin - (KERNEL_H - 1)) * shape.columns + column * PIXELS) * vectors + vector;
        ${lines(begun.flatMap((u) => pixels.map((m) => `var sum${u}_${m} = first;`)))}
        for (var i = begin - (KERNEL_H - 1); i < end; i++) {
          let row = i + KERNEL_H - 1 - PAD_TOP;
          let nearest = clamp(row, 0, last);
          let at = (top + nearest) * line;
          ${lines(span.map((i) => `let x${i} = select(vec4f(), x[at + at${i}], row == nearest && inside${i});`))}
          ${lines(pixels.map((m) => `let result${m} = ${sumOf(kernel[0] - 1, m, vs)};`))}
          ${lines(begun.toReversed().flatMap((u) => pixels.map((m) => `sum${u}_${m} = ${sumOf(u - 1, m, vs)};`)))}
          if (i >= begin) {
            ${lines(pixels.map((m) => `if (exists${m}) { put(to + ${m} * vectors, vector, result${m}); }`))}
          }
          to += to_line;
        }
      `,
    }),
  ];
};

/** Where column `i` of what a thread reads lies in a line, and whether it is in the map. */
const inputColumn = (i: number): readonly string[] => [
  `let column${i} = clamp(left + ${i}, 0, shape.width - 1);`,
  `let inside${i} = column${i} == left + ${i};`,
  `let at${i} = column${i} * vectors + vector;`,
];

/** The sum of pixel `m` so far, with row `u` of its window, which has just been read. */
const sumOf = (u: number, m: number, vs: readonly number[]): string =>
  [u === 0 ? 'first' : `sum${u}_${m}`, ...vs.map((v) => `weight${u}_${v} * x${m + v}`)].join(' + ');
