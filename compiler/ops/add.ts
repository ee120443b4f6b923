import { add as plus } from '../scalar/expression.ts';
import { activationArg, applyActivation } from './activation.ts';
import { requireStretchable } from './arms.ts';
import { defineOp } from './define.ts';
import { broadcastTypes, mapElements, samplePair } from './elementwise.ts';
import { asOnnxPair } from './onnx.ts';
import { defineKeyword, says } from './keyword.ts';
import { asTorchPair } from './torch.ts';

export const add = defineOp({
  name: 'add',
  kind: 'scalar',
  commutative: true,
  doc: 'a + b.',
  operands: { a: 'one', b: 'one' },
  attrs: {},
  infer: ({ a, b }) => broadcastTypes([a, b]),
  formula: ({ a, b }) => plus(a, b),
  evaluate: ({ a, b }, _, out) => mapElements([a, b], out, (p, q) => p! + q!),
  onnx: asOnnxPair('Add'),
  torch: asTorchPair('+'),
  sample: (pick) => ({ operands: samplePair(pick), attrs: {} }),
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
