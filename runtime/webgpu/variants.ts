// Which of a plan's variants suit which GPU.
import type { Variant, WebgpuPlan } from './plan.ts';

export const GPU_KINDS = ['desktop', 'mobile', 'software'] as const;
export type GpuKind = (typeof GPU_KINDS)[number];

/** Mali, Adreno and PowerVR have their workgroup memory where their caches are, or imitate it there. */
const MOBILE_VENDORS = ['arm', 'qualcomm', 'img-tec'];

/** Not every browser says what the device is. */
export function kindOfGpu({ vendor = '', isFallbackAdapter }: Partial<GPUAdapterInfo> = {}): GpuKind {
  if (isFallbackAdapter) return 'software';
  return MOBILE_VENDORS.includes(vendor) ? 'mobile' : 'desktop';
}

/** How each dispatch is done on GPUs of this kind. */
export const variantsFor = (kind: GpuKind, { dispatches }: WebgpuPlan): readonly Variant[] =>
  dispatches.map((dispatch) => {
    if (kind === 'desktop') return dispatch;
    const unshared = dispatch.unshared ?? dispatch;
    return kind === 'mobile' ? unshared : (dispatch.inSoftware ?? unshared);
  });
