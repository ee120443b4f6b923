// LAST: everything cropped but the last step.
import { refuse } from '../support/refusal.ts';
import { showItem } from '../tensor/types.ts';
import { channelsOf, spatialOf } from '../tensor/window.ts';
import { crop } from './crop.ts';
import { defineKeyword } from './keyword.ts';
import { reshapeTo } from './reshape.ts';

export const LAST = defineKeyword({
  keyword: 'LAST',
  doc: 'The last step of a sequence, as a vector.',
  positional: [],
  args: {},
  build: (call) => {
    const { type } = call.x;
    const [length, ...more] = spatialOf(type.shape);
    if (length === undefined || more.length > 0)
      refuse('E045', `LAST takes the last step of a sequence; its input is ${showItem(type)}`, {
        help: 'a map becomes a vector by GAP',
      });
    const last = call.emit(crop, { x: call.x }, { amounts: [length - 1, 0] });
    return reshapeTo(call, last, [channelsOf(type.shape)]);
  },
});
