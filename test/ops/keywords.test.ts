// The words of the language: what they make of their arguments.
import { describe, expect, test } from 'vitest';
import { parse } from '../../grammar/parse.ts';
import { sourceFile } from '../../grammar/source.ts';
import { summarize } from '../../compiler/index.ts';
import { randomWeights } from '../../compiler/frontend/weights/random.ts';
import { interpret } from '../../compiler/ir/interpret.ts';
import { KEYWORDS } from '../../compiler/ops/index.ts';
import { itemOf, randomInputs } from '../support/arbitrary.ts';
import { writeBundle } from '../support/bundle.ts';
import { graphOfText, networkWeights } from '../support/programs.ts';
import { openPlan, TARGETS } from '../support/targets.ts';
import { makePlan } from '../../compiler/plan/plan.ts';
import { DEFAULT_PASSES } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/pass.ts';
import { expectClose } from '../support/tolerance.ts';

test('every operator of the language’s page is a word', () => {
  const words =
    'CONV DWCONV DECONV FC POOL GAP BN LRN ADD MUL CONCAT UP CROP PAD LAST ' +
    'RELU RELU6 TANH SIGMOID SWISH HSWISH GELU LEAKY PRELU SOFTMAX DROPOUT WEIGHT ' +
    'RESHAPE TRANSPOSE SLICE EXPAND TILE EXTEND GATHER GRID_SAMPLE SCATTER REDUCE ARGMAX ARGMIN TOP_K MAX_INDICES MATMUL ' +
    'SUB DIV MIN MAX POW MOD EQUAL LESS LESS_EQUAL AND OR XOR WHERE ' +
    'BIT_AND BIT_OR BIT_XOR IS_NAN IS_INF TAN ASIN ACOS ATAN SINH COSH ASINH ACOSH ATANH ' +
    'NEG ABS EXP LOG SQRT FLOOR CEIL ROUND TRUNC FROUND SIGN SIN COS ERF NOT ' +
    'SOFTPLUS SOFTSIGN MISH GELU_TANH CLIP HARD_SIGMOID ELU THRESHOLDED';
  expect([...KEYWORDS.keys()].toSorted()).toEqual(words.split(' ').toSorted());
});

test('a word that joins values begins a chain where it names them', async () => {
  const merges = [...KEYWORDS.values()].filter(({ merges }) => merges).map(({ keyword }) => keyword);
  for (const word of merges) {
    const { program } = parse(sourceFile(`INPUT(8x8x3) as a\n${word}(a, a)`));
    expect({ word, statements: program.statements.length }).toEqual({ word, statements: 2 });
  }
});

describe('sizes', () => {
  test.each([
    ['INPUT(8x6x4) -> GAP', '4'],
    ['INPUT(8x6x4) -> GAP(keep=true)', '1×1×4'],
    ['INPUT(8x4) -> GAP', '4'],
    ['INPUT(8x6x4) -> UP', '16×12×4'],
    ['INPUT(8x6x4) -> UP((1, 3))', '8×18×4'],
    ['INPUT(8x6x4) as a -> POOL -> UP(like=a)', '8×6×4'],
    ['INPUT(9x4) -> UP(3, mode=bilinear)', '27×4'],
    ['INPUT(8x6x4) -> DECONV', '16×12×2'],
    ['INPUT(8x6x1) -> DECONV', '16×12×1'],
    ['INPUT(8x6x4) -> DECONV(6, 3, stride=2, pad=1, output_pad=1)', '16×12×6'],
    ['INPUT(8x6x4) -> DECONV(6, 3, stride=1, pad=half)', '8×6×6'],
    ['INPUT(8x4) -> DECONV(groups=2)', '16×2'],
    ['INPUT(8x6x4) -> CROP', '6×4×4'],
    ['INPUT(8x6x4) -> CROP((1, 0, 2, 3))', '5×3×4'],
    ['INPUT(8x6x4) -> PAD((1, 2))', '10×10×4'],
    ['INPUT(8x4) -> PAD((3, 0), mode=edge)', '11×4'],
    ['INPUT(8x4) -> LAST', '4'],
    ['INPUT(8x6x4) -> LRN(3)', '8×6×4'],
    ['INPUT(8x6x4) -> { SKIP | CONV(3) } -> CONCAT', '8×6×7'],
    ['INPUT(5) -> { SKIP | FC(3) } -> CONCAT', '8'],
    ['INPUT(2x3x4x5) -> RELU', '2×3×4×5'],
    ['INPUT(12) -> RESHAPE(batch=all) -> RESHAPE(3x2, batch=2) -> RESHAPE(4x3, batch=1)', '4×3'],
    ['INPUT(1x3) -> EXPAND(2x3, batch=4) -> RESHAPE(24, batch=1)', '24'],
    ['INPUT(3) -> TILE(2, batch=4) -> RESHAPE(24, batch=1)', '24'],
    ['INPUT(3) -> EXTEND((1), (0), batch=(1, 2)) -> RESHAPE(16, batch=1)', '16'],
    ['INPUT(8x6x4) -> { SKIP | GAP } -> MUL', '8×6×4'],
    ['INPUT(8x6x4) -> { GAP(keep=true) | SKIP } -> MUL', '8×6×4'],
    ['INPUT(8x6x4) -> { SKIP | CONV(4) | SKIP } -> ADD', '8×6×4'],
  ])('%s gives %s', async (source, size) => {
    const { diagnostics, summary } = await summarize({ source });
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(summary!.layers.at(-1)!.output.join('×')).toBe(size);
  });
});

