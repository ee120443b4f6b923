// Sees what passes through WebGPU, whoever calls it: counts calls, and times passes on the GPU.

export interface Calls {
  dispatches: number;
  passes: number;
  submits: number;
  /** queue.writeBuffer. */
  writes: number;
  /** Buffers, bind groups, shader modules and pipelines. */
  creations: number;
}

export interface Watched {
  /** Milliseconds until the run has given its result. */
  readonly warm: number;
  /** Milliseconds of the GPU: between beginning and end of each pass, summed. */
  readonly kernel: number;
  /** The same of the longest pass: where a peer brings maps into its layout first, the layer itself. */
  readonly longest: number;
  readonly calls: Calls;
}

const none = (): Calls => ({ dispatches: 0, passes: 0, submits: 0, writes: 0, creations: 0 });

let calls = none();
let timer = newTimer();

export async function watch(run: () => unknown): Promise<Watched> {
  [calls, timer] = [none(), newTimer()];
  const begin = performance.now();
  await run();
  const warm = performance.now() - begin;
  const seen = { ...calls };
  const passes = await timer.read();
  return {
    warm,
    kernel: passes.reduce((sum, ms) => sum + ms, 0),
    longest: Math.max(0, ...passes),
    calls: seen,
  };
}

/** A query set has no more entries than this. */
const MAX_QUERIES = 4096;

const querySets = new WeakMap<GPUDevice, GPUQuerySet>();

function queriesOf(device: GPUDevice): GPUQuerySet {
  const known = querySets.get(device);
  if (known) return known;
  const queries = device.createQuerySet({ type: 'timestamp', count: MAX_QUERIES });
  querySets.set(device, queries);
  return queries;
}

/** Passes of one device leave their times there, two each. */
function newTimer() {
  let device: GPUDevice | undefined;
  let used = 0;

  function next(its: GPUDevice): GPUComputePassTimestampWrites | undefined {
    if (used === MAX_QUERIES) return undefined;
    device = its;
    used += 2;
    return {
      querySet: queriesOf(its),
      beginningOfPassWriteIndex: used - 2,
      endOfPassWriteIndex: used - 1,
    };
  }

  /** Milliseconds of each pass. */
  async function read(): Promise<number[]> {
    if (!device) return [];
    const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    const size = 8 * used;
    const resolved = device.createBuffer({ size, usage: QUERY_RESOLVE | COPY_SRC });
    const readable = device.createBuffer({ size, usage: COPY_DST | MAP_READ });
    const encoder = device.createCommandEncoder();
    encoder.resolveQuerySet(queriesOf(device), 0, used, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, readable, 0, size);
    device.queue.submit([encoder.finish()]);
    await readable.mapAsync(GPUMapMode.READ);
    const times = [...new BigUint64Array(readable.getMappedRange())];
    for (const buffer of [resolved, readable]) buffer.destroy();
    return times.flatMap((end, i) => (i % 2 === 1 ? [Number(end - times[i - 1]!) / 1e6] : []));
  }

  return { next, read };
}

/** To be called before anybody asks for an adapter. */
export function watchWebgpu(): void {
  count('dispatches', GPUComputePassEncoder.prototype, 'dispatchWorkgroups');
  count('dispatches', GPUComputePassEncoder.prototype, 'dispatchWorkgroupsIndirect');
  count('submits', GPUQueue.prototype, 'submit');
  count('writes', GPUQueue.prototype, 'writeBuffer');
  for (const method of [
    'createBuffer',
    'createBindGroup',
    'createShaderModule',
    'createComputePipeline',
    'createComputePipelineAsync',
  ] as const)
    count('creations', GPUDevice.prototype, method);

  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = function (descriptor = {}) {
    const requiredFeatures: GPUFeatureName[] = [...(descriptor.requiredFeatures ?? []), 'timestamp-query'];
    return requestDevice.call(this, { ...descriptor, requiredFeatures });
  };

  const devices = new WeakMap<GPUCommandEncoder, GPUDevice>();
  const { createCommandEncoder } = GPUDevice.prototype;
  GPUDevice.prototype.createCommandEncoder = function (descriptor) {
    const encoder = createCommandEncoder.call(this, descriptor);
    devices.set(encoder, this);
    return encoder;
  };
  const { beginComputePass } = GPUCommandEncoder.prototype;
  GPUCommandEncoder.prototype.beginComputePass = function (descriptor) {
    calls.passes++;
    const timestampWrites = timer.next(devices.get(this)!); // all encoders come from the method above
    return beginComputePass.call(this, { ...descriptor, ...(timestampWrites && { timestampWrites }) });
  };
}

function count<M extends string>(
  kind: keyof Calls,
  prototype: Record<M, (...args: never[]) => unknown>,
  method: M,
): void {
  const original = prototype[method];
  prototype[method] = function (this: unknown, ...args) {
    calls[kind]++;
    return original.apply(this, args);
  };
}
