// Every operator with anything as its inputs and attributes: a network or a complaint, soon, and never an exception.
import { expect, test } from 'vitest';
import { mulberry32 } from '../../compiler/frontend/weights/random.ts';
import { attributesOf } from '../../compiler/import/attributes.ts';
import { importOnnx } from '../../compiler/import/index.ts';
import { IMPORTS } from '../../compiler/import/operators/index.ts';
import type { Pick } from '../../compiler/ops/define.ts';
import { sizeOf } from '../../compiler/tensor/types.ts';
import { floats, ints, model, node, TYPE, value, type Message } from '../support/onnx-writer.ts';
import { pickFrom } from '../support/arbitrary.ts';

const NUMBERS = [0, 1, 2, -1, 3, 100, 2 ** 31];
const FRACTIONS = [0.5, NaN, -1e30].map((float) => ({ float }));
const WORDS = ['max', 'linear', 'zeros', 'reflection', 'cubic', 'SAME_UPPER', 'LEFT', 'add'];
const LISTS = [[1, 1], [2, 2], [0, 0, 1, 1], [3], [-1, 2], [], [2 ** 40, 1]];
const ATTRIBUTES = [...NUMBERS, ...FRACTIONS, ...WORDS, ...LISTS];

const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** A model of one node, whose inputs are computed, known, or left out. */
function anyUse(op: string, pick: Pick): Uint8Array {
  const dims = () => times(pick.int(0, 5), () => pick.of([0, 1, 1, 2, 3, 4, 5]));
  const common = dims();
  const initializers: Message[] = [];
  const inputs: Message[] = [];
  const names = times(pick.int(1, 6), (i) => {
    if (pick.int(0, 9) === 0) return '';
    const shape = pick.of([
      () => common,
      () => common.map((size) => pick.of([size, size, 1, 4])),
      () => [pick.int(0, 5)],
      dims,
    ])();
    const name = `i${i}`;
    const numbers = (choices: readonly number[]) => times(sizeOf(shape), () => pick.of(choices));
    pick.of([
      () => inputs.push(value(name, shape, pick.of([TYPE.float, TYPE.int64, TYPE.bool, TYPE.uint8]))),
      () => initializers.push(ints(name, numbers([0, 1, 2, 3, -1, 5, -2, 1e6, 2 ** 40]), shape)),
      () => initializers.push(floats(name, shape, numbers([0, 1, 0.5, -1, 3, 1e30, NaN, -Infinity]))),
    ])();
    return name;
  });
  const attributes = Object.fromEntries(
    attributesOf(op).flatMap((name) => (pick.int(0, 1) === 0 ? [] : [[name, pick.of(ATTRIBUTES)]])),
  );
  const nodes = [node(op, names, ['y', 'z', 'w'].slice(0, pick.int(1, 3)), attributes)];
  const opset = pick.of([6, 7, 9, 10, 11, 13, 16, 18, 20, 22, 24, 28]);
  return model({ nodes, inputs, initializers, outputs: [value('y')] }, opset);
}

test.each([...IMPORTS.keys(), 'If', 'Loop', 'Scan'])('%s of anything', async (op) => {
  const pick = pickFrom(mulberry32(op.length * 1000 + op.codePointAt(1)!));
  for (let i = 0; i < 20; i++) {
    const { graph, complaints } = await importOnnx(anyUse(op, pick), { name: 'any' }, undefined);
    expect(graph === undefined).toBe(complaints.length > 0);
  }
});