describe('refusals', () => {
  test.each([
    ['INPUT(28x28x64) -> { SKIP | CONV(128, stride=2) } -> ADD', 'E043', '28×28×64 with 14×14×128'],
    ['INPUT(12) -> RESHAPE(3, batch=4)', 'E047', 'an output of 4 items'],
    ['INPUT(12) -> RESHAPE(batch=all)', 'E047', 'an output of 12 items'],
    ['INPUT(12) -> RESHAPE(12, batch=all)', 'E037', 'items have no shape'],
    ['INPUT(12) -> RESHAPE(batch=1.5)', 'E037', 'a whole number of at least 0, or all'],
    ['INPUT(12) -> RESHAPE(batch=all) -> CONV', 'E045', 'batch=12'],
    ['INPUT(12) -> RESHAPE(3, batch=4) -> EXPAND(3, batch=3)', 'E043', '4 items do not stretch to 3'],
    ['INPUT(12) -> EXTEND(mode=reflect, batch=(0, 1))', 'E040', 'fewer items than the 1'],
    ['INPUT(12) -> EXTEND(batch=1)', 'E037', 'two whole numbers'],
    ['INPUT(12) -> EXTEND(value="x")', 'E037', 'a number, infinity or minus_infinity'],
    ['WEIGHT(3) as w -> OUTPUT(name="w")', 'E047', 'an output of 3 items'],
    ['INPUT(28x28x64) -> { SKIP | CONV(128) } -> ADD', 'E044', '28×28×64 with 28×28×128'],
    ['INPUT(8x8x4) -> { SKIP | GAP } -> ADD', 'E045', '8×8×4 with 4'],
    ['INPUT(8x8x4) -> { SKIP | GAP -> FC(3) } -> MUL', 'E044', '8×8×4 with 3'],
    ['INPUT(8x8x4) -> { SKIP | POOL } -> MUL', 'E043', '8×8×4 with 4×4×4'],
    ['INPUT(8x8x4) -> { SKIP | POOL } -> CONCAT', 'E043', '8×8×4 with 4×4×4'],
    ['INPUT(5) -> GAP', 'E045', 'a vector of 5'],
    ['INPUT(5) -> UP', 'E045', 'a vector of 5'],
    ['INPUT(8x8x4) -> LAST', 'E045', '8×8×4'],
    ['INPUT(8x8x4) -> CROP(4)', 'E040', 'leaves nothing of 8×8×4'],
    ['INPUT(8x8x4) -> CROP((1, 2, 3))', 'E037', '3 numbers'],
    ['INPUT(3x3x4) -> PAD(3, mode=reflect)', 'E040', 'mirrors more than there is of 3×3×4'],
    ['INPUT(8x8x4) -> LRN(4)', 'E037', 'odd number, not 4'],
    ['INPUT(8x8x4) -> DECONV(4, 3, pad=same_upper)', 'E042', 'pad=same_upper'],
    ['INPUT(8x8x4) -> DECONV(output_pad=2)', 'E040', 'output_pad (2, 2)'],
    ['INPUT(8x8x4) -> DECONV(3, groups=2)', 'E041', '4 input channels and the 3 filters'],
    ['INPUT(8x8x4) as a -> POOL -> UP(3, like=a)', 'E036', 'one of them only'],
    ['INPUT(8x8x4) as a -> POOL -> UP(like=a, size=3)', 'E036', 'one of them only'],
    ['INPUT(8) -> SLICE(0, step=0)', 'E037', 'step is not 0'],
    ['INPUT(8) -> SLICE(9)', 'E040', 'starts at 9; the last position of axis 1 is 7'],
    ['INPUT(8) -> SLICE(6, 3)', 'E040', 'takes 3 positions of axis 1; from 6 on there are 2'],
    ['INPUT(8) -> SLICE(1, 3, step=-1)', 'E040', 'takes 3 positions of axis 1; from 1 on there are 2'],
    ['INPUT(8x4) -> SLICE((0, 0), axes=(1, 1))', 'E045', 'axis 1 is named twice'],
    ['INPUT(8x4) -> REDUCE((0, 3))', 'E045', 'no axis 3 in 8×4'],
    ['INPUT(8x4) -> ARGMAX(3)', 'E045', 'no axis 3 in 8×4'],
    ['INPUT(8x4) -> TOP_K(1, axis=3)', 'E045', 'no axis 3 in 8×4'],
    ['INPUT(8x4) as x -> RELU -> GATHER(x, _, axis=3)', 'E045', 'no axis 3 in 8×4'],
    ['INPUT(8x8x8x3) -> CONV', 'E045', 'one or two spatial axes; its input 8×8×8×3 has 3'],
  ])('%s is refused with %s', async (source, code, message) => {
    const { diagnostics } = await summarize({ source });
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([{ code, message: expect.stringContaining(message) }]);
  });
});

