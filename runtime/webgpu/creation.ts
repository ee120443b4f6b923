// Creating things on a device that may refuse them.
import { CnncError } from '../errors.ts';

/** Where buffers come from. */
export interface Memory {
  readonly device: GPUDevice;
  /** Throws `TARGET_UNAVAILABLE` where memory that the GPU shows is not to be had. */
  readonly allocate: (descriptor: GPUBufferDescriptor) => GPUBuffer;
}

/**
 * What the GPU says against what is created goes to `refusals`. Nothing is awaited between the beginning and the end of
 * a scope: a device may have other users, and scopes are a stack.
 */
export function watch<T>(device: GPUDevice, create: () => T, refusals: Promise<string | undefined>[]): T {
  device.pushErrorScope('out-of-memory');
  device.pushErrorScope('validation');
  try {
    return create();
  } finally {
    const said = Promise.all([device.popErrorScope(), device.popErrorScope()]);
    refusals.push(said.then((errors) => errors.find((each) => each !== null)?.message, String));
  }
}

export const refused = (why: string, cause?: unknown): CnncError =>
  new CnncError('TARGET_UNAVAILABLE', `the GPU refuses the network: ${why}`, { cause });

/** How long after a failure a device may take to say that it is lost. */
const GRACE_MS = 1000;

/** A device that is destroyed says so a while after what waits for it has failed. */
export const waitForLoss = ({ lost }: GPUDevice): Promise<unknown> =>
  Promise.race([lost, new Promise((resolve) => setTimeout(resolve, GRACE_MS))]);
