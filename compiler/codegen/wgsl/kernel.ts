// What a WGSL kernel is given, and what it gives: the dispatches that compute a node.
import { isConstant, type ConstantNode, type Node, type OpNode } from '../../ir/graph.ts';
import type { OpName, OpsOfKind } from '../../ops/index.ts';
import type { Packing } from '../../../runtime/webgpu/plan.ts';
import { sizeOf } from '../../tensor/types.ts';
import { channelsOf } from '../../tensor/window.ts';
import {
  makeDispatch,
  workgroupFor,
  type Binding,
  type Dispatch,
  type DispatchParts,
  type Source,
  type Value,
} from './dispatch.ts';
import { epilogueOperands, filled, keepsZero, storeText, type Place } from './epilogue.ts';
import { vectors } from './layout.ts';
import type { KernelChoices } from './options.ts';
import { likeValue, SPLAT } from './packing.ts';
import type { ElementType } from './shader.ts';
import type { Lanes } from './syntax.ts';

export interface KernelContext extends KernelChoices {
  /** An operand as it lies in memory: a value, or a constant laid out like one. */
  read(name: string, node: Node, type?: ElementType): Binding;
  /** A weight in the kernel's own order. */
  weights(name: string, node: Node, layout: Packing, type?: ElementType): Binding;
  /** Memory between two dispatches of this node. */
  temporary(name: string, bytes: number): Value;
  /** A dispatch that writes the result. `body` may use `store`. */
  dispatch(parts: ResultParts): Dispatch;
  /** Statements that apply the epilogue to four channels, or one, and store them. */
  store(value: string, at: Place): string;
  /** The node's result, before or after its epilogue. */
  readonly result: Value;
}

type ResultParts = Omit<DispatchParts, 'writes' | 'workgroup'> &
  Partial<Pick<DispatchParts, 'workgroup'>> & {
    /** What a thread stores at once. Default: vectors. */
    readonly lanes?: Lanes;
  };

/** A kernel: decide first, then one template. */
export type Kernel<K extends OpName> = (node: OpNode<K>, context: KernelContext) => readonly Dispatch[];

/** Every operator that asks for a kernel has one: a missing one is a type error that names it. */
export type Kernels = { readonly [K in OpsOfKind<'kernel'>]: Kernel<K> };

/**
 * What a kernel of this node is given. `valueOf` says where values lie, `padding` what it
 * leaves in the channels that only fill up a vector, given zeros there.
 */
export function kernelContext(
  node: OpNode,
  valueOf: (node: Node) => Value,
  padding: 'zero' | 'any',
  choices: KernelChoices,
): KernelContext {
  const result = valueOf(node);
  const channels = channelsOf(node.type.shape);
  const fill = channels % 4 !== 0 && !(padding === 'zero' && keepsZero(node));
  const read: KernelContext['read'] = (name, each, type = 'vec4f') => ({
    name,
    type,
    source: isConstant(each) ? packed(each, constantLayout(each, node)) : valueOf(each),
  });
  return {
    ...choices,
    read,
    weights: (name, each, layout, type = 'vec4f') => ({
      name,
      type,
      source: packed(asConstant(each), layout),
    }),
    temporary: (name, bytes) => ({ kind: 'value', name: `${node.name}.${name}`, bytes }),
    store: (value, at) => storeText(node, value, at, fill),
    dispatch: ({ lanes = 'vec4f', ...parts }) =>
      makeDispatch({
        workgroup: workgroupFor(parts.threads),
        ...parts,
        title: titleOf(parts.title, node),
        reads: [...parts.reads, ...epilogueOperands(node).map((each) => read(each.name, each.node, lanes))],
        writes: { value: result, type: lanes },
        sizes: { ...parts.sizes, ...(fill && { filled_channels: channels }) },
        declarations: [parts.declarations ?? '', fill ? filled[lanes] : ''].filter(Boolean).join('\n\n'),
      }),
    result,
  };
}

const titleOf = (title: string, node: OpNode): string =>
  [title, ...node.epilogue.map(({ op }) => op)].join(', then ');

/** A constant as weights in this order. */
export const packed = ({ name }: ConstantNode, layout: Packing): Source => ({
  kind: 'weights',
  tensor: name,
  layout,
});

/** A constant that element-wise operators read: one number for all channels, or laid out like a value. */
const constantLayout = ({ type: { shape } }: ConstantNode, user: OpNode): Packing =>
  sizeOf(shape) === 1 && channelsOf(user.type.shape) !== 1 ? SPLAT : likeValue(shape);

function asConstant(node: Node): ConstantNode {
  if (isConstant(node)) return node;
  throw new Error(`cnnc bug: ${node.name} is computed, and a kernel wants to pack it`);
}

export const threadsFor = (channels: number, pixels: number): readonly [number, number] => [
  vectors(channels),
  pixels,
];
