import { fround as asFloat } from '../scalar/expression.ts';
import { asOnnx } from './onnx.ts';
import { unary, unaryWord } from './unary.ts';

/**
 * Formulas are computed in double precision where that is cheaper. Before a rounding to whole numbers it
 * matters: 0.5 / 0.0196… is 25.5 in float32, and goes up; 25.49999968 would go down.
 */
export const fround = unary({
  name: 'fround',
  doc: 'x in the precision of float32.',
  meaning: Math.fround,
  formula: asFloat,
  onnx: asOnnx('Identity'),
  torch: ({ x }) => `${x}.float()`,
});

export const FROUND = unaryWord(fround);
