// Windows that lie within the input have their elements written out; those at the border, and large ones,
// are clipped and looped over.
import type { OpNode } from '../../../ir/graph.ts';
import { code, lines } from '../../../support/code.ts';
import { extent, map2d, window2d, type Window2d } from '../../../tensor/window.ts';
import type { Kernel, KernelContext } from '../kernel.ts';
import { grouped, minus, scaled, sumOf, product } from './terms.ts';
import { range } from '../../../support/numbers.ts';

/** Elements of a window that are written out one by one: 3×3. */
const MOST_ELEMENTS = 9;

/** Positions of the result, begin and end, whose windows lie within the input. */
type Inside = readonly [begin: number, end: number];

export const pool: Kernel<'pool'> = (node, context) => {
  const shape = geometry(node);
  const { height, width, rows, columns, kernel } = shape;
  const isSmall = kernel[0] * kernel[1] <= MOST_ELEMENTS;
  const inside = [insideOf(shape, 0, height, rows), insideOf(shape, 1, width, columns)] as const;
  const isAllInside = inside[0][1] - inside[0][0] === rows && inside[1][1] - inside[1][0] === columns;
  const isInside = `i >= ${inside[0][0]} && i < ${inside[0][1]} && j >= ${inside[1][0]} && j < ${inside[1][1]}`;
  const [functions, call] = isSmall
    ? isAllInside
      ? [[wholeWindow], 'wholeWindow(i, j)']
      : [[wholeWindow, clippedWindow], `(${isInside} ? wholeWindow : clippedWindow)(i, j)`]
    : [[clippedWindow], 'clippedWindow(i, j)'];
  return code`
    const HEIGHT = ${height}, WIDTH = ${width}, CHANNELS = ${shape.channels}, COLUMNS = ${columns};
    const PITCH = ${context.pitch};

    ${functions.map((each) => each(node, shape, context)).join('\n\n')}

    return function run() {
      for (let i = 0; i < ${rows}; i++)
        for (let j = 0; j < COLUMNS; j++) ${call};
    };
  `;
};

type Geometry = ReturnType<typeof geometry>;

function geometry({ operands: { x }, attrs, type }: OpNode<'pool'>) {
  const [, height, width, channels] = map2d(x.type.shape);
  const [, rows, columns] = map2d(type.shape);
  return { height, width, channels, rows, columns, ...window2d(attrs) };
}

function insideOf(
  { kernel, stride, dilation, pad }: Window2d,
  axis: 0 | 1,
  size: number,
  positions: number,
): Inside {
  const begin = Math.min(positions, Math.ceil(pad[axis] / stride[axis]));
  const end = Math.floor((size + pad[axis] - extent(kernel[axis], dilation[axis])) / stride[axis]) + 1;
  return [begin, Math.max(begin, Math.min(end, positions))];
}

const AT = { index: 'to + c', channel: 'c' };

function wholeWindow({ attrs: { mode } }: OpNode<'pool'>, shape: Geometry, { store }: KernelContext): string {
  const { kernel, stride, dilation, pad } = shape;
  const elements = range(kernel[0]).flatMap((u) =>
    range(kernel[1]).map((v) => `x[${sumOf('at', elementAt(u * dilation[0], v * dilation[1]))}]`),
  );
  const larger = (_: string, i: number) =>
    `if (value${i} > result || value${i} !== value${i}) result = value${i};`;
  const reduce =
    mode === 'max'
      ? lines(['let result = value0;', ...elements.map(larger).slice(1)])
      : `const result = (${elements.map((_, i) => `value${i}`).join(' + ')}) / ${elements.length};`;
  return code`
    function wholeWindow(i, j) {
      const from = (${grouped(minus(scaled('i', stride[0]), pad[0]))} * WIDTH + ${minus(scaled('j', stride[1]), pad[1])}) * CHANNELS;
      const to = (i * COLUMNS + j) * PITCH;
      for (let c = 0; c < CHANNELS; c++) {
        const at = from + c;
        ${lines(elements.map((element, i) => `const value${i} = ${element};`))}
        ${reduce}
        ${store('result', AT)}
      }
    }
  `;
}

/** How far an element of a window lies from its first. */
function elementAt(row: number, column: number): string {
  const pixels = sumOf(product(row, 'WIDTH'), column);
  if (pixels === '0') return '0';
  return pixels === '1' ? 'CHANNELS' : `${grouped(pixels)} * CHANNELS`;
}

function clippedWindow(
  { attrs: { mode, countPad } }: OpNode<'pool'>,
  shape: Geometry,
  { store }: KernelContext,
): string {
  const { kernel, stride, dilation, pad } = shape;
  const clip = (axis: 0 | 1, position: string, size: string) => {
    const [name, step] = [axis === 0 ? 'row' : 'column', dilation[axis]];
    return code`
      const ${name}0 = ${minus(scaled(position, stride[axis]), pad[axis])};
      const ${name}Begin = ${step === 1 ? `Math.max(0, ${name}0)` : `${name}0 < 0 ? ${name}0 + Math.ceil(-${name}0 / ${step}) * ${step} : ${name}0`};
      const ${name}End = Math.min(${name}0 + ${extent(kernel[axis], step)}, ${size});
    `;
  };
  const elements = (axis: 0 | 1) => {
    const name = axis === 0 ? 'row' : 'column';
    return dilation[axis] === 1
      ? `(${name}End - ${name}Begin)`
      : `Math.ceil((${name}End - ${name}Begin) / ${dilation[axis]})`;
  };
  // With countPad, elements count up to the end of the padded input.
  const padded = (axis: 0 | 1, size: number) => {
    const left = `${size + pad[axis + 2]!} - ${axis === 0 ? 'row' : 'column'}0`;
    return `Math.min(${kernel[axis]}, ${dilation[axis] === 1 ? left : `Math.ceil((${left}) / ${dilation[axis]})`})`;
  };
  const count = countPad
    ? `${padded(0, shape.height)} * ${padded(1, shape.width)}`
    : `${elements(0)} * ${elements(1)}`;
  const [start, step, result] =
    mode === 'max'
      ? ['-Infinity', 'if (value > result || value !== value) result = value;', 'result']
      : ['0', 'result += value;', '(result / count)'];
  return code`
    function clippedWindow(i, j) {
      ${clip(0, 'i', 'HEIGHT')}
      ${clip(1, 'j', 'WIDTH')}
      ${mode === 'avg' ? `const count = ${count};` : ''}
      const to = (i * COLUMNS + j) * PITCH;
      for (let c = 0; c < CHANNELS; c++) {
        let result = ${start};
        for (let row = rowBegin; row < rowEnd; row += ${dilation[0]})
          for (let column = columnBegin; column < columnEnd; column += ${dilation[1]}) {
            const value = x[(row * WIDTH + column) * CHANNELS + c];
            ${step}
          }
        ${store(result, AT)}
      }
    }
  `;
}
