// The graph → dispatches in order, with memory by name.
import { isConstant, isOp, type Graph, type Node, type OpNode } from '../../ir/graph.ts';
import { blaming } from '../../ir/layer-refusal.ts';
import { operatorOf } from '../../ir/semantics.ts';
import { invariant } from '../../support/assert.ts';
import { f32, sizeOf, type Shape } from '../../tensor/types.ts';
import { channelsOf } from '../../tensor/window.ts';
import type { Dispatch, Value } from './dispatch.ts';
import { elementwise, paddingOf } from './elementwise.ts';
import { kernelContext, packed, type Kernel } from './kernel.ts';
import { KERNELS } from './kernels/index.ts';
import { isDense, isWhole, paddedBytes } from './layout.ts';
import { likeValue } from './packing.ts';
import { requireWithinLimits } from './limits.ts';
import type { KernelChoices } from './options.ts';
import { rearrangement } from './rearrangement.ts';
import { repack } from './repack.ts';
import { splitEpilogue } from './split-epilogue.ts';

export interface Steps {
  readonly dispatches: readonly Dispatch[];
  /** Where the network's inputs are written and its outputs are found, without padding. */
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

/** Throws a `LayerRefusal` for what no GPU is sure to do. */
export function makeSteps(graph: Graph, choices: KernelChoices): Steps {
  const values = new Map<Node, Value>();
  const dispatches: Dispatch[] = [];
  const valueOf = (node: Node): Value => {
    const value = values.get(node);
    invariant(value, `${node.name} has memory`);
    return value;
  };

  const add = (...added: readonly Dispatch[]) => {
    requireWithinLimits(added.flatMap(({ reads, writes }) => [writes, ...reads]));
    dispatches.push(...added);
  };

  const takeInput = (node: Node): Value => {
    const padded = valueFor(node.name, node.type.shape);
    requireWithinLimits([padded]);
    values.set(node, padded);
    if (isWhole(node.type.shape)) return padded;
    const given = valueFor(`${node.name}.given`, flat(node.type.shape));
    add(repack({ source: given, shape: flat(node.type.shape) }, { value: padded, shape: node.type.shape }));
    return given;
  };

  const view = (node: OpNode): void => {
    const [from] = Object.values(node.operands as Readonly<Record<string, Node>>);
    if (isFreeView(from!.type.shape, node.type.shape)) {
      values.set(node, valueOf(from!));
      return;
    }
    values.set(node, valueFor(node.name, node.type.shape));
    add(
      repack(
        { source: valueOf(from!), shape: from!.type.shape },
        { value: valueOf(node), shape: node.type.shape },
      ),
    );
  };

  const compute = (node: OpNode): void => {
    const parts = splitEpilogue(node);
    for (const part of parts) values.set(part, valueFor(part.name, part.type.shape));
    values.set(node, valueOf(parts.at(-1)!));
    for (const part of parts) add(...emit(part, valueOf, choices));
  };

  const giveOutput = (name: string, node: Node): Value => {
    const { shape } = node.type;
    if (isDense(shape) && !isConstant(node)) return valueOf(node);
    const taken = valueFor(`${name}.taken`, flat(shape));
    if (sizeOf(shape) === 0) return taken;
    const source = isConstant(node) ? packed(node, likeValue(shape)) : valueOf(node);
    add(repack({ source, shape }, { value: taken, shape: flat(shape) }));
    return taken;
  };

  const inputs = graph.inputs.map(({ node }) => blaming(node, () => takeInput(node)));
  for (const node of graph.nodes.filter(isOp))
    blaming(node, () => (operatorOf(node.op).kind === 'view' ? view(node) : compute(node)));
  const outputs = graph.outputs.map(({ name, node }) => blaming(node, () => giveOutput(name, node)));
  return { dispatches, inputs, outputs };
}

const valueFor = (name: string, shape: Shape): Value => ({ kind: 'value', name, bytes: paddedBytes(shape) });

/** All elements in one row: without padding between them. */
const flat = (shape: Shape): Shape => f32(1, sizeOf(shape)).shape;

/** Padding is the same before and after. */
const isFreeView = (from: Shape, to: Shape): boolean =>
  channelsOf(from) === channelsOf(to) || (isDense(from) && isDense(to));

function emit(node: OpNode, valueOf: (node: Node) => Value, choices: KernelChoices): readonly Dispatch[] {
  const { kind } = operatorOf(node.op);
  if (kind === 'scalar') return elementwise(node, kernelContext(node, valueOf, paddingOf(node), choices));
  if (kind === 'rearrangement') return rearrangement(node, kernelContext(node, valueOf, 'zero', choices));
  invariant(kind === 'kernel', `${node.op} needs no dispatch`);
  const kernel = KERNELS[node.op as keyof typeof KERNELS] as Kernel<never>; // complete by type, keyed by `op`
  return kernel(node as never, kernelContext(node, valueOf, MAY_FILL.has(node.op) ? 'any' : 'zero', choices));
}

/** Kernels that may leave something in the channels that only fill up a vector: e^0, a border's value, 0 / 0, a last place. */
const MAY_FILL = new Set(['softmax', 'pad', 'lrn', 'arg', 'max_indices']);
