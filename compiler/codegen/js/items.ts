// Kernels of maps compute one item. Most graphs have no more; where an imported one has several in a value,
// the kernel runs for each of them.
import type { Node, OpNode } from '../../ir/graph.ts';
import { mapInputs } from '../../ir/semantics.ts';
import type { OpName } from '../../ops/index.ts';
import { f32, sameShape, sizeOf } from '../../tensor/types.ts';
import { channelsOf } from '../../tensor/window.ts';
import { parametersOf } from './kernel.ts';

const ITEMWISE: ReadonlySet<OpName> = new Set([
  'conv',
  'crop',
  'deconv',
  'fc',
  'max_indices',
  'pad',
  'pool',
  'resize',
]);

/** Elements of a value from `offset` on. */
export interface Part {
  readonly offset: number;
  readonly length: number;
}

export interface Items {
  readonly count: number;
  /** The node as it is for one item: what its kernel is made from. */
  readonly node: OpNode;
  /** What a run of the kernel for an item is given: each parameter, whole or in part. */
  reads(item: number): readonly { readonly node: Node; readonly part?: Part }[];
  /** And the part that it writes, of a result whose pixels are `pitch` apart. */
  writes(item: number, pitch: number): Part | undefined;
}

export function itemsOf(node: OpNode): Items {
  const parameters = parametersOf(node);
  const { shape } = node.type;
  const count = ITEMWISE.has(node.op) ? shape[0]! : 1;
  if (count === 1) return { count, node, reads: () => parameters, writes: () => undefined };

  const hasItems = (name: string, operand: Node): boolean =>
    name in node.operands ? name === 'x' : sameShape(operand.type.shape, shape);
  const partAt = (item: number, length: number): Part => ({ offset: item * length, length });
  const ofItem = <T extends Node>(operand: T, name: string): T =>
    hasItems(name, operand) ? oneOf(operand) : operand;
  return {
    count,
    node: mapInputs(oneOf(node), ofItem),
    reads: (i) =>
      parameters.map(({ name, node: operand }) => {
        if (!hasItems(name, operand)) return { node: operand };
        return { node: operand, part: partAt(i, sizeOf(operand.type.shape) / count) };
      }),
    writes: (i, pitch) => partAt(i, (sizeOf(shape) / count / channelsOf(shape)) * pitch),
  };
}

const oneOf = <T extends Node>(node: T): T => ({ ...node, type: f32(1, ...node.type.shape.slice(1)) });
