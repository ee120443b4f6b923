// A plan on a device. Everything is created here, once; a run writes its inputs, repeats the dispatches in
// one pass, and reads the outputs back; the items of a batch share one submission and one readback.
import { elements } from '../container.ts';
import { CnncError } from '../errors.ts';
import { itemsIn, runItems } from '../items.ts';
import type { Data, Engine, Program, Weights } from '../program.ts';
import { type Memory, refused, waitForLoss, watch } from './creation.ts';
import { itemsPerSubmission, type Staging, stagings, touch, write } from './staging.ts';
import { pack, packedLength } from './pack.ts';
import { transformKernels } from './winograd.ts';
import type { Extent, WebgpuPlan } from './plan.ts';
import { kindOfGpu, variantsFor } from './variants.ts';

// The constants of GPUBufferUsage and GPUMapMode, which in Node are no globals.
const MAP_READ = 0x1;
const COPY_SRC = 0x4;
const COPY_DST = 0x8;
const UNIFORM = 0x40;
const STORAGE = 0x80;
const READ = 0x1;
const VISIBLE_TO_COMPUTE = 0x4;

/** Every device can bind uniforms at multiples of this. */
const UNIFORM_BYTES = 256;

interface Step {
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly workgroups: Extent['workgroups'];
}

/** What a run needs. */
interface Network extends ReturnType<typeof placeEnds> {
  readonly steps: readonly Step[];
}

/**
 * Throws `TARGET_UNAVAILABLE` where the GPU refuses the network, `DEVICE_LOST` where the device is lost, and leaves nothing
 * on the device then.
 */
export async function startEngine(
  plan: WebgpuPlan,
  program: Program,
  device: GPUDevice,
  loading: Promise<Weights>,
): Promise<Engine> {
  let lost: string | undefined;
  void device.lost.then(({ message }) => (lost = message || 'the GPU device was lost'));
  const created: GPUBuffer[] = [];
  const dispose = () => {
    for (const buffer of created) buffer.destroy();
  };
  const allocate = (descriptor: GPUBufferDescriptor): GPUBuffer => {
    try {
      const buffer = device.createBuffer(descriptor);
      created.push(buffer);
      return buffer;
    } catch (cause) {
      throw cause instanceof RangeError ? refused(cause.message, cause) : cause;
    }
  };
  let network: Network;
  try {
    network = await createNetwork(plan, program, { device, allocate }, loading);
  } catch (error) {
    dispose();
    throw lost === undefined ? error : new CnncError('DEVICE_LOST', lost, { cause: error });
  }
  const { inputs, outputs } = network;
  const stagingFor = stagings({ device, allocate }, network);
  let itemsAtOnce = itemsPerSubmission(program);

  function submit({ count, given, results }: Batch, { uploads, readback }: Staging): void {
    const encoder = device.createCommandEncoder();
    for (const [i, data] of given.entries()) if (isArray(data)) write(device, uploads[i]!, data);
    for (let item = 0; item < count; item++) {
      for (const [i, data] of given.entries()) {
        const { size } = inputs[i]!;
        if (!isArray(data))
          encoder.copyBufferToBuffer(data.buffer, data.offset + item * size, inputs[i]!.buffer, 0, size);
        else if (uploads[i] !== inputs[i]!.buffer)
          encoder.copyBufferToBuffer(uploads[i]!, item * size, inputs[i]!.buffer, 0, size);
      }
      encodeSteps(encoder, network.steps);
      for (const [i, { buffer, offset, size }] of outputs.places.entries()) {
        const result = results[i]!;
        if (isArray(result))
          encoder.copyBufferToBuffer(buffer, 0, readback, offset * count + item * size, size);
        else encoder.copyBufferToBuffer(buffer, 0, result.buffer, result.offset + item * size, size);
      }
    }
    device.queue.submit([encoder.finish()]);
  }

  /** What the GPU says against buffers of the caller's: it would leave out the whole run. */
  async function submitChecked(batch: Batch, staging: Staging): Promise<GPUError | null> {
    device.pushErrorScope('validation');
    let refusal: Promise<GPUError | null>;
    try {
      submit(batch, staging);
    } finally {
      refusal = device.popErrorScope();
    }
    return refusal;
  }

  async function run(batch: Batch, staging: Staging): Promise<GPUError | null> {
    const { count, given, results } = batch;
    if ([...given, ...results].every(isArray)) submit(batch, staging);
    else {
      const refusal = await submitChecked(batch, staging);
      if (refusal) return refusal;
    }
    if (!results.some(isArray)) return null;
    const { readback } = staging;
    await readback.mapAsync(READ, 0, outputs.bytes * count);
    const bytes = readback.getMappedRange(0, outputs.bytes * count);
    for (const [i, { offset, size }] of outputs.places.entries()) {
      const result = results[i]!;
      if (isArray(result)) result.set(new Float32Array(bytes, offset * count, (size / 4) * count));
    }
    readback.unmap();
    return null;
  }

  const engine: Engine = {
    get itemsAtOnce() {
      return itemsAtOnce;
    },
    async run(given, results) {
      const count = itemsIn(program, { inputs: given, outputs: results });
      const staging = await stagingFor(count);
      if (!staging) {
        itemsAtOnce = 1;
        return runItems(engine, program, { count, inputs: given, outputs: results });
      }
      let refusal: GPUError | null = null;
      try {
        refusal = await run({ count, given, results }, staging);
      } catch (cause) {
        await waitForLoss(device);
        if (lost === undefined) throw cause;
      }
      if (lost !== undefined) throw new CnncError('DEVICE_LOST', lost);
      if (refusal) throw new CnncError('INPUT_TYPE', `the GPU refuses a buffer: ${refusal.message}`);
    },
    dispose,
  };
  return engine;
}

