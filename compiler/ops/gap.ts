// GAP: pooling whose window is the whole map.
import { channelsOf, spatialOf } from '../tensor/window.ts';
import { flag, oneOf, withDefault } from './argument.ts';
import { defineKeyword } from './keyword.ts';
import { pool } from './pool.ts';
import { reshapeTo } from './reshape.ts';
import { refuseVectors } from './spatial.ts';

export const GAP = defineKeyword({
  keyword: 'GAP',
  doc: 'Global average pooling: the mean of each channel (Lin et al., Network in Network, 2013).',
  positional: [],
  args: {
    mode: oneOf(['avg', 'max'], 'Mean or maximum.'),
    keep: withDefault(flag('Keep a 1×1 map instead of a vector.'), false),
  },
  build: (call, { mode, keep }) => {
    refuseVectors('GAP', call.x.type);
    const window = spatialOf(call.x.type.shape);
    const zeros = window.map(() => 0);
    // The stride does not matter to the result; it says how far the one position reaches.
    const pooled = call.emit(
      pool,
      { x: call.x },
      { mode, kernel: window, stride: window, dilation: window.map(() => 1), pad: [...zeros, ...zeros] },
    );
    return keep ? pooled : reshapeTo(call, pooled, [channelsOf(call.x.type.shape)]);
  },
});
