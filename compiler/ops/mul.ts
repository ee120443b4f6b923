import { mul as times } from '../scalar/expression.ts';
import { sizeOf } from '../tensor/types.ts';
import { channelsOf, spatialOf } from '../tensor/window.ts';
import { requireSameChannels, requireStretchable } from './arms.ts';
import type { Value } from './argument.ts';
import { asOnnxPair } from './onnx.ts';
import { defineKeyword, says, type Call } from './keyword.ts';
import { pairwise } from './pairwise.ts';
import { asTorchPair } from './torch.ts';
import { reshapeTo } from './reshape.ts';

export const mul = pairwise({
  name: 'mul',
  doc: 'a · b.',
  commutative: true,
  meaning: (a, b) => a * b,
  formula: times,
  onnx: asOnnxPair('Mul'),
  torch: asTorchPair('*'),
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