/** Items that are computed by one submission. */
interface Batch {
  readonly count: number;
  readonly given: readonly Data[];
  readonly results: readonly Data[];
}

async function createNetwork(
  plan: WebgpuPlan,
  program: Program,
  { device, allocate }: Memory,
  loading: Promise<Weights>,
): Promise<Network> {
  const refusals: Promise<string | undefined>[] = [];
  const watched = <T>(create: () => T): T => watch(device, create, refusals);

  // Pipelines are compiled while the weights are still on their way.
  const variants = variantsFor(kindOfGpu(device.adapterInfo), plan);
  const used = new Set(variants.map(({ shader }) => shader));
  const { layouts, compiling, values } = watched(() => {
    const layouts = layoutsFor(device, plan);
    const compiling = Promise.all(
      plan.shaders.map((code, i) => (used.has(i) ? compile(device, code, layouts[i]!) : undefined)),
    );
    // Whoever waits for them learns of a failure; weights that never come are no reason to crash.
    compiling.catch(() => {});
    const usage = STORAGE | COPY_SRC | COPY_DST;
    return { layouts, compiling, values: plan.buffers.map((size) => allocate({ size, usage })) };
  });
  const tensors = await loading;
  const { bindGroups, ends } = watched(() => {
    const buffers = [...values, ...uploadWeights(allocate, plan, tensors)];
    const shapes = uploadShapes({ device, allocate }, variants);
    const bindGroups = plan.dispatches.map(({ bindings }, i) => {
      const bound: GPUBufferBinding[] = bindings.map((index) => ({ buffer: buffers[index]! }));
      const shape = { buffer: shapes, offset: i * UNIFORM_BYTES, size: UNIFORM_BYTES };
      const entries = [...bound, shape].map((resource, binding) => ({ binding, resource }));
      return device.createBindGroup({ layout: layouts[variants[i]!.shader]!, entries });
    });
    const ends = placeEnds(plan, program, { allocate, buffers });
    for (const { buffer, size } of ends.inputs) touch(device, buffer, size);
    return { bindGroups, ends };
  });
  const pipelines = await compiling;
  const { steps, reading } = watched(() => {
    const steps = variants.map(({ shader, workgroups }, i): Step => {
      const pipeline = pipelines[shader]!; // it is used
      return { pipeline, bindGroup: bindGroups[i]!, workgroups };
    });
    // What is wrong with a run shows when its commands are complete, submitted or not.
    const trial = device.createCommandEncoder();
    encodeSteps(trial, steps);
    trial.finish();
    return { steps, reading: whyUnreadable(ends.readback) };
  });
  const [unreadable, ...said] = await Promise.all([reading, ...refusals]);
  const refusal = said.find((each) => each !== undefined);
  if (refusal !== undefined) throw refused(refusal);
  if (unreadable !== undefined) {
    await waitForLoss(device);
    throw refused(String(unreadable), unreadable);
  }
  return { steps, ...ends };
}

