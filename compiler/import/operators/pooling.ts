// Pools: maxima and means of windows.
import { pool } from '../../ops/pool.ts';
import type { Import } from '../call.ts';
import { windowsOf } from './windows.ts';

const pooling =
  (mode: 'max' | 'avg'): Import =>
  (call) => {
    const x = call.input(0);
    const windows = windowsOf(call, call.ints('kernel_shape'), x.dims.slice(2));
    const ceil = call.flag('ceil_mode', false);
    const countPad = mode === 'avg' && call.flag('count_include_pad', false);
    const node = call.emit(pool, { x: call.channelsLast(x) }, { mode, ...windows, ceil, countPad });
    return call.channelsLastValue(node, x.sort);
  };

/** One window over everything. */
const global =
  (mode: 'max' | 'avg'): Import =>
  (call) => {
    const x = call.input(0);
    const kernel = x.dims.slice(2);
    const { pad, dilation } = windowsOf(call, kernel, kernel);
    return call.channelsLastValue(
      call.emit(pool, { x: call.channelsLast(x) }, { mode, kernel, stride: kernel, pad, dilation }),
    );
  };

export const POOLS: Readonly<Record<string, Import>> = {
  MaxPool: pooling('max'),
  AveragePool: pooling('avg'),
  GlobalMaxPool: global('max'),
  GlobalAveragePool: global('avg'),
};
