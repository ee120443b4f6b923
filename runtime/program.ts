// The contract between the compiler, which writes a `Program` and one `TargetFactory` per target
// into each bundle, and the runtime, which is shipped with them. Types only.

/** One input or output of a model, for one item of the batch: an image is `[height, width, channels]`. */
export interface TensorSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32';
  /** Of inputs that a model takes as whole numbers: the least and the greatest that make sense to try. */
  readonly whole?: WholeRange;
  /** Inputs that are images say how pixels become numbers. */
  readonly image?: ImageSpec;
  /** Class names of a classifier's output. */
  readonly labels?: readonly string[];
  /** What an output's positions look at, in input positions. */
  readonly receptiveField?: ReceptiveField;
}

/** Whole numbers from `low` to `high`, both included. */
export interface WholeRange {
  readonly low: number;
  readonly high: number;
}

/** What the positions of an output look at: along each axis, position i sees nothing but the `size` input positions from `offset + i · stride` on. */
export interface ReceptiveField {
  readonly size: readonly number[];
  readonly stride: readonly number[];
  /** Below 0 where the first position begins in the padding. */
  readonly offset: readonly number[];
}

/** INPUT's preprocessing: ((value · scale) − mean) / std per channel, after fitting the picture to the shape. */
export interface ImageSpec {
  readonly scale: number;
  /** One per channel, in the order of `order`. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly order: 'rgb' | 'bgr' | 'grey';
  /** Shorter side is first scaled to this many pixels; 0 = not. */
  readonly resize: number;
  /** Then a square of this side is cut from the middle; 0 = not. */
  readonly crop: number;
  /** How what remains is brought to the input's height and width. */
  readonly fit: 'stretch' | 'cover' | 'contain' | 'pad';
  /** Where the input's shape has its channels, if not last. */
  readonly channels?: 'first';
}

/** Where one tensor lies in the weights file's data, in canonical (PyTorch) layout. */
export interface WeightSpec {
  /** state_dict path: `conv1.weight`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Bytes from the beginning of the data; float32, little-endian. */
  readonly offset: number;
}

/** What goes in and what comes out at one input size. */
export interface NetworkSize {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

export interface Program extends NetworkSize {
  readonly name: string;
  /** Version of the compiler that wrote the bundle. */
  readonly cnnc: string;
  /** Further sizes of the same network. */
  readonly sizes?: readonly NetworkSize[];
  readonly weights: {
    /** Size of the whole weights file. */
    readonly bytes: number;
    /**
     * The file's seal in hexadecimal: SHA-256 of its header, which holds the hash of every chunk; container.ts
     * draws it.
     */
    readonly sha256: string;
    readonly tensors: readonly WeightSpec[];
  };
}

/** The weights as a target sees them: verified, in canonical layout, by path. */
export type Weights = ReadonlyMap<string, Float32Array>;

/** Values of one item or of several behind each other: an array, or part of a GPU buffer where the target is webgpu. */
export type Data = Float32Array | GPUBufferRange;

export interface GPUBufferRange {
  readonly buffer: GPUBuffer;
  /** Bytes. */
  readonly offset: number;
  readonly size: number;
}

/** A network that is ready to run. */
export interface Engine {
  /** So many items of a batch `run` takes at once; 1 unless said. */
  readonly itemsAtOnce?: number;
  /** Whether inputs and outputs may lie in GPU buffers. */
  readonly takesBuffers?: boolean;
  /** What it runs on. */
  readonly about?: string;
  /**
   * `inputs` and `outputs` are parallel to the program's and have exactly the length of one item, or all of the
   * same number of items. Outputs are filled in.
   */
  run(inputs: readonly Data[], outputs: readonly Data[]): void | Promise<void>;
  dispose(): void;
}

export type TargetName = 'webgpu' | 'js';

/** What the compiler generates for a target that only computes. */
export type TargetFactory = (weights: Weights) => Engine | Promise<Engine>;
