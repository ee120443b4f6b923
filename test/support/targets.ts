// Every shipped target, as tests run it: a graph with weights → a function of one item.
import { runInThisContext } from 'node:vm';
import type { Engine, TargetFactory } from '../../runtime/program.ts';
import { generateJs } from '../../compiler/codegen/js/index.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { DEFAULT_PASSES } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/pass.ts';
import { makePlan, type Plan } from '../../compiler/plan/plan.ts';
import { sizeOf } from '../../compiler/tensor/types.ts';

/** Inputs and outputs by name. */
export type Arrays = Readonly<Record<string, Float32Array>>;

const GENERATORS = { js: generateJs };

/** Those that run in Node; the GPU has tests of its own in test/webgpu. */
export const TARGETS = Object.keys(GENERATORS) as readonly (keyof typeof GENERATORS)[]; // its own keys
type TargetName = (typeof TARGETS)[number];

/** Compiles a graph by the default passes and opens it on a target. */
export const openGraph = (graph: Graph, target: TargetName) =>
  openPlan(makePlan(runPasses(graph, DEFAULT_PASSES)), target);

/** Opens what was planned. */
export async function openPlan(plan: Plan, target: TargetName): Promise<(inputs: Arrays) => Promise<Arrays>> {
  const factory = runInThisContext(`(${GENERATORS[target](plan)})`) as TargetFactory; // what generators promise
  const engine: Engine = await factory(new Map(plan.weights.map(({ name, data }) => [name, data!])));
  const { inputs, outputs } = plan.graph;
  return async (arrays) => {
    const results = outputs.map(({ node }) => new Float32Array(sizeOf(node.type.shape)));
    await engine.run(
      inputs.map(({ name }) => arrays[name]!),
      results,
    );
    return Object.fromEntries(outputs.map(({ name }, i) => [name, results[i]!]));
  };
}
