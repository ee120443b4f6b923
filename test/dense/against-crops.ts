// The check of dense evaluation: every position of the map beside the crop that it stands for.
import { evaluateAt, type EvaluationOptions } from '../../compiler/dense/index.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { channelsOf, spatialOf } from '../../compiler/tensor/window.ts';
import { mismatch } from '../support/tolerance.ts';
import { everyCrop, picture } from './networks.ts';

/** Networks without padding, a larger size for each, and what their strides multiply to. */
export const FIXED = [
  [
    'INPUT(14x14x2) -> CONV(4, 3, pad=valid) -> POOL -> CONV(5, 3, pad=valid) -> POOL -> FC(6) -> FC(3)',
    [22, 27],
    4,
  ],
  ['INPUT(12x15x1) -> CONV(4, 3, stride=3, pad=valid) -> GAP -> FC(3)', [20, 15], 3],
  ['INPUT(24x2) -> CONV(4, 5, stride=2, pad=valid) -> POOL(2) -> FC(3)', [41], 4],
] as const;

/** Where the dense map differs from the crops; undefined when it does nowhere. */
export async function againstCrops(
  trained: Graph,
  options: EvaluationOptions,
  stride: number,
  run: (graph: Graph, data: Float32Array) => Promise<Float32Array> | Float32Array,
): Promise<string | undefined> {
  const { graph } = evaluateAt(trained, options);
  const data = picture([...options.size, channelsOf(trained.inputs[0]!.node.type.shape)], 7);
  const map = await run(graph, data);
  const shape = graph.outputs[0]!.node.type.shape;
  const [columns, scores] = [spatialOf(shape).at(-1)!, channelsOf(shape)];
  const expected = everyCrop(trained, data, options.size, stride);
  if (expected.positions.some((count, axis) => spatialOf(shape)[axis] !== count))
    return `${spatialOf(shape).join('×')} positions for ${expected.positions.join('×')} crops`;
  const perRow = expected.positions.at(-1)!;
  for (const [index, crop] of expected.scores.entries()) {
    const at = Math.floor(index / perRow) * columns + (index % perRow);
    const wrong = mismatch(map.subarray(at * scores, (at + 1) * scores), crop, 'network');
    if (wrong) return `crop ${index}: ${wrong}`;
  }
  return undefined;
}
