import { share, withDefault } from './argument.ts';
import { attr, defineOp } from './define.ts';
import { asOnnx } from './onnx.ts';
import { defineKeyword } from './keyword.ts';
import { python } from './torch.ts';

export const dropout = defineOp({
  name: 'dropout',
  kind: 'view',
  doc: 'Zeroes a share of its inputs in training (Srivastava et al., 2014); nothing at inference.',
  operands: { x: 'one' },
  attrs: { p: attr(0.5, 'Share that training drops.') },
  infer: ({ x }) => x,
  evaluate: ({ x }) => x.data,
  onnx: asOnnx('Dropout'),
  torch: ({ x }, { p }) => python('F.dropout', [x, p, 'self.training']),
  sample: (pick) => ({
    operands: { x: [pick.int(1, 2), pick.int(1, 9)] },
    attrs: { p: pick.of([0.2, 0.5]) },
  }),
});

export const DROPOUT = defineKeyword({
  keyword: 'DROPOUT',
  doc: dropout.doc,
  positional: ['p'],
  args: { p: withDefault(share('Share that training drops.'), 0.5) },
  build: (call, { p }) => call.emit(dropout, { x: call.x }, { p }),
});
