// WEIGHT: a learned value that no operator owns.
import { byRule, emptySizes } from './argument.ts';
import { defineKeyword } from './keyword.ts';

export const WEIGHT = defineKeyword({
  keyword: 'WEIGHT',
  doc: 'A learned value, called by its path alone: { SKIP | WEIGHT(64) as scale } -> MUL; or it starts a chain.',
  starts: true,
  positional: ['shape'],
  args: { shape: byRule(emptySizes('Its whole shape; it has no batch.'), '1') },
  build: (call, { shape: written }) =>
    call.weight('', written ?? call.decide('shape', [1], 'nothing is said'), 'one'),
});
