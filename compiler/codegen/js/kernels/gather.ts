// Slices along one axis, picked by their indices: copies of whole runs, or of single channels.
import { code } from '../../../support/code.ts';
import { sizeOf } from '../../../tensor/types.ts';
import { channelsOf } from '../../../tensor/window.ts';
import type { Kernel } from '../kernel.ts';

export const gather: Kernel<'gather'> = ({ operands: { x, indices }, attrs: { axis }, type }, context) => {
  const { shape } = x.type;
  const length = shape[axis]!;
  const count = sizeOf(indices.type.shape);
  const channels = channelsOf(type.shape);
  const isLast = axis === shape.length - 1;
  const pixels = isLast ? 1 : sizeOf(shape.slice(axis + 1)) / channels;
  const read = isLast
    ? `x[outer * ${length} + place(indices[c])]`
    : `x[((outer * ${length} + index) * ${pixels} + pixel) * ${channels} + c]`;
  return code`
    const place = (index) => Math.trunc(index) + (index <= -1 ? ${length} : 0);
    return function run() {
      let to = 0;
      for (let outer = 0; outer < ${sizeOf(shape.slice(0, axis))}; outer++)
        for (let i = 0; i < ${isLast ? 1 : count}; i++) {
          const index = place(indices[i]);
          for (let pixel = 0; pixel < ${pixels}; pixel++) {
            for (let c = 0; c < ${channels}; c++) {
              ${context.store(read, { index: 'to + c', channel: 'c' })}
            }
            to += ${context.pitch};
          }
        }
    };
  `;
};
