// Sparse tensors of a file (SparseTensorProto), which are read as dense ones.
import { refuse } from '../support/refusal.ts';
import { sizeOf } from '../tensor/types.ts';
import { elementType, readElements, readNumbers, titleOf } from './elements.ts';
import type { OnnxTensor, SparseElements } from './model.ts';

/**
 * Puts the elements of a tensor, sparse or not, into as many zeros, row by row. Throws a `Refusal` as `readElements`
 * does, and E090 where indices are not as ONNX wants them: one for each value, in order, inside of the tensor.
 */
export function fillElements(tensor: OnnxTensor, zeros: Float32Array): void {
  const { sparse } = tensor;
  if (!sparse) return zeros.set(readElements(tensor));
  const values = readElements(sparse.values);
  for (const [i, place] of placesOf(tensor, sparse).entries()) zeros[place] = values[i]!;
}

/** Where the values lie, row by row. */
function placesOf(tensor: OnnxTensor, { values, indices }: SparseElements): number[] {
  const { dims } = tensor;
  if (dims.length === 0) refuse('E090', `${titleOf(tensor)} is sparse and has no axes`);
  if (values.dims.length !== 1)
    refuse(
      'E090',
      `${titleOf(values)} is ${shown(values.dims)}; the values of a sparse tensor have one axis`,
    );
  const count = values.dims[0]!;
  if (!indices) return count === 0 ? [] : refuse('E090', `${titleOf(values)} has no indices`);
  if (elementType(indices.type, titleOf(indices)).sort !== 'int')
    refuse('E090', `${titleOf(indices)} holds no whole numbers`);
  const places = isLinear(indices, dims, count)
    ? linearPlaces(indices, dims)
    : placesOfRows(indices, dims, count);
  const wrong = places.findIndex((place, i) => i > 0 && place <= places[i - 1]!);
  if (wrong !== -1) {
    const what = places[wrong] === places[wrong - 1] ? 'repeats' : 'comes before';
    refuse(
      'E090',
      `${titleOf(indices)} is not in ascending order: place ${wrong + 1} ${what} the one before it`,
    );
  }
  return places;
}

/** Whether indices are one number per value; else there is one per value and axis. */
function isLinear(indices: OnnxTensor, dims: readonly number[], count: number): boolean {
  const [rows, columns, ...more] = indices.dims;
  const isRight = rows === count && more.length === 0 && (columns === undefined || columns === dims.length);
  if (!isRight)
    refuse(
      'E090',
      `${titleOf(indices)} is ${shown(indices.dims)}; for ${count} values in a tensor of ${shown(dims)} it is ${count} or ${count}×${dims.length}`,
    );
  return columns === undefined;
}

function linearPlaces(indices: OnnxTensor, dims: readonly number[]): number[] {
  const size = sizeOf(dims);
  return Array.from(readNumbers(indices), (index, i) => {
    const place = Number(index);
    if (!(place >= 0 && place < size))
      refuse('E090', `${titleOf(indices)} has place ${i + 1} at ${place} of ${size} elements`);
    return place;
  });
}

function placesOfRows(indices: OnnxTensor, dims: readonly number[], count: number): number[] {
  const coordinates = readNumbers(indices);
  return Array.from({ length: count }, (_, i) =>
    dims.reduce((place, size, axis) => {
      const at = Number(coordinates[i * dims.length + axis]);
      if (!(at >= 0 && at < size))
        refuse('E090', `${titleOf(indices)} has place ${i + 1} at ${at} of axis ${axis}, which has ${size}`);
      return place * size + at;
    }, 0),
  );
}

const shown = (dims: readonly number[]): string => (dims.length === 0 ? 'a number' : dims.join('×'));
