// Networks of the language as graphs, and what dense evaluation must equal: crops, one at a time.
import { buildProgram } from '../../compiler/frontend/program.ts';
import { Diagnostics } from '../../compiler/frontend/diagnostics.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { interpret } from '../../compiler/ir/interpret.ts';
import { mulberry32 } from '../../compiler/frontend/weights/random.ts';
import { sizeOf } from '../../compiler/tensor/types.ts';
import { channelsOf, spatialOf } from '../../compiler/tensor/window.ts';
import { fillConstants } from '../support/random-graph.ts';

/** A program's graph, without weights. */
export async function network(text: string): Promise<Graph> {
  const diagnostics = new Diagnostics();
  const built = await buildProgram({ text, path: 'test.cnn', name: 'test', read: undefined }, diagnostics);
  if (!built) throw new Error(diagnostics.list.map(({ message }) => message).join('\n'));
  return built.graph;
}

/** The same with weights. */
export const weighted = async (text: string, seed = 1): Promise<Graph> =>
  fillConstants(await network(text), mulberry32(seed));

export function picture(shape: readonly number[], seed: number): Float32Array {
  const next = mulberry32(seed);
  return Float32Array.from({ length: sizeOf(shape) }, () => 2 * next() - 1);
}

/**
 * The trained network on every full crop of a picture, `stride` apart: scores position by position, and
 * how many positions there are along each axis.
 */
export function everyCrop(
  trained: Graph,
  data: Float32Array,
  size: readonly number[],
  stride: number,
): { positions: number[]; scores: Float32Array[] } {
  const { node, name } = trained.inputs[0]!;
  const crop = spatialOf(node.type.shape);
  const channels = channelsOf(node.type.shape);
  const positions = size.map((length, axis) => Math.floor((length - crop[axis]!) / stride) + 1);
  const places = positions.reduce<number[][]>(
    (before, count) =>
      before.flatMap((place) => Array.from({ length: count }, (_, i) => [...place, i * stride])),
    [[]],
  );
  const scores = places.map((place) => {
    const cut = cutOut(data, { size, crop, place, channels });
    return interpret(trained, { [name]: cut })[trained.outputs[0]!.name]!;
  });
  return { positions, scores };
}

interface Cut {
  readonly size: readonly number[];
  readonly crop: readonly number[];
  readonly place: readonly number[];
  readonly channels: number;
}

function cutOut(data: Float32Array, { size, crop, place, channels }: Cut): Float32Array {
  const [height, width, top, left] =
    size.length === 2 ? [crop[0]!, crop[1]!, place[0]!, place[1]!] : [1, crop[0]!, 0, place[0]!];
  const row = size.at(-1)! * channels;
  const out = new Float32Array(height * width * channels);
  for (let i = 0; i < height; i++) {
    const from = (top + i) * row + left * channels;
    out.set(data.subarray(from, from + width * channels), i * width * channels);
  }
  return out;
}
