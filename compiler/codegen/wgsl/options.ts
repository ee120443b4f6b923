/** What the user may choose about the generated WGSL. */
export interface WgslOptions {
  /** Winograd's convolution F(4, 3) where it pays, with `auto`. */
  readonly winograd: 'off' | 'f2' | 'auto';
  /** Pipelines that a device has to compile: with more, layers share coarser ones; if that does not do, it is an error. */
  readonly maxPipelines: number;
}

export const WGSL_DEFAULTS: WgslOptions = { winograd: 'auto', maxPipelines: Infinity };

/** What kernels may do. */
export interface KernelChoices {
  readonly winograd: boolean;
  /** Register tiles: of the size that suits each layer, or one for all. */
  readonly tiles: 'suitable' | 'one';
  /** What a binding holds: larger weights are cut. */
  readonly bindingBytes: number;
}
