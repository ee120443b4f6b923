import { mul as times } from '../scalar/expression.ts';
import { sizeOf } from '../tensor/types.ts';
import { channelsOf, spatialOf } from '../tensor/window.ts';
import { requireSameChannels, requireSameSize } from './arms.ts';
import type { Value } from './argument.ts';
import { defineOp } from './define.ts';
import { broadcastTypes, mapElements, samplePair } from './elementwise.ts';
import { asOnnxPair } from './onnx.ts';
import { defineKeyword, type Call } from './keyword.ts';
import { asTorchPair } from './torch.ts';
import { reshapeTo } from './reshape.ts';

export const mul = defineOp({
  name: 'mul',
  kind: 'scalar',
  commutative: true,
  doc: 'a · b.',
  operands: { a: 'one', b: 'one' },
  attrs: {},
  infer: ({ a, b }) => broadcastTypes([a, b]),
  formula: ({ a, b }) => times(a, b),
  evaluate: ({ a, b }, _, out) => mapElements([a, b], out, (p, q) => p! * q!),
  onnx: asOnnxPair('Mul'),
  torch: asTorchPair('*'),
  sample: (pick) => ({ operands: samplePair(pick), attrs: {} }),
});

export const MUL = defineKeyword({
  keyword: 'MUL',
  doc: 'Product of the arms before it, or of the values that it names; a vector scales the channels of a map.',
  merges: true,
  positional: [],
  args: {},
  build: (call) => {
    const [map, ...others] = call.values.toSorted((a, b) => sizeOf(b.type.shape) - sizeOf(a.type.shape));
    return others.reduce((product, other) => {
      requireSameChannels('MUL', [map!, other]);
      return call.emit(mul, { a: product, b: beside(call, map!, other) });
    }, map!);
  },
});

/** `other` as it can be multiplied with `map`: of its size, or one factor per channel (squeeze-and-excitation). */
function beside(call: Call, map: Value, other: Value): Value {
  const axes = spatialOf(map.type.shape);
  if (spatialOf(other.type.shape).every((size) => size === 1))
    return reshapeTo(call, other, [...axes.map(() => 1), channelsOf(other.type.shape)]);
  requireSameSize('MUL', [map, other]);
  return other;
}
