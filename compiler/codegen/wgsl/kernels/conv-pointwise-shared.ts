// 1×1 convolution where there is enough to share: the product of pixels × channels and channels × filters by
// workgroups (shared-product.ts).
import type { Packing } from '../../../../runtime/webgpu/plan.ts';
import type { OpNode } from '../../../ir/graph.ts';
import { code } from '../../../support/code.ts';
import type { Dispatch } from '../dispatch.ts';
import type { KernelContext } from '../kernel.ts';
import { vectors } from '../layout.ts';
import type { Part } from '../packing.ts';
import { sharedProduct, type ProductSize } from './shared-product.ts';

/** The filters of one part of the weights, which is packed so. */
export function convPointwiseShared(
  { operands: { x, weight, bias }, type }: OpNode<'conv'>,
  context: KernelContext,
  size: ProductSize,
  { part, layout }: { readonly part: Part; readonly layout: Packing },
): Dispatch {
  const store = code`
    let feature = shape.first_filter + column;
    let result = sum${bias ? ' + bias[feature]' : ''};
    ${context.store('result', { index: 'row * shape.all_filters + feature', vector: 'feature' })}
  `;
  const { block, parts } = sharedProduct(size, store);
  return context.dispatch({
    ...parts,
    title: `conv 1×1: ${block[0]} pixels × ${4 * block[1]} filters per workgroup`,
    reads: [
      context.read('x', x),
      context.weights('weight', weight, layout),
      ...(bias ? [context.read('bias', bias)] : []),
    ],
    sizes: { ...parts.sizes, first_filter: part.from, all_filters: vectors(type.shape.at(-1)!) },
  });
}
