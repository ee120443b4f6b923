// Depthwise convolution of small windows that move by one: a thread goes down two columns, keeps the rows that
// its window covers, and reads each input once.
import { code, lines } from '../../../support/code.ts';
import type { Kernel } from '../kernel.ts';
import { vectors } from '../layout.ts';
import { perTap } from '../packing.ts';
import { inStrips, STRIP } from './strips.ts';
import { put, range } from './tiles.ts';
import { geometryOf, windowConstants, type Geometry } from './window.ts';

/** Results side by side. */
const PIXELS = 2;

/** Rows and weights stay in registers, which larger windows would overflow. */
export const suitsStrips = ({ kernel, stride, dilation }: Geometry): boolean =>
  kernel.every((size) => size <= 3) && [...stride, ...dilation].every((step) => step === 1);

export const convDepthwiseStrip: Kernel<'conv'> = (node, context) => {
  const { x, weight, bias } = node.operands;
  const geometry = geometryOf(node);
  const { batch, height, width, rows, columns, channels, kernel } = geometry;
  const strips = inStrips({ batch, rows, across: [vectors(channels), Math.ceil(columns / PIXELS)] });
  const [us, vs] = [range(kernel[0]), range(kernel[1])];
  const span = range(PIXELS - 1 + kernel[1]);
  const kept = us.slice(1);
  const newest = kernel[0] - 1;
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
        let left = column * PIXELS - PAD_LEFT;
        let first = ${bias ? 'bias[vector]' : 'vec4f()'};
        ${lines(us.flatMap((u) => vs.map((v) => `let weight${u}_${v} = weight[(${u} * KERNEL_W + ${v}) * shape.vectors + vector];`)))}
        ${lines(span.flatMap((i) => [`let at${i} = clamp(left + ${i}, 0, shape.width - 1);`, `let inside${i} = at${i} == left + ${i};`]))}
        ${lines(kept.flatMap((u) => span.map((i) => `var x${u - 1}_${i} = vec4f();`)))}
        for (var i = begin - (KERNEL_H - 1); i < end; i++) {
          let row = i + KERNEL_H - 1 - PAD_TOP;
          let nearest = clamp(row, 0, shape.height - 1);
          let line = (image * shape.height + nearest) * shape.width;
          ${lines(span.map((i) => `let x${newest}_${i} = select(vec4f(), x[(line + at${i}) * shape.vectors + vector], row == nearest && inside${i});`))}
          if (i >= begin) {
            let to = (image * shape.rows + i) * shape.columns + column * PIXELS;
            ${lines(range(PIXELS).map((m) => resultAt(m, us, vs)))}
          }
          ${lines(kept.flatMap((u) => span.map((i) => `x${u - 1}_${i} = x${u}_${i};`)))}
        }
      `,
    }),
  ];
};

const resultAt = (m: number, us: readonly number[], vs: readonly number[]): string => code`
  if (column * PIXELS + ${m} < shape.columns) {
    var sum = first;
    ${lines(us.flatMap((u) => vs.map((v) => `sum += weight${u}_${v} * x${u}_${m + v};`)))}
    put((to + ${m}) * shape.vectors + vector, vector, sum);
  }
`;
