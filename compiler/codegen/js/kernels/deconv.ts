// Gathered, not scattered: every pixel of the result asks which input pixels reach it, so that it is
// written once and the epilogue can be applied. A few filters are summed at once.
import type { OpNode } from '../../../ir/graph.ts';
import { code, lines } from '../../../support/code.ts';
import { map2d, window2d } from '../../../tensor/window.ts';
import type { Kernel } from '../kernel.ts';
import { scaled, sumOf } from './terms.ts';
import { tileRuns, type TileRun } from './tiles.ts';
import { range } from '../../../support/numbers.ts';

const FILTERS = 4;

export const deconv: Kernel<'deconv'> = (node, { pitch, store }) => {
  const { bias } = node.operands;
  const { height, width, channels, rows, columns, filters, window, groups } = geometry(node);
  const [kh, kw] = window.kernel;
  const perGroup = { channels: channels / groups, filters: filters / groups };
  const runs = tileRuns(perGroup.filters, FILTERS);

  // [group][tile][ky][kx][channel][filter of the tile], from [channel][filter of the group][ky][kx].
  const pack = ({ size, begin, end }: TileRun) => code`
    for (let f = ${begin}; f < ${end}; f += ${size})
      for (let tap = 0; tap < ${kh * kw}; tap++)
        for (let c = 0; c < ${perGroup.channels}; c++)
          for (let i = 0; i < ${size}; i++)
            filters[to++] = weight[((group * ${perGroup.channels} + c) * ${perGroup.filters} + f + i) * ${kh * kw} + tap];
  `;
  const pixel = ({ size }: TileRun) => {
    const each = range(size);
    return code`
      function pixel${size}(i, j, firstChannel, w, f) {
        ${lines(each.map((n) => `let sum${n} = ${bias ? `bias[${sumOf('f', n)}]` : '0'};`))}
        for (let ky = 0; ky < ${kh}; ky++) {
          const row = (i + TOP - ${scaled('ky', window.dilation[0])}) / STRIDE_H;
          if (row < 0 || row >= HEIGHT || row % 1 !== 0) continue;
          for (let kx = 0; kx < ${kw}; kx++) {
            const column = (j + LEFT - ${scaled('kx', window.dilation[1])}) / STRIDE_W;
            if (column < 0 || column >= WIDTH || column % 1 !== 0) continue;
            const from = (row * WIDTH + column) * ${channels} + firstChannel;
            let tap = w + (ky * ${kw} + kx) * ${perGroup.channels * size};
            for (let c = 0; c < ${perGroup.channels}; c++, tap += ${size}) {
              const value = x[from + c];
              ${lines(each.map((n) => `sum${n} += value * filters[${sumOf('tap', n)}];`))}
            }
          }
        }
        const to = (i * ${columns} + j) * PITCH + f;
        ${lines(each.map((n) => store(`sum${n}`, { index: sumOf('to', n), channel: sumOf('f', n) })))}
      }
    `;
  };
  const call = ({ size, begin, end }: TileRun) => code`
    for (let f = ${sumOf(`group * ${perGroup.filters}`, begin)}; f < ${sumOf(`group * ${perGroup.filters}`, end)}; f += ${size})
      for (let i = 0; i < ${rows}; i++)
        for (let j = 0; j < ${columns}; j++)
          pixel${size}(i, j, group * ${perGroup.channels}, f * ${perGroup.channels * kh * kw}, f);
  `;
  return code`
    const HEIGHT = ${height}, WIDTH = ${width}, STRIDE_H = ${window.stride[0]}, STRIDE_W = ${window.stride[1]};
    const TOP = ${window.pad[0]}, LEFT = ${window.pad[1]}, PITCH = ${pitch};
    const filters = new Float64Array(weight.length);
    for (let group = 0, to = 0; group < ${groups}; group++) {
      ${lines(runs.map(pack))}
    }
    ${lines(runs.map(pixel))}
    return function run() {
      for (let group = 0; group < ${groups}; group++) {
        ${lines(runs.map(call))}
      }
    };
  `;
};

function geometry({ operands: { x, weight }, attrs, type }: OpNode<'deconv'>) {
  const [, height, width, channels] = map2d(x.type.shape);
  const [, rows, columns, filters] = map2d(type.shape);
  const window = window2d({ ...attrs, kernel: weight.type.shape.slice(2) });
  return { height, width, channels, rows, columns, filters, window, groups: attrs.groups };
}
