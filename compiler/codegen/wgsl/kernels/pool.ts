// Pooling. Small windows are written out, and a thread goes down a column of results; for large ones, whose sizes
// are in the uniform, a thread walks through one window.
import { code, lines } from '../../../support/code.ts';
import { map2d, window2d } from '../../../tensor/window.ts';
import { threadsFor, type Kernel } from '../kernel.ts';
import { vectors } from '../layout.ts';
import { number } from '../syntax.ts';
import { inStrips, STRIP } from './strips.ts';
import { slidingConstants, throughWindow, windowConstants } from './window.ts';
import { range } from '../../../support/numbers.ts';

export const pool: Kernel<'pool'> = (node, context) => {
  const { kernel } = window2d(node.attrs);
  return kernel[0] * kernel[1] <= SMALL ? smallWindows(node, context) : largeWindows(node, context);
};

/** Positions of a window that is written out. */
const SMALL = 9;

const smallWindows: Kernel<'pool'> = (node, context) => {
  const { x } = node.operands;
  const { mode, countPad } = node.attrs;
  const [, height, width, channels] = map2d(x.type.shape);
  const [batch, rows, columns] = map2d(node.type.shape);
  const window = window2d(node.attrs);
  const { kernel, dilation, pad } = window;
  const work = { batch, rows, across: [vectors(channels), columns] } as const;
  const strips = inStrips(work, 'hardware');
  const [us, vs] = [range(kernel[0]), range(kernel[1])];
  const { start, together, result, count } = REDUCTIONS[mode];
  const at = (u: number, v: number) => `x[(line${u} + column${v}) * shape.threads.x + thread.x]`;
  // What lies outside is read at the border instead: that is in the window too, if this has no gaps, and changes
  // no maximum.
  const isBorderEnough = mode === 'max' && dilation.every((step) => step === 1);
  const element = (u: number, v: number) =>
    isBorderEnough ? at(u, v) : `select(vec4f(${number(start)}), ${at(u, v)}, is_row${u} && is_column${v})`;
  const [first, ...others] = us.flatMap((u) => vs.map((v) => element(u, v)));
  return [
    context.dispatch({
      title: `pool: ${mode} of ${kernel.join('×')}`,
      reads: [context.read('x', x)],
      ...strips,
      inSoftware: inStrips(work, 'software'),
      sizes: {
        height,
        width,
        rows,
        padded_height: height + pad[2],
        padded_width: width + pad[3],
        ...strips.sizes,
      },
      constants: windowConstants(window),
      body: code`
        ${STRIP}
        let left = column * STRIDE_W - PAD_LEFT;
        ${lines(vs.flatMap((v) => place('column', v, isBorderEnough)))}
        ${count ? `let counted_columns = ${counted('column', vs, countPad)};` : ''}
        for (var i = begin; i < end; i++) {
          let top = i * STRIDE_H - PAD_TOP;
          ${lines(us.flatMap((u) => place('row', u, isBorderEnough)))}
          ${lines(us.map((u) => `let line${u} = (image * shape.height + row${u}) * shape.width;`))}
          ${count ? `let count = (${counted('row', us, countPad)}) * counted_columns;` : ''}
          var result = ${first!};
          ${lines(others.map((each) => `result = ${together(each)};`))}
          let to = (image * shape.rows + i) * shape.across + column;
          ${context.store(result, { index: 'to * shape.threads.x + thread.x', vector: 'thread.x' })}
        }
      `,
    }),
  ];
};

const AXES = {
  row: { begin: 'top', size: 'height', dilation: 'DILATION_H' },
  column: { begin: 'left', size: 'width', dilation: 'DILATION_W' },
};

/** Declares position `i` of the window along an axis, and whether it lies in the map. */
function place(axis: keyof typeof AXES, i: number, isBorderEnough: boolean): string[] {
  const { begin, size, dilation } = AXES[axis];
  const at = `${begin} + ${i} * ${dilation}`;
  return [
    `let ${axis}${i} = clamp(${at}, 0, shape.${size} - 1);`,
    ...(isBorderEnough ? [] : [`let is_${axis}${i} = ${axis}${i} == ${at};`]),
  ];
}

/** How many positions of the window a mean counts along an axis. */
function counted(axis: keyof typeof AXES, all: readonly number[], countPad: boolean): string {
  const { begin, size, dilation } = AXES[axis];
  const counts = (i: number) =>
    countPad ? `${begin} + ${i} * ${dilation} < shape.padded_${size}` : `is_${axis}${i}`;
  return all.map((i) => `f32(${counts(i)})`).join(' + ');
}

const largeWindows: Kernel<'pool'> = (node, context) => {
  const { x } = node.operands;
  const [, height, width, channels] = map2d(x.type.shape);
  const [batch, rows, columns] = map2d(node.type.shape);
  const window = window2d(node.attrs);
  const { kernel, pad } = window;
  const { start, together, result, count } = REDUCTIONS[node.attrs.mode];
  return [
    context.dispatch({
      title: `pool: ${node.attrs.mode}`,
      reads: [context.read('x', x)],
      sizes: {
        height,
        width,
        rows,
        columns,
        kernel_height: kernel[0],
        kernel_width: kernel[1],
        padded_height: height + pad[2],
        padded_width: width + pad[3],
      },
      constants: slidingConstants(window),
      threads: threadsFor(channels, batch * rows * columns),
      body: code`
        ${throughWindow(
          code`
            var result = vec4f(${number(start)});
            ${count ? 'var count = 0.0;' : ''}
          `,
          code`
            ${count ? counting(node.attrs.countPad) : ''}
            if (!inside) { continue; }
            let value = x[pixel * vectors + thread.x];
            result = ${together('value')};
          `,
        )}
        ${context.store(result, { index: 'thread.y * vectors + thread.x', vector: 'thread.x' })}
      `,
    }),
  ];
};

const REDUCTIONS = {
  max: {
    start: -Infinity,
    together: (value: string) => `max(result, ${value})`,
    result: 'result',
    count: false,
  },
  avg: {
    start: 0,
    together: (value: string) => `result + ${value}`,
    result: '(result / count)',
    count: true,
  },
};

const counting = (countPad: boolean): string =>
  countPad
    ? 'count += f32(row < shape.padded_height && column < shape.padded_width);'
    : 'count += f32(inside);';
