// The contract between the compiler's WGSL generator and the runtime that drives the GPU. Types only.
//
// Everything that can be decided is decided when the network is compiled: the runtime creates what the
// plan lists, once, and then only repeats the dispatches. A plan stays within WebGPU's default limits.

export interface WebgpuPlan {
  /** WGSL modules with an entry point `main`; each becomes one pipeline. */
  readonly shaders: readonly string[];
  /** Bytes of the buffers that values share. */
  readonly buffers: readonly number[];
  /** Weights as the kernels read them, each in a buffer of its own. */
  readonly weights: readonly PackedWeights[];
  readonly dispatches: readonly PlannedDispatch[];
  /** Parallel to the program's inputs: where `run` writes their values, without padding. */
  readonly inputs: readonly number[];
  /** Parallel to the program's outputs: where their values are found, without padding. */
  readonly outputs: readonly number[];
}

export interface PlannedDispatch extends Variant {
  /** What is bound at 0, 1, …: a buffer of values, or behind these a buffer of weights. */
  readonly bindings: readonly number[];
  /** The same work without workgroup memory, for GPUs where that is no faster than what it saves. */
  readonly unshared?: Variant | undefined;
  /** The same work in fewer threads, for a GPU in software: few cores, and starting a thread is dear. */
  readonly inSoftware?: Variant | undefined;
}

/** One way to do a dispatch. */
export interface Variant extends Extent {
  /** Index of the shader. */
  readonly shader: number;
}

/** How the work is cut into threads. */
export interface Extent {
  /** The shader's `shape`: whole numbers, bound as a uniform behind the other bindings. */
  readonly shape: readonly number[];
  readonly workgroups: readonly [x: number, y: number, z: number];
}

/** A tensor of the weights file, rearranged and padded with zeros. */
export interface PackedWeights {
  /** The tensor's path. */
  readonly tensor: string;
  readonly layout: Packing;
}

/**
 * How packed elements are found in the tensor. The packed array is a nest of loops, `dims`, outermost
 * first; each moves one of `axes` by `step`. An element is read at the sum of all axes' `base` and
 * index · `stride`; where an axis leaves its `length`, the packed element is 0.
 */
export interface Packing {
  /** What the tensor becomes first: winograd.ts says how each 3×3 kernel becomes 6×6 numbers. */
  readonly transform?: 'winograd';
  readonly axes: readonly PackedAxis[];
  readonly dims: readonly PackedDim[];
}

export interface PackedAxis {
  readonly length: number;
  readonly stride: number;
  readonly base?: number;
}

export interface PackedDim {
  /** Index of the axis. */
  readonly axis: number;
  readonly size: number;
  readonly step: number;
}
