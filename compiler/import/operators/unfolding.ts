// The other way round: columns of windows back into a map, and maxima back to where they were.
import { deconv } from '../../ops/deconv.ts';
import { refuse } from '../../support/refusal.ts';
import { sizeOf } from '../../tensor/types.ts';
import { extent } from '../../tensor/window.ts';
import type { Import } from '../call.ts';
import { unitFilters } from './computed-filters.ts';
import { regroup } from './regroup.ts';
import { scattered } from './selection.ts';
import { windowsOf } from './windows.ts';

/** Each column is a window, and windows add up: a transposed convolution whose filters have a single one. */
const columnsToImage: Import = (call) => {
  const x = call.input(0);
  const [image, block] = [call.integers(1, 'image_shape'), call.integers(2, 'block_shape')];
  const { kernel, stride, pad, dilation } = windowsOf(call, block, image);
  const taps = sizeOf(kernel);
  const room = image.map(
    (length, axis) =>
      length + pad[axis]! + pad[axis + image.length]! - extent(kernel[axis]!, dilation[axis]!),
  );
  const blocks = room.map((length, axis) => Math.floor(length / stride[axis]!) + 1);
  const [items, rows, columns] = x.dims;
  if (x.dims.length !== 3 || rows! % taps !== 0 || columns !== sizeOf(blocks))
    refuse('E043', `${x.dims.join('×')} are no windows of ${block.join('×')} of ${image.join('×')}`);
  const channels = rows! / taps;
  const map = regroup(call, x, [items!, rows!, ...blocks]);
  const node = call.emit(
    deconv,
    {
      x: call.channelsLast(map),
      weight: unitFilters(call, channels, kernel),
      bias: undefined,
    },
    {
      stride,
      pad,
      dilation,
      groups: channels,
      outputPad: room.map((length, axis) => length % stride[axis]!),
    },
  );
  return call.channelsLastValue(node, x);
};

/** Maxima at the places that MaxPool says they had, zeros elsewhere. */
const maxUnpool: Import = (call) => {
  const [x, places] = [call.input(0), call.input(1)];
  const { kernel, stride, pad } = windowsOf(call, call.ints('kernel_shape'), x.dims.slice(2));
  const axes = kernel.length;
  const full = kernel.map(
    (size, axis) => (x.dims[axis + 2]! - 1) * stride[axis]! + size - pad[axis]! - pad[axis + axes]!,
  );
  const dims = call.optional(2) ? call.integers(2, 'output_shape') : [...x.dims.slice(0, 2), ...full];
  const zeros = call.constant(call.make(dims), dims, 'zeros', x);
  return scattered(call, zeros, { updates: x, positions: places, reduction: 'none' });
};

export const UNFOLDINGS: Readonly<Record<string, Import>> = {
  Col2Im: columnsToImage,
  MaxUnpool: maxUnpool,
};