/** What is created on a lost device fails without a word; reading says so. */
const whyUnreadable = (buffer: GPUBuffer): Promise<unknown> =>
  buffer.mapAsync(READ).then(
    () => buffer.unmap(),
    (cause: unknown) => cause,
  );

function encodeSteps(encoder: GPUCommandEncoder, steps: readonly Step[]): void {
  const pass = encoder.beginComputePass();
  for (const { pipeline, bindGroup, workgroups } of steps) {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(...workgroups);
  }
  pass.end();
}

const isArray = (data: Data): data is Float32Array => ArrayBuffer.isView(data);

async function compile(
  device: GPUDevice,
  code: string,
  layout: GPUBindGroupLayout,
): Promise<GPUComputePipeline> {
  const module = device.createShaderModule({ code });
  const layouts = device.createPipelineLayout({ bindGroupLayouts: [layout] });
  try {
    return await device.createComputePipelineAsync({ layout: layouts, compute: { module } });
  } catch (cause) {
    const { messages } = await module.getCompilationInfo();
    const said = messages.map(({ lineNum, message }) => `line ${lineNum}: ${message}`).join('; ');
    throw new CnncError('TARGET_UNAVAILABLE', `a shader does not compile: ${said || cause}`, { cause });
  }
}

/** One layout for all shaders with as many bindings: buffers to read, one to write, the uniform. */
function layoutsFor(device: GPUDevice, { shaders, dispatches }: WebgpuPlan): GPUBindGroupLayout[] {
  const byCount = new Map<number, GPUBindGroupLayout>();
  const layoutOf = (count: number): GPUBindGroupLayout => {
    const known = byCount.get(count);
    if (known) return known;
    const types: GPUBufferBindingType[] = [
      ...Array.from({ length: count - 1 }, () => 'read-only-storage' as const),
      'storage',
      'uniform',
    ];
    const layout = device.createBindGroupLayout({
      entries: types.map((type, binding) => ({ binding, visibility: VISIBLE_TO_COMPUTE, buffer: { type } })),
    });
    byCount.set(count, layout);
    return layout;
  };
  const counts = new Map(
    dispatches.flatMap(({ shader, bindings, unshared, inSoftware }) =>
      [shader, unshared?.shader, inSoftware?.shader].map((each) => [each, bindings.length] as const),
    ),
  );
  return shaders.map((_, i) => layoutOf(counts.get(i)!));
}

/** Each tensor is packed into memory that the GPU shows, so there is no copy between. */
function uploadWeights(
  allocate: Memory['allocate'],
  plan: WebgpuPlan,
  tensors: Weights,
): readonly GPUBuffer[] {
  return plan.weights.map(({ tensor, layout }) => {
    const size = 4 * packedLength(layout);
    const buffer = allocate({ size, usage: STORAGE, mappedAtCreation: true });
    const source = layout.transform ? transformKernels(tensors.get(tensor)!) : tensors.get(tensor)!;
    pack(source, layout, new Float32Array(buffer.getMappedRange()));
    buffer.unmap();
    return buffer;
  });
}

function uploadShapes({ device, allocate }: Memory, extents: readonly Extent[]): GPUBuffer {
  const buffer = allocate({
    size: Math.max(1, extents.length) * UNIFORM_BYTES,
    usage: UNIFORM | COPY_DST,
  });
  const numbers = new Int32Array((extents.length * UNIFORM_BYTES) / 4);
  for (const [i, { shape }] of extents.entries()) numbers.set(shape, (i * UNIFORM_BYTES) / 4);
  device.queue.writeBuffer(buffer, 0, numbers);
  return buffer;
}

/** Where an item is written; where each output is found on the GPU, and where in the buffer that is read back. */
function placeEnds(
  plan: WebgpuPlan,
  { inputs, outputs }: Program,
  { allocate, buffers }: Pick<Memory, 'allocate'> & { readonly buffers: readonly GPUBuffer[] },
) {
  let bytes = 0;
  const places = outputs.map(({ shape }, i) => {
    const size = 4 * elements(shape);
    const offset = bytes;
    bytes += size;
    return { buffer: buffers[plan.outputs[i]!]!, offset, size };
  });
  return {
    inputs: inputs.map(({ shape }, i) => ({ buffer: buffers[plan.inputs[i]!]!, size: 4 * elements(shape) })),
    outputs: { places, bytes },
    readback: allocate({ size: bytes, usage: MAP_READ | COPY_DST }),
  };
}
