// The target webgpu, as tests run it: a graph with weights → a function of one item.
import { planWebgpu } from '../../compiler/codegen/wgsl/index.ts';
import { isConstant, type Graph } from '../../compiler/ir/graph.ts';
import { sizeOf } from '../../compiler/tensor/types.ts';
import type { Program, TensorSpec } from '../../runtime/program.ts';
import type { WebgpuPlan } from '../../runtime/webgpu/plan.ts';
import { startEngine } from '../../runtime/webgpu/engine.ts';
import { variantsFor, type GpuKind } from '../../runtime/webgpu/variants.ts';
import type { Arrays } from './targets.ts';

/** What the engine needs to know of the program: sizes. */
function programOf(graph: Graph): Program {
  const specs = (list: Graph['inputs'] | Graph['outputs']): TensorSpec[] =>
    list.map(({ name, node }) => ({ name, shape: node.type.shape, dtype: 'float32' }));
  const weights = { bytes: 0, sha256: '', tensors: [] };
  return {
    name: graph.name,
    cnnc: 'test',
    inputs: specs(graph.inputs),
    outputs: specs(graph.outputs),
    weights,
  };
}

export interface OpenGraph {
  run(inputs: Arrays): Promise<Arrays>;
  dispose(): void;
}

export interface OpenOptions {
  /** Weights are cut as if a binding held no more. */
  readonly bindingBytes?: number | undefined;
  /** As on a GPU of this kind. */
  readonly kind?: GpuKind | undefined;
}

export async function openOnGpu(
  graph: Graph,
  device: GPUDevice,
  { bindingBytes, kind }: OpenOptions = {},
): Promise<OpenGraph> {
  const plan = planWebgpu(graph, {}, bindingBytes);
  const weights = new Map(graph.nodes.filter(isConstant).map(({ name, data }) => [name, data!]));
  const engine = await startEngine(
    kind ? onlyFor(kind, plan) : plan,
    programOf(graph),
    device,
    Promise.resolve(weights),
  );
  return {
    async run(arrays) {
      const results = graph.outputs.map(({ node }) => new Float32Array(sizeOf(node.type.shape)));
      await engine.run(
        graph.inputs.map(({ name }) => arrays[name]!),
        results,
      );
      return Object.fromEntries(graph.outputs.map(({ name }, i) => [name, results[i]!]));
    },
    dispose: () => engine.dispose(),
  };
}

/** With no other way than that of the kind. */
const onlyFor = (kind: GpuKind, plan: WebgpuPlan): WebgpuPlan => ({
  ...plan,
  dispatches: variantsFor(kind, plan).map((variant, i) => ({
    ...variant,
    bindings: plan.dispatches[i]!.bindings,
    unshared: undefined,
    inSoftware: undefined,
  })),
});
