// Kernels of convolutions for special shapes, against the operator's definition.
import { describe, expect, test } from 'vitest';
import { generateJs } from '../../compiler/codegen/js/index.ts';
import { interpret } from '../../compiler/ir/interpret.ts';
import { DEFAULT_PASSES } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/pass.ts';
import { makePlan } from '../../compiler/plan/plan.ts';
import { randomInputs } from '../support/arbitrary.ts';
import { graphOfText, networkWeights } from '../support/programs.ts';
import { openPlan } from '../support/targets.ts';
import { expectClose } from '../support/tolerance.ts';

/** Compiles and runs a program, and compares; gives the generated text. */
async function checked(source: string): Promise<string> {
  const graph = networkWeights(await graphOfText(source), 1);
  const inputs = randomInputs(graph, 2);
  const plan = makePlan(runPasses(graph, DEFAULT_PASSES));
  const run = await openPlan(plan, 'js');
  expectClose((await run(inputs))['output']!, interpret(graph, inputs)['output']!, 'operator');
  return generateJs(plan);
}

describe('few taps: the window stays in local variables', () => {
  test.each([
    ['one channel', 'INPUT(9x8x1) -> CONV(8, 3, pad=valid)'],
    ['padding', 'INPUT(9x8x1) -> CONV(10, 3)'],
    ['padding on one side', 'INPUT(9x8x1) -> CONV(8, 3, pad=(2, 0, 1, 3))'],
    ['strides', 'INPUT(10x11x1) -> CONV(8, 3, stride=(2, 3))'],
    ['dilation', 'INPUT(10x11x1) -> CONV(8, 3, dilation=2)'],
    ['a turned kernel', 'INPUT(9x8x1) -> CONV(8, (2, 3), flip=true, pad=valid)'],
    ['no bias', 'INPUT(9x8x1) -> CONV(9, 2, bias=false, act=tanh)'],
    ['one axis', 'INPUT(20x1) -> CONV(8, 5, act=none)'],
    ['rows that no window reaches', 'INPUT(9x9x1) -> CONV(8, 2, stride=3, pad=valid)'],
    ['a residual', 'INPUT(6x6x1) -> { CONV(8, 3, act=none) | CONV(8, (1, 3), act=none) } -> ADD -> RELU'],
    ['a slice of a concatenation', 'INPUT(6x6x1) -> { CONV(8, 3) | CONV(12, 3) } -> CONCAT'],
  ])('%s', async (_, source) => {
    expect(await checked(source)).toContain('// All filters at one window');
  });

  test.each([
    ['more taps than registers', 'INPUT(9x8x1) -> CONV(8, 5)'],
    ['few filters', 'INPUT(9x8x1) -> CONV(4, 3)'],
    ['several channels', 'INPUT(9x8x2) -> CONV(8, 2)'],
  ])('%s are for tiles', async (_, source) => {
    expect(await checked(source)).toContain('function tile');
  });
});

describe('depthwise: channels innermost, a few windows at a time', () => {
  test.each([
    ['columns that are a multiple of four', 'INPUT(6x8x5) -> DWCONV(3)'],
    ['a rest of three', 'INPUT(6x7x5) -> DWCONV(3)'],
    ['a rest of one', 'INPUT(6x9x5) -> DWCONV(3)'],
    ['one column', 'INPUT(6x3x5) -> DWCONV(3, pad=valid)'],
    ['strides', 'INPUT(9x10x4) -> DWCONV(3, stride=2)'],
    ['strides that pass over columns', 'INPUT(9x11x4) -> DWCONV(2, stride=(3, 4), pad=valid)'],
    ['dilation', 'INPUT(9x10x4) -> DWCONV(3, dilation=(2, 3))'],
    ['several filters per channel', 'INPUT(6x7x3) -> DWCONV(3, multiplier=4)'],
    ['no bias', 'INPUT(6x7x3) -> DWCONV(5, bias=false, act=relu6)'],
    ['a turned kernel', 'INPUT(6x7x3) -> DWCONV((1, 3), flip=true)'],
    ['one axis', 'INPUT(30x6) -> DWCONV(7)'],
    ['a residual', 'INPUT(6x6x8) -> { DWCONV(3, act=none) | SKIP } -> ADD -> RELU'],
    ['a slice of a concatenation', 'INPUT(6x6x4) -> { DWCONV(3) | DWCONV(5) } -> CONCAT'],
  ])('%s', async (_, source) => {
    expect(await checked(source)).toContain('(depthwise)');
  });
});

describe('bands: windows of a row, or of several short ones', () => {
  test.each([
    ['long rows', 'INPUT(5x60x3) -> CONV(5, 5)'],
    ['rows that are not a multiple', 'INPUT(11x12x4) -> CONV(6, 5)'],
    ['one row', 'INPUT(30x4) -> CONV(6, 5, stride=2)'],
    ['groups', 'INPUT(9x7x8) -> CONV(12, 3, groups=4)'],
    ['windows that share nothing', 'INPUT(24x24x4) -> CONV(6, 2, stride=2)'],
  ])('%s', async (_, source) => {
    expect(await checked(source)).toContain('function fillBand');
  });
});

describe('short rows of windows that share nothing are multiplied as one matrix', () => {
  test.each([
    ['a 1×1 kernel with a stride', 'INPUT(14x14x16) -> CONV(9, 1, stride=2)'],
    ['dilation', 'INPUT(7x7x8) -> CONV(5, 3, dilation=2)'],
    ['patches', 'INPUT(24x24x3) -> CONV(10, 8, stride=8)'],
    ['a slice of a concatenation', 'INPUT(6x6x16) -> { CONV(8, 1, stride=2) | POOL } -> CONCAT'],
  ])('%s', async (_, source) => {
    expect(await checked(source)).toContain('conv (im2col');
  });

  test.each([
    ['longer rows', 'INPUT(30x30x16) -> CONV(9, 1, stride=2)'],
    ['groups', 'INPUT(7x7x8) -> CONV(8, 3, dilation=2, groups=2)'],
    ['windows that overlap', 'INPUT(7x7x8) -> CONV(5, 3)'],
  ])('but not %s', async (_, source) => {
    expect(await checked(source)).toContain('conv (direct');
  });
});

describe('1×1: pixels go through a strip', () => {
  test.each([
    ['one strip', 'INPUT(5x5x16) -> CONV(7, 1)'],
    ['several, and a shorter one', 'INPUT(12x11x800) -> CONV(5, 1)'],
    ['strips of one tile', 'INPUT(2x4x9000) -> CONV(3, 1)'],
  ])('%s', async (_, source) => {
    expect(await checked(source)).toContain('function fillStrip');
  });
});
