// What a bundle's self-test compares with: outputs for inputs from a seed.
import type { Engine, TargetFactory } from '../runtime/program.ts';
import { sampleAt } from '../runtime/self-test/index.ts';
import { generateJs } from './codegen/js/index.ts';
import { interpret } from './ir/interpret.ts';
import type { Graph } from './ir/graph.ts';
import type { Plan } from './plan/plan.ts';
import { summarizeGraph } from './summary.ts';
import { sizeOf } from './tensor/types.ts';
import type { Arrays } from './verification/compare-runs.ts';
import { inputsOf } from './verify-model.ts';

export interface GoldenVectors {
  readonly seed: number;
  /** Who computed them: the operators' definitions, or where that would take long, the generated JavaScript. */
  readonly by: 'definitions' | 'js';
  readonly outputs: readonly { readonly name: string; readonly values: Float32Array }[];
}

const SEED = 1;

/** Multiply-accumulates that the definitions take about a second for. */
const MOST_MACS = 2e7;

/** Values kept of one output. */
const MOST_VALUES = 2048;

/** `graph` as the program says it, and the plan that was made of it; both have their weights. */
export async function goldenVectors(graph: Graph, plan: Plan): Promise<GoldenVectors> {
  const inputs = inputsOf(graph, SEED);
  const by = summarizeGraph(graph).macs <= MOST_MACS ? 'definitions' : 'js';
  const results = by === 'js' ? await runGenerated(plan, inputs) : interpret(graph, inputs);
  const outputs = graph.outputs.map(({ name }) => ({ name, values: sample(results[name]!) }));
  return { seed: SEED, by, outputs };
}

function sample(values: Float32Array): Float32Array {
  const { length } = values;
  const count = Math.min(length, MOST_VALUES);
  return Float32Array.from({ length: count }, (_, i) => values[sampleAt(i, { length, count })]!);
}

/** Runs the JavaScript of a plan as the module that it is part of elsewhere. */
async function runGenerated(plan: Plan, inputs: Arrays): Promise<Arrays> {
  const text = `export default ${generateJs(plan)}`;
  const { default: factory }: { default: TargetFactory } = await import(
    /* @vite-ignore */ `data:text/javascript;charset=utf-8,${encodeURIComponent(text)}`
  );
  const engine: Engine = await factory(new Map(plan.weights.map(({ name, data }) => [name, data!])));
  const { graph } = plan;
  const results = graph.outputs.map(({ node }) => new Float32Array(sizeOf(node.type.shape)));
  await engine.run(
    graph.inputs.map(({ name }) => inputs[name]!),
    results,
  );
  return Object.fromEntries(graph.outputs.map(({ name }, i) => [name, results[i]!]));
}
