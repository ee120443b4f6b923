import { CnncError } from '../errors.ts';

/** Kept alive with their devices: Dawn's instance in Node must not be collected while one is in use. */
interface Opened {
  readonly device: GPUDevice;
  /** What the adapter says of itself, for the report. */
  readonly adapter: string;
}

/**
 * A device with WebGPU's default limits, within which all plans stay. `moduleUrl` is where the optional
 * package `webgpu` is looked for in Node. Throws `TARGET_UNAVAILABLE`, which says why.
 */
export async function openDevice(moduleUrl: string): Promise<Opened> {
  const gpu = globalThis.navigator?.gpu ?? nodeGpu(moduleUrl);
  const adapter = await gpu.requestAdapter().catch((cause: unknown) => unavailable('no GPU adapter', cause));
  if (!adapter) return unavailable('no GPU adapter');
  const device = await adapter
    .requestDevice()
    .catch((cause: unknown) => unavailable('the GPU adapter gives no device', cause));
  return { device, adapter: describe(adapter.info) };
}

/** Dawn for Node, if it is installed: https://www.npmjs.com/package/webgpu */
function nodeGpu(moduleUrl: string): GPU {
  const module = globalThis.process?.getBuiltinModule?.('node:module');
  if (!module) return unavailable('this page has no navigator.gpu (it needs a secure context)');
  try {
    const { create } = module.createRequire(moduleUrl)('webgpu') as { create(options: string[]): GPU };
    return create([]);
  } catch (cause) {
    return unavailable('Node has no WebGPU: npm install webgpu, or pass a device', cause);
  }
}

const unavailable = (why: string, cause?: unknown): never => {
  throw new CnncError('TARGET_UNAVAILABLE', why, { cause });
};

export const describe = ({ vendor, architecture, device, description }: GPUAdapterInfo): string =>
  [vendor, architecture, device, description].filter(Boolean).join(' ') || 'unnamed adapter';
