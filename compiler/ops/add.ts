import { add as plus } from '../scalar/expression.ts';
import { activationArg, applyActivation } from './activation.ts';
import { requireStretchable } from './arms.ts';
import { asOnnxPair } from './onnx.ts';
import { defineKeyword, says } from './keyword.ts';
import { pairwise } from './pairwise.ts';
import { asTorchPair } from './torch.ts';

export const add = pairwise({
  name: 'add',
  doc: 'a + b.',
  commutative: true,
  meaning: (a, b) => a + b,
  formula: plus,
  onnx: asOnnxPair('Add'),
  torch: asTorchPair('+'),
});

export const ADD = defineKeyword({
  keyword: 'ADD',
  doc: 'Sum of the arms before it, or of the values that it names.',
  merges: true,
  positional: [],
  args: { act: activationArg('none') },
  says: says(add),
  build: (call, { act }) => {
    requireStretchable('ADD', call.values);
    // A chain of sums of two: each can be the epilogue of the kernel before it.
    const sum = call.values.reduce((a, b) => call.emit(add, { a, b }));
    return applyActivation(call, sum, act);
  },
});
