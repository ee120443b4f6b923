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
}

async function open(): Promise<TestGpu> {
  const gpu = create([]);
  const adapter = await gpu.requestAdapter();
  if (adapter) return { computes: true, name: adapter.info.description || adapter.info.vendor, gpu };
  const nullGpu = create(['backend=null']);
  if (!(await nullGpu.requestAdapter())) throw new Error('Dawn has neither a GPU nor its null backend here');
  return { computes: false, name: 'Dawn’s null backend: shaders are checked, not run', gpu: nullGpu };
}

export const testGpu = await open();

/** A new device; an adapter gives only one. */
export async function testDevice(): Promise<GPUDevice> {
  const adapter = await testGpu.gpu.requestAdapter();
  return adapter!.requestDevice(); // there was one a moment ago
}
