import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compile } from '../../compiler/index.ts';
import { inputsOf, isOp, type Node } from '../../compiler/ir/graph.ts';
import { DEFAULT_PASSES } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/pass.ts';
import { makePlan, type Plan } from '../../compiler/plan/plan.ts';
import { baseOf } from '../../compiler/plan/views.ts';

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

  test('no step overwrites what a later step reads', async () => {
    const plan = await planOf(source);
    expect(overwritten(plan)).toEqual([]);
  });
});

/** Replays the plan: which value each element of the arena's slots holds, and reads of values that are gone. */
function overwritten(plan: Plan): string[] {
  const { graph, steps } = plan;
  const holders = new Map<Node, readonly [begin: number, end: number]>();
  const wrong: string[] = [];
  const write = (node: Node) => {
    const { offset, length } = plan.slotOf(node);
    for (const [other, [begin, end]] of holders)
      if (begin < offset + length && offset < end) holders.delete(other);
    holders.set(node, [offset, offset + length]);
  };
  const read = (node: Node, by: string) => {
    const base = baseOf(node);
    if (base.op !== 'constant' && !holders.has(base)) wrong.push(`${by} reads ${base.name}`);
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
