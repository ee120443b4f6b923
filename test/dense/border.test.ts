// W104 says which positions of a dense map see the padding around the picture. The proof is the same picture
// with more around it: inside the border nothing may change, and at its inner edge something must.
import { describe, expect, test } from 'vitest';
import { evaluateAt, type EvaluationOptions } from '../../compiler/dense/index.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { interpret } from '../../compiler/ir/interpret.ts';
import { picture, weighted } from './networks.ts';

interface Widths {
  readonly rows: string;
  readonly columns: string;
}

const NONE: Widths = { rows: '0 + 0', columns: '0 + 0' };

/** The widths that the warning names. */
function said(message: string): Widths {
  const widths = { ...NONE };
  for (const [, width, axis] of message.matchAll(/(\d+ \+ \d+) (rows|columns)/g))
    widths[axis as keyof Widths] = width!; // the pattern has no other
  return widths;
}

/** Rows and columns of a map that change when the picture goes on beyond its ends. */
async function measured(trained: Graph, options: EvaluationOptions): Promise<Widths> {
  const margin = 48;
  const [height, width] = options.size as readonly [number, number];
  const [, , , channels] = trained.inputs[0]!.node.type.shape as readonly [number, number, number, number];
  const size = [height + 2 * margin, width + 2 * margin] as const;
  const around = picture([...size, channels], 3);
  const inside = new Float32Array(height * width * channels);
  for (let row = 0; row < height; row++) {
    const from = ((row + margin) * size[1] + margin) * channels;
    inside.set(around.subarray(from, from + width * channels), row * width * channels);
  }
  const [small, large] = [evaluateAt(trained, options), evaluateAt(trained, { ...options, size })];
  const [a, b] = [runOf(small.graph, inside), runOf(large.graph, around)];
  const shift = margin / small.receptiveFields.get('output')!.stride[0]!;
  const differs = (i: number, j: number) =>
    a.at(i, j).some((value, c) => Math.abs(value - b.at(i + shift, j + shift)[c]!) > 1e-6);
  const range = (count: number) => Array.from({ length: count }, (_, i) => i);
  const middle = [Math.floor(a.rows / 2), Math.floor(a.columns / 2)] as const;
  const changed = {
    rows: range(a.rows).filter((i) => differs(i, middle[1])),
    columns: range(a.columns).filter((j) => differs(middle[0], j)),
  };
  const ends = (places: readonly number[], count: number) => {
    const begins = places.filter((at) => at < count / 2);
    const rest = places.filter((at) => at >= count / 2);
    return `${(begins.at(-1) ?? -1) + 1} + ${count - (rest[0] ?? count)}`;
  };
  return { rows: ends(changed.rows, a.rows), columns: ends(changed.columns, a.columns) };
}

function runOf(graph: Graph, data: Float32Array) {
  const values = interpret(graph, { [graph.inputs[0]!.name]: data })['output']!;
  const [, rows, columns, scores] = graph.outputs[0]!.node.type.shape as [number, number, number, number];
  const at = (i: number, j: number) =>
    values.subarray((i * columns + j) * scores, (i * columns + j + 1) * scores);
  return { rows, columns, at };
}

const CASES = [
  ['INPUT(16x16x2) -> CONV(6) -> POOL -> CONV(6) -> POOL -> FC(5)', [41, 55], [4, 2, 1]],
  ['INPUT(16x16x2) -> CONV(6) -> POOL(3, mode=avg, pad=1, stride=2) -> FC(5)', [41, 55], [2, 1]],
  [
    'INPUT(32x32x2) -> CONV(6, 3, stride=2, pad=same_upper) -> CONV(6, 3, pad=half) -> GAP -> FC(5)',
    [53, 62],
    [2, 1],
  ],
  ['INPUT(16x16x2) -> CONV(6, 3, pad=valid) -> POOL(3, stride=2, ceil=true) -> FC(5)', [41, 55], [2, 1]],
  [
    'INPUT(12x12x2) -> CONV(4, act=tanh) -> UP(mode=bilinear) -> CONV(4, act=tanh) -> POOL(4) -> FC(5)',
    [31, 34],
    [2],
  ],
  ['INPUT(12x12x2) -> POOL(mode=avg) -> DECONV(4, 4, stride=2, pad=1, act=tanh) -> FC(5)', [31, 34], [2]],
] as const;

const ways = CASES.flatMap(([text, size, strides]) =>
  strides.flatMap((stride, index) =>
    (index === 0 ? ['direct'] : ['atrous', 'stitch']).map((method) => [text, size, stride, method] as const),
  ),
);

describe('the border that a warning names is the one that sees the padding', () => {
  test.each(ways)('%s at %j, stride %i, %s', async (text, size, stride, method) => {
    const trained = await weighted(text);
    const options = {
      size,
      dense: 'map',
      ...(method !== 'direct' && { stride, method }),
    } as EvaluationOptions;
    const { warnings, receptiveFields } = evaluateAt(trained, options);
    expect(receptiveFields.get('output')!.stride).toEqual([stride, stride]);
    expect(warnings).toHaveLength(1);
    expect(said(warnings[0]!.message)).toEqual(await measured(trained, options));
  });
});

describe('what a warning says of crops', () => {
  test.each([
    [
      'INPUT(8x8x2) -> CONV(3) -> FC(3)',
      [12, 12],
      "conv1 pads its input: a crop sees that at its own border, the dense map only at the picture's, in its outer 1 + 1 rows and 1 + 1 columns; so no position equals its crop",
    ],
    [
      'INPUT(8x8x2) -> CONV(3) -> FC(3)',
      [8, 12],
      "conv1 pads its input: a crop sees that at its own border, the dense map only at the picture's, in all rows and its outer 1 + 1 columns; so no position equals its crop",
    ],
    [
      'INPUT(8x8x2) -> POOL(3, ceil=true) -> FC(3)',
      [14, 16],
      "pool1 reaches beyond its input: a crop sees that at its own border, the dense map only at the picture's, in its outer 0 + 1 rows; so no position equals its crop",
    ],
    [
      'INPUT(8x8x2) -> POOL(3, ceil=true) -> FC(3)',
      [14, 14],
      "pool1 reaches beyond its input: a crop sees that at its own border, the dense map only at the picture's, in its outer 0 + 1 rows and 0 + 1 columns; so only what is in the last row and the last column equals its crop",
    ],
    [
      'INPUT(8x2) -> CONV(3, 3, pad=causal) -> FC(3)',
      [12],
      "conv1 pads its input: a crop sees that at its own border, the dense map only at the picture's, in its outer 2 + 0 positions; so only what is in the first position equals its crop",
    ],
  ] as const)('%s at %j', async (text, size, message) => {
    const { warnings } = evaluateAt(await weighted(text), { size, dense: 'map' });
    expect(warnings.map((warning) => warning.message)).toEqual([message]);
  });

  test.each([
    ['INPUT(8x8x2) -> CONV(3) -> FC(3)', [8, 8]],
    ['INPUT(8x8x2) -> CONV(3) -> CROP(1) -> FC(3)', [12, 15]],
    ['INPUT(9x9x2) -> POOL(3, ceil=true) -> FC(3)', [14, 15]],
    ['INPUT(8x8x2) -> UP -> FC(3)', [14, 15]],
  ] as const)('%s at %j needs none: every position equals its crop', async (text, size) => {
    expect(evaluateAt(await weighted(text), { size, dense: 'map' }).warnings).toEqual([]);
  });
});
