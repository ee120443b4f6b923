// The GPU that tests run on: a real one or SwiftShader (scripts/with-gpu.ts), both through Dawn; or else
// Dawn's null backend, which checks every shader and call but computes nothing.
import { create, globals } from 'webgpu';

Object.assign(globalThis, globals);

export interface TestGpu {
  /** Whether it computes. */
  readonly computes: boolean;
  readonly name: string;
  /** Dawn's instance lives as long as this object. */
  readonly gpu: GPU;
  readonly adapter: GPUAdapter;
}

async function open(): Promise<TestGpu> {
  const gpu = create([]);
  const adapter = await gpu.requestAdapter();
  if (adapter) return { computes: true, name: adapter.info.description || adapter.info.vendor, gpu, adapter };
  const nullGpu = create(['backend=null']);
  const nullAdapter = await nullGpu.requestAdapter();
  if (!nullAdapter) throw new Error('Dawn has neither a GPU nor its null backend here');
  return {
    computes: false,
    name: 'Dawn’s null backend: shaders are checked, not run',
    gpu: nullGpu,
    adapter: nullAdapter,
  };
}

export const testGpu = await open();

export const testDevice = (): Promise<GPUDevice> => testGpu.adapter.requestDevice();
