import { CnncError } from '../errors.ts';

interface Opened {
  readonly device: GPUDevice;
  /** To be kept as long as the device: Dawn in Node does not survive that its instance is collected before. */
  readonly gpu: GPU;
  /** What the adapter says of itself, for the report. */
  readonly adapter: string;
}

/**
 * A device with WebGPU's default limits, within which all plans stay. `moduleUrl` is where the optional
 * package `webgpu` is looked for in Node. An adapter that only imitates a GPU in software is taken only when
 * asked for: one inference of LeNet-5 takes SwiftShader a hundred times as long as JavaScript.
 * Throws `TARGET_UNAVAILABLE`, which says why.
 */
export async function openDevice(moduleUrl: string, takes: 'hardware' | 'any'): Promise<Opened> {
  const gpu = globalThis.navigator?.gpu ?? nodeGpu(moduleUrl);
  const adapter = await asked(() => gpu.requestAdapter(), 'no GPU adapter');
  if (!adapter) return unavailable('no GPU adapter');
  const { info }: Partial<GPUAdapter> = adapter;
  if (takes === 'hardware' && info?.isFallbackAdapter) {
    return unavailable(`the GPU is one in software: ${describe(info)}`);
  }
  const device = await asked(() => adapter.requestDevice(), 'the GPU adapter gives no device');
  return { device, gpu, adapter: describe(info) };
}

/** Dawn for Node, installed beside the bundle or where the program runs: https://www.npmjs.com/package/webgpu */
function nodeGpu(moduleUrl: string): GPU {
  const { process } = globalThis;
  const module = process?.getBuiltinModule?.('node:module');
  if (!module) return unavailable('this page has no navigator.gpu (it needs a secure context)');
  let cause: unknown;
  for (const place of [moduleUrl, `${process.cwd()}/`]) {
    try {
      const { create } = module.createRequire(place)('webgpu') as { create(options: string[]): GPU };
      return create([]);
    } catch (error) {
      cause ??= error;
    }
  }
  return unavailable('Node has no WebGPU: npm install webgpu, or pass a device', cause);
}

/** Whether it rejects or throws at once, as some browsers do where WebGPU is blocked. */
async function asked<T>(question: () => Promise<T>, why: string): Promise<T> {
  try {
    return await question();
  } catch (cause) {
    return unavailable(why, cause);
  }
}

const unavailable = (why: string, cause?: unknown): never => {
  throw new CnncError('TARGET_UNAVAILABLE', why, { cause });
};

/** Early browsers with WebGPU say nothing of it. */
export const describe = (info: Partial<GPUAdapterInfo> = {}): string =>
  [info.vendor, info.architecture, info.device, info.description].filter(Boolean).join(' ') ||
  'unnamed adapter';
