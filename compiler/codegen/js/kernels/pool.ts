// Each window is clipped to the input once, for all channels.
import { code } from '../../../support/code.ts';
import { map2d, window2d } from '../../../tensor/window.ts';
import type { Kernel } from '../kernel.ts';

export const pool: Kernel<'pool'> = (node, { store }) => {
  const { mode, countPad } = node.attrs;
  const [, height, width, channels] = map2d(node.operands.x.type.shape);
  const [, rows, columns] = map2d(node.type.shape);
  const { kernel, stride, dilation, pad } = window2d(node.attrs);
  const at = { index: 'to + c', channel: 'c' };

  const clip = (axis: 0 | 1, position: string, size: number) => {
    const [name, step] = [axis === 0 ? 'row' : 'column', dilation[axis]];
    const end = `${name}0 + ${(kernel[axis] - 1) * step + 1}`;
    return code`
      const ${name}0 = ${position} * ${stride[axis]} - ${pad[axis]};
      const ${name}Begin = ${name}0 < 0 ? ${step === 1 ? '0' : `${name}0 + Math.ceil(-${name}0 / ${step}) * ${step}`} : ${name}0;
      const ${name}End = Math.min(${end}, ${size});
    `;
  };
  const elements = (axis: 0 | 1) => {
    const name = axis === 0 ? 'row' : 'column';
    return dilation[axis] === 1
      ? `(${name}End - ${name}Begin)`
      : `Math.ceil((${name}End - ${name}Begin) / ${dilation[axis]})`;
  };
  // With countPad, elements count up to the end of the padded input.
  const padded = (axis: 0 | 1, size: number) =>
    `Math.min(${kernel[axis]}, Math.ceil((${size + pad[axis + 2]!} - ${axis === 0 ? 'row' : 'column'}0) / ${dilation[axis]}))`;
  const divisor = countPad ? `${padded(0, height)} * ${padded(1, width)}` : `${elements(0)} * ${elements(1)}`;

  const loops = (body: string) => code`
    for (let row = rowBegin; row < rowEnd; row += ${dilation[0]})
      for (let column = columnBegin; column < columnEnd; column += ${dilation[1]}) {
        ${body}
      }
  `;
  const value = 'x[(row * WIDTH + column) * CHANNELS + c]';
  const reduce =
    mode === 'max'
      ? code`
          let result = -Infinity;
          ${loops(code`
            const value = ${value};
            if (value > result || value !== value) result = value;
          `)}
          ${store('result', at)}
        `
      : code`
          let sum = 0;
          ${loops(`sum += ${value};`)}
          const result = sum / count;
          ${store('result', at)}
        `;
  return code`
    const WIDTH = ${width}, CHANNELS = ${channels};
    function row(i) {
      ${clip(0, 'i', height)}
      for (let j = 0; j < ${columns}; j++) {
        ${clip(1, 'j', width)}
        ${mode === 'avg' ? `const count = ${divisor};` : ''}
        const to = (i * ${columns} + j) * CHANNELS;
        for (let c = 0; c < CHANNELS; c++) {
          ${reduce}
        }
      }
    }
    return function run() {
      for (let i = 0; i < ${rows}; i++) row(i);
    };
  `;
};
