// The neighbours along an axis and their shares do not depend on values: they are tabulated once.
import { code } from '../../../support/code.ts';
import { map2d } from '../../../tensor/window.ts';
import type { Kernel } from '../kernel.ts';

/** Where position i of `to` lies among `from`. */
const PLACE = {
  half: '((2 * i + 1) * from - to) / (2 * to)',
  align: 'to === 1 ? 0 : i * (from - 1) / (to - 1)',
  asymmetric: 'i * from / to',
} as const;

export const resize: Kernel<'resize'> = (node, context) =>
  node.attrs.mode === 'nearest' ? nearest(node, context) : bilinear(node, context);

const nearest: Kernel<'resize'> = (node, { pitch, store }) => {
  const [, height, width, channels] = map2d(node.operands.x.type.shape);
  const [, rows, columns] = map2d(node.type.shape);
  const { corners } = node.attrs;
  const place = corners === 'asymmetric' ? PLACE[corners] : `(${PLACE[corners]}) + 0.5`;
  return code`
    const CHANNELS = ${channels}, PITCH = ${pitch}, ROWS = ${rows}, COLUMNS = ${columns};
    const nearest = (to, from) =>
      Int32Array.from({ length: to }, (_, i) => Math.min(Math.max(Math.floor(${place}), 0), from - 1));
    const rows = nearest(ROWS, ${height}), columns = nearest(COLUMNS, ${width});
    return function run() {
      for (let i = 0, to = 0; i < ROWS; i++)
        for (let j = 0; j < COLUMNS; j++, to += PITCH) {
          const from = (rows[i] * ${width} + columns[j]) * CHANNELS;
          for (let c = 0; c < CHANNELS; c++) {
            ${store('x[from + c]', { index: 'to + c', channel: 'c' })}
          }
        }
    };
  `;
};

const bilinear: Kernel<'resize'> = (node, { pitch, store }) => {
  const [, height, width, channels] = map2d(node.operands.x.type.shape);
  const [, rows, columns] = map2d(node.type.shape);
  return code`
    const WIDTH = ${width}, CHANNELS = ${channels}, PITCH = ${pitch}, ROWS = ${rows}, COLUMNS = ${columns};
    const places = (to, from) =>
      Float64Array.from({ length: to }, (_, i) => Math.min(Math.max(${PLACE[node.attrs.corners]}, 0), from - 1));
    const rows = places(ROWS, ${height}), columns = places(COLUMNS, WIDTH);
    return function run() {
      for (let i = 0, to = 0; i < ROWS; i++) {
        const top = Math.floor(rows[i]), bottom = Math.min(top + 1, ${height - 1}), down = rows[i] - top;
        for (let j = 0; j < COLUMNS; j++, to += PITCH) {
          const left = Math.floor(columns[j]), right = Math.min(left + 1, WIDTH - 1), across = columns[j] - left;
          const topLeft = (top * WIDTH + left) * CHANNELS, topRight = (top * WIDTH + right) * CHANNELS;
          const bottomLeft = (bottom * WIDTH + left) * CHANNELS, bottomRight = (bottom * WIDTH + right) * CHANNELS;
          for (let c = 0; c < CHANNELS; c++) {
            const above = (1 - across) * x[topLeft + c] + across * x[topRight + c];
            const below = (1 - across) * x[bottomLeft + c] + across * x[bottomRight + c];
            const value = (1 - down) * above + down * below;
            ${store('value', { index: 'to + c', channel: 'c' })}
          }
        }
      }
    };
  `;
};
