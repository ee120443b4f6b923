import { fround as asFloat } from '../scalar/expression.ts';
import { activation } from './activation.ts';
import { defineKeyword, says } from './keyword.ts';
import { asOnnx } from './onnx.ts';

/**
 * Formulas are computed in double precision where that is cheaper. Before a rounding to whole numbers it
 * matters: 0.5 / 0.0196… is 25.5 in float32, and goes up; 25.49999968 would go down.
 */
export const fround = activation(
  'fround',
  'x in the precision of float32.',
  Math.fround,
  asFloat,
  asOnnx('Identity'),
  ({ x }) => `${x}.float()`,
);

export const FROUND = defineKeyword({
  keyword: 'FROUND',
  doc: fround.doc,
  positional: [],
  args: {},
  says: says(fround),
  build: (call) => call.emit(fround, { x: call.x }),
});
