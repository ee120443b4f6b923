import { mul as times } from '../scalar/expression.ts';
import { sizeOf } from '../tensor/types.ts';
import { channelsOf, spatialOf } from '../tensor/window.ts';
import { requireSameChannels, requireStretchable } from './arms.ts';
import type { Value } from './argument.ts';
import { defineOp } from './define.ts';
import { broadcastTypes, mapElements, samplePair } from './elementwise.ts';
import { asOnnxPair } from './onnx.ts';
import { defineKeyword, says, type Call } from './keyword.ts';
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
  says: says(mul),
  build: (call) => {
    const [map] = call.values.toSorted((a, b) => sizeOf(b.type.shape) - sizeOf(a.type.shape));
    const isBeside = (value: Value) => isVector(value) && map!.type.shape.length > 2;
    requireSameChannels('MUL', [map!, ...call.values.filter(isBeside)]);
    const factors = call.values.map((value) => (isBeside(value) ? beside(call, map!, value) : value));
    requireStretchable('MUL', factors);
    return factors.reduce((a, b) => call.emit(mul, { a, b }));
  },
});

const isVector = ({ op, type }: Value): boolean => op !== 'constant' && type.shape.length === 2;

/** A vector as it scales the channels of a map (squeeze-and-excitation). */
const beside = (call: Call, map: Value, vector: Value): Value =>
  reshapeTo(call, vector, [...spatialOf(map.type.shape).map(() => 1), channelsOf(vector.type.shape)]);
