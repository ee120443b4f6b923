import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compile } from '../../compiler/index.ts';
import { inputsOf, isOp, type Node } from '../../compiler/ir/graph.ts';
import { DEFAULT_PASSES } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/pass.ts';
import { describePlan } from '../../compiler/plan/describe.ts';
import { makePlan, planWith, type Plan } from '../../compiler/plan/plan.ts';
import { slices } from '../../compiler/plan/slices.ts';
import { baseOf } from '../../compiler/plan/views.ts';
import { channelsOf } from '../../compiler/tensor/window.ts';

const FOLDER = 'examples/models';
const EXAMPLES = readdirSync(FOLDER).filter((file) => file.endsWith('.cnn'));

/** The plan of a program at its full size; numbers are not needed for it. */
async function planOf(source: string): Promise<Plan> {
  const { graph } = await compile({ source });
  return makePlan(runPasses(graph!, DEFAULT_PASSES));
}

const slotNamed = (plan: Plan, name: string) => plan.slotOf(plan.steps.find((step) => step.name === name)!);

describe.each(EXAMPLES)('%s', (file) => {
  const source = readFileSync(`${FOLDER}/${file}`, 'utf8');

  test('the arena is at most 2 % larger than what is alive at once', async () => {
    const { arenaLength, lowerBound } = await planOf(source);
    expect(arenaLength).toBeGreaterThanOrEqual(lowerBound);
    expect(arenaLength / lowerBound).toBeLessThanOrEqual(1.02);
  });

  test('no step overwrites what a later step reads, with slices and without', async () => {
    const { graph } = await planOf(source);
    expect(overwritten(planWith(graph, new Map()))).toEqual([]);
    expect(overwritten(planWith(graph, slices(graph)))).toEqual([]);
  });
});

/** Replays the plan: which value each element of the arena belongs to, and reads of values that are gone. */
function overwritten(plan: Plan): string[] {
  const { graph, steps } = plan;
  const sliced = slices(graph);
  const holders = new Int32Array(plan.arenaLength).fill(-1);
  const wrong: string[] = [];
  const idOf = (node: Node) => graph.nodes.indexOf(node);
  const write = (node: Node) => {
    const { offset, length, pitch } = plan.slotOf(node);
    const channels = channelsOf(node.type.shape);
    const id = idOf(pitch === channels ? node : sliced.get(node)!.of);
    for (let at = offset; at < offset + length; at += pitch) holders.fill(id, at, at + channels);
  };
  const read = (node: Node, by: string) => {
    const base = baseOf(node);
    if (base.op === 'constant') return;
    const { offset, length } = plan.slotOf(base);
    const id = idOf(base);
    const isWhole = holders.subarray(offset, offset + length).every((holder) => holder === id);
    if (!isWhole) wrong.push(`${by} reads ${base.name}`);
  };
  for (const { node } of graph.inputs) write(node);
  for (const step of steps) {
    for (const input of inputsOf(step)) read(input, step.name);
    write(step);
  }
  for (const { node } of graph.outputs) read(node, 'the output');
  return wrong;
}

describe('in place', () => {
  test('a sum takes the place of the arm that it is added to', async () => {
    const plan = await planOf(
      'INPUT(8x8x4) -> CONV(4) as a -> { CONV(4) -> CONV(4, act=none) as b | SKIP } -> ADD',
    );
    expect(slotNamed(plan, 'b')).toEqual(slotNamed(plan, 'a'));
  });

  test('but not while a convolution still reads windows of it', async () => {
    const plan = await planOf('INPUT(8x8x4) -> { CONV(4, act=none) as b | SKIP } -> ADD');
    const { offset } = plan.slotOf(plan.graph.inputs[0]!.node);
    expect(slotNamed(plan, 'b').offset).not.toBe(offset);
  });

  test('element-wise operators write over their operand', async () => {
    const plan = await planOf('INPUT(8x8x4) -> SIGMOID');
    const [step] = plan.steps.filter(isOp);
    expect(plan.slotOf(step!)).toEqual(plan.slotOf(plan.graph.inputs[0]!.node));
    expect(plan.arenaLength).toBe(8 * 8 * 4);
  });
});

describe('CONCAT', () => {
  // SqueezeNet's fire module.
  const FIRE = 'CONV(4, 1) -> { CONV(16, 1) as a | CONV(8, 3) as b } -> CONCAT';

  test('needs no step where its arms can store into their channels of it', async () => {
    const plan = await planOf(`INPUT(8x8x8) -> [${FIRE}]*2`.replaceAll(/ as ./g, ''));
    expect(plan.steps.map(({ op }) => op)).toEqual(['conv', 'conv', 'conv', 'conv', 'conv', 'conv']);
    expect(plan.arenaLength).toBe(plan.lowerBound);
    expect(plan.lowerBound).toBe(8 * 8 * (4 + 24));
  });

  test('its arms lie a pitch of all channels apart', async () => {
    const plan = await planOf(`INPUT(8x8x8) -> ${FIRE}`);
    const [a, b] = [slotNamed(plan, 'a'), slotNamed(plan, 'b')];
    expect([a.pitch, b.pitch, b.offset - a.offset]).toEqual([24, 24, 16]);
    const { steps } = describePlan(plan);
    expect(steps.find(({ name }) => name === 'b')).toMatchObject({ pitch: 24, length: 8 * 8 * 8 });
  });

  test.each([
    ['an arm is an input', '{ CONV(4) | SKIP } -> CONCAT'],
    ['somebody else reads an arm', 'CONV(4) -> { SKIP | CONV(4) } -> CONCAT'],
    [
      'an arm is a sum with another map',
      'CONV(4) as s -> { CONV(4) -> { CONV(4) | SKIP } -> ADD | CONV(4) } -> CONCAT',
    ],
    ['it has an epilogue', '{ CONV(4) | CONV(4) } -> CONCAT -> SIGMOID'],
    ['its result in slices would need a larger arena', '{ CONV(4) | CONV(64) -> CONV(60) } -> CONCAT'],
  ])('copies where %s', async (_, chain) => {
    const plan = await planOf(`INPUT(8x8x4) -> ${chain}`);
    expect(plan.steps.map(({ op }) => op)).toContain('concat');
  });
});