describe.each(TARGETS)('on %s', (target) => {
  test('a residual block is two kernels: sums and activations are epilogues', async () => {
    const source = 'INPUT(6x6x4) -> { CONV(4) -> CONV(4, act=none) | SKIP | SKIP } -> ADD(act=relu)';
    const graph = networkWeights(await graphOfText(source), 1);
    const plan = makePlan(runPasses(graph, DEFAULT_PASSES));
    expect(plan.steps.map(({ op, epilogue }) => [op, ...epilogue.map((step) => step.op)])).toEqual([
      ['conv', 'relu'],
      ['conv', 'add', 'add', 'relu'],
    ]);
    const inputs = randomInputs(graph, 1);
    const { output } = await (await openPlan(plan, target))(inputs);
    expectClose(output!, interpret(graph, inputs)['output']!, 'network');
  });
});

test('a batch goes through every sort of layer item by item', async () => {
  const source = `
    block Gate(c) = { SKIP | GAP -> FC(c / 2) -> FC(c, act=sigmoid) } -> MUL
    INPUT(12x10x3) -> CONV(8) as top -> POOL -> LRN -> DWCONV -> Gate(8)
      -> PAD(1, mode=reflect) -> CROP(1) -> UP(mode=bilinear) -> CONCAT(top, _)
      -> CONV(8, stride=2, norm=bn, act=hswish) -> DECONV(6) -> PRELU -> GAP -> FC(4) -> SOFTMAX`;
  const graph = randomWeights(await graphOfText(source), 1);
  const { createModel } = await writeBundle({ source, weights: { random: 1 } });
  const batch = 3;
  const items = randomInputs(graph, 1)['input']!.length;
  const input = Float32Array.from({ length: batch * items }, (_, i) => Math.sin(i));
  const { output } = await (await createModel()).run(input);
  expect(output).toHaveLength(batch * 4);
  for (let i = 0; i < batch; i++) {
    const { output: expected } = interpret(graph, itemOf({ input }, i, batch));
    expectClose(itemOf({ output: output! }, i, batch)['output']!, expected!, 'network');
  }
});
