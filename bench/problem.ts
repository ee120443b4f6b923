// A workload → a problem: compiled, with weights and an input. Runs in pages too.
import { compile } from '../compiler/index.ts';
import { isOp } from '../compiler/ir/graph.ts';
import { macsOf } from '../compiler/ir/semantics.ts';
import { DEFAULT_PASSES } from '../compiler/passes/index.ts';
import { runPasses } from '../compiler/passes/pass.ts';
import { sizeOf } from '../compiler/tensor/types.ts';
import type { Problem } from './contest.ts';
import type { Workload } from './workloads.ts';

export async function problemOf(workload: Workload): Promise<Problem> {
  const { graph: written } = await compile({ source: workload.source, weights: { random: 1 }, name: 'net' });
  if (!written) throw new Error(`${workload.id} does not compile`);
  const graph = runPasses(written, DEFAULT_PASSES);
  const macs = graph.nodes.filter(isOp).reduce((sum, node) => sum + macsOf(node), 0);
  const length = workload.items * sizeOf(graph.inputs[0]!.node.type.shape);
  return {
    workload,
    written,
    graph,
    flops: 2 * workload.items * macs,
    input: Float32Array.from({ length }, (_, i) => (((i + 1) * 7919) % 2003) / 1001 - 1),
  };
}
