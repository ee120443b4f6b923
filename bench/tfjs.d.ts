// What the benchmarks use of tfjs. It is installed for them alone (bench/install.ts), and types are checked without it.
declare module '@tensorflow/tfjs-core' {
  export interface Tensor {
    readonly shape: number[];
    readonly rank: number;
    data(): Promise<Float32Array | Int32Array | Uint8Array>;
    dispose(): void;
  }
  export interface Tensor2D extends Tensor {
    readonly rank: 2;
  }
  export interface Tensor4D extends Tensor {
    readonly rank: 4;
  }

  type Activation = 'linear' | 'relu' | 'relu6';
  interface Finish {
    readonly bias?: Tensor;
    readonly activation?: Activation;
  }
  interface Convolution extends Finish {
    readonly x: Tensor4D;
    readonly filter: Tensor4D;
    readonly strides: number | [number, number];
    readonly pad: 'valid' | 'same' | number;
  }
  export const fused: {
    conv2d(convolution: Convolution): Tensor4D;
    depthwiseConv2d(convolution: Convolution): Tensor4D;
    matMul(product: Finish & { readonly a: Tensor2D; readonly b: Tensor2D }): Tensor;
  };

  type Pool = (x: Tensor4D, size: number[], strides: number[], pad: 'valid') => Tensor4D;
  export const maxPool: Pool;
  export const avgPool: Pool;

  export function tensor(values: Float32Array, shape: number[]): Tensor;
  export function transpose(x: Tensor, perm?: number[]): Tensor;
  export function reshape(x: Tensor, shape: number[]): Tensor;
  export function pad(x: Tensor, paddings: [number, number][], value?: number): Tensor;
  export function add(a: Tensor, b: Tensor): Tensor;
  export function relu(x: Tensor): Tensor;
  export function relu6(x: Tensor): Tensor;
  export function tanh(x: Tensor): Tensor;

  /** Tensors that are made meanwhile and not given back are disposed of. */
  export function tidy<T>(work: () => T): T;
  export function dispose(tensors: readonly Tensor[]): void;
  export function setBackend(name: string): Promise<boolean>;
  export function backend(): object;
}

declare module '@tensorflow/tfjs-backend-cpu' {
  export const MathBackendCPU: new () => object;
}

declare module '@tensorflow/tfjs-backend-webgpu' {
  export const WebGPUBackend: new () => object;
}
