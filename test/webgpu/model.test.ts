// A bundle on the GPU: what it creates, how it falls back, and what it does when the device is lost.
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { CreateModel, Model } from '../../runtime/index.ts';
import { writeBundle } from '../support/bundle.ts';
import { testDevice, testGpu } from '../support/gpu.ts';
import { expectClose } from '../support/tolerance.ts';

/** Kernels that SwiftShader compiles quickly. */
const SOURCE = 'INPUT(8x8x3) -> CONV(5, 1) -> POOL\n';
const ITEM = 4 * 4 * 5;
const input = Float32Array.from({ length: 192 }, (_, i) => Math.sin(i));

let createModel: CreateModel;
let reference: Float32Array;

beforeAll(async () => {
  const bundle = await writeBundle({
    source: SOURCE,
    weights: { random: 1 },
    targets: ['webgpu', 'js'],
  });
  createModel = bundle.createModel;
  const onCpu = await createModel({ target: 'js' });
  reference = (await onCpu.run(input))['output']!;
});

/** Stands where a page has `navigator.gpu`. */
const withGpu = (gpu: Pick<GPU, 'requestAdapter'> | undefined) => vi.stubGlobal('navigator', { gpu });
afterEach(() => void vi.unstubAllGlobals());

const expectRight = (output: Float32Array): void => {
  if (testGpu.computes) expectClose(output, reference, 'network');
};

/** A GPU whose devices can be counted, watched and lost. */
function watchedGpu({ isSoftware = false } = {}) {
  const devices: GPUDevice[] = [];
  const requestAdapter = async () => {
    const adapter = (await testGpu.gpu.requestAdapter())!;
    const requestDevice = async () => {
      const device = await adapter.requestDevice();
      devices.push(device);
      return device;
    };
    const info = { description: adapter.info.description, isFallbackAdapter: isSoftware };
    return { info, requestDevice } as unknown as GPUAdapter; // what the runtime uses of it
  };
  return { devices, requestAdapter };
}

function abortable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: (reason: string) => controller.abort(reason) };
}

describe(`on ${testGpu.name}`, { timeout: 120_000 }, () => {
  test('the best target that runs is taken, and says on what', async () => {
    withGpu(watchedGpu());
    const model = await createModel();
    expect(model.report).toMatchObject({ target: 'webgpu', skipped: [], device: expect.stringMatching(/./) });
    expectRight((await model.run(input))['output']!);
    model.dispose();
  });

  test('a run writes once, submits once, and creates nothing but its commands', async () => {
    const device = await testDevice();
    const model = await createModel({ device });
    await model.run(input);
    const counted = [
      'createBuffer',
      'createBindGroup',
      'createShaderModule',
      'createComputePipelineAsync',
    ] as const;
    const creations = counted.map((name) => vi.spyOn(device, name));
    const encoders = vi.spyOn(device, 'createCommandEncoder');
    const writes = vi.spyOn(device.queue, 'writeBuffer');
    const submits = vi.spyOn(device.queue, 'submit');
    await model.run(input);
    expect(creations.map(({ mock }) => mock.calls.length)).toEqual([0, 0, 0, 0]);
    expect([encoders, writes, submits].map(({ mock }) => mock.calls.length)).toEqual([1, 1, 1]);
    model.dispose();
  });

  /** Counts what a batch of three and a second one cost. */
  async function costsOfBatches(device: GPUDevice) {
    const model = await createModel({ device });
    const batch = Float32Array.from({ length: 3 * 192 }, (_, i) => Math.sin(i));
    const singly = [0, 1, 2].map((item) => model.run(batch.slice(item * 192, (item + 1) * 192)));
    const expected = (await Promise.all(singly)).flatMap(({ output }) => [...output!]);
    const spies = [
      vi.spyOn(device, 'createBuffer'),
      vi.spyOn(device.queue, 'writeBuffer'),
      vi.spyOn(device.queue, 'submit'),
    ];
    const costs = [];
    for (let i = 0; i < 2; i++) {
      for (const spy of spies) spy.mockClear();
      const { output } = await model.run(batch);
      if (testGpu.computes) expectClose(output!, expected, 'operator');
      costs.push(spies.map(({ mock }) => mock.calls.length));
    }
    model.dispose();
    return costs;
  }

  test('a batch is written once and submitted once; what that takes is made for the first', async () => {
    const costs = await costsOfBatches(await testDevice());
    expect(costs).toEqual([
      [2, 1, 1],
      [0, 1, 1],
    ]);
  });

  test('where there is no memory for a batch, its items are submitted one after the other', async () => {
    const device = await testDevice();
    const { popErrorScope, createBuffer } = device;
    let isRefused = false;
    vi.spyOn(device, 'createBuffer').mockImplementation((descriptor) => {
      isRefused = descriptor.size >= 3 * 4 * ITEM && descriptor.usage === (0x1 | 0x8);
      return createBuffer.call(device, descriptor);
    });
    vi.spyOn(device, 'popErrorScope').mockImplementation(async () => {
      const refused = isRefused ? ({ message: 'out of memory' } as GPUError) : null;
      return (await popErrorScope.call(device)) ?? refused;
    });
    const [first, second] = await costsOfBatches(device);
    expect([first!.slice(1), second]).toEqual([
      [3, 3],
      [0, 3, 3],
    ]);
  });

  test('overlapping calls and batches give each its own result', async () => {
    const model = await createModel({ device: await testDevice() });
    const two = new Float32Array([...input, ...input.toReversed()]);
    const [first, both] = await Promise.all([model.run(input), model.run(two)]);
    expectRight(first['output']!);
    expectRight(both['output']!.subarray(0, ITEM));
    expect(both['output']).toHaveLength(2 * ITEM);
    model.dispose();
  });

  test('a device of the caller’s lives on when the model is disposed', async () => {
    const device = await testDevice();
    const model = await createModel({ device });
    model.dispose();
    await model.run(input).catch(() => {});
    device.createBuffer({ size: 4, usage: GPUBufferUsage.STORAGE }).destroy();
    expect(await Promise.race([device.lost, 'alive'])).toBe('alive');
  });

  test('inputs and outputs may be buffers of the caller’s device', async () => {
    const device = await testDevice();
    const model = await createModel({ device });
    const { COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    const from = device.createBuffer({ size: input.byteLength, usage: COPY_SRC | COPY_DST });
    device.queue.writeBuffer(from, 0, input);
    const into = device.createBuffer({ size: 4 * ITEM, usage: MAP_READ | COPY_DST });
    expect(await model.run(from, { into: { output: into } })).toEqual({});
    await into.mapAsync(GPUMapMode.READ);
    expectRight(new Float32Array(into.getMappedRange()));
  });

  test.each([
    ['an input without COPY_SRC', 4 * 192, 'COPY_DST', 'input'],
    ['an output without COPY_DST', 4 * ITEM, 'COPY_SRC', 'output'],
    ['an output that is too small', 4, 'COPY_DST', 'output'],
  ] as const)('%s is an error, never numbers of an earlier run', async (_, size, usage, place) => {
    const device = await testDevice();
    const model = await createModel({ device });
    await model.run(input);
    const buffer = device.createBuffer({ size, usage: GPUBufferUsage[usage] });
    const run = place === 'input' ? model.run(buffer) : model.run(input, { into: { [place]: buffer } });
    await expect(run).rejects.toMatchObject({ code: 'INPUT_TYPE' });
    expectRight((await model.run(input))['output']!);
  });

  test('a buffer that is destroyed, or another device’s, is an error', async () => {
    const device = await testDevice();
    const model = await createModel({ device });
    const { COPY_SRC } = GPUBufferUsage;
    const gone = device.createBuffer({ size: input.byteLength, usage: COPY_SRC });
    gone.destroy();
    await expect(model.run(gone)).rejects.toMatchObject({ code: 'INPUT_TYPE' });
    const foreign = (await testDevice()).createBuffer({ size: input.byteLength, usage: COPY_SRC });
    await expect(model.run(foreign)).rejects.toMatchObject({ code: 'INPUT_TYPE' });
  });

  test('a buffer for an output that does not exist, and what is no buffer, are clear errors', async () => {
    const device = await testDevice();
    const model = await createModel({ device });
    const buffer = device.createBuffer({ size: 4 * ITEM, usage: GPUBufferUsage.COPY_DST });
    await expect(model.run(input, { into: { nothing: buffer } })).rejects.toMatchObject({
      code: 'INPUT_NAME',
      message: 'there is no output "nothing", expected "output"',
    });
    const array = new Float32Array(ITEM) as unknown as GPUBuffer; // what a program without types may pass
    await expect(model.run(input, { into: { output: array } })).rejects.toMatchObject({
      code: 'INPUT_TYPE',
    });
  });

  test('without an adapter the next target runs, and the report says why', async () => {
    withGpu({ requestAdapter: async () => null });
    const model = await createModel();
    expect(model.target).toBe('js');
    expect(model.report.skipped).toEqual([{ target: 'webgpu', why: 'no GPU adapter' }]);
    expectClose((await model.run(input))['output']!, reference, 'network');
  });

  test('an adapter that cannot even be asked for is none', async () => {
    withGpu({
      requestAdapter: () => {
        throw new Error('blocked by policy');
      },
    });
    const model = await createModel();
    expect(model.report.skipped).toEqual([{ target: 'webgpu', why: 'no GPU adapter' }]);
    await expect(createModel({ target: 'webgpu' })).rejects.toMatchObject({
      code: 'TARGET_UNAVAILABLE',
      cause: new Error('blocked by policy'),
    });
  });

  test('a device that is none is a clear error', async () => {
    const device = {} as GPUDevice; // what a program without types may pass
    await expect(createModel({ device })).rejects.toMatchObject({
      code: 'OPTION_TYPE',
      message: 'the option device has type Object, expected a GPUDevice',
    });
  });

  test('a GPU in software is taken only when it is asked for', async () => {
    withGpu(watchedGpu({ isSoftware: true }));
    const model = await createModel();
    expect(model.target).toBe('js');
    expect(model.report.skipped).toMatchObject([
      { target: 'webgpu', why: expect.stringContaining('software') },
    ]);
    expect((await createModel({ target: 'webgpu' })).target).toBe('webgpu');
  });

  test('a browser that says nothing of its GPU is no obstacle', async () => {
    const { requestAdapter } = watchedGpu();
    withGpu({
      requestAdapter: async () => {
        const { requestDevice } = await requestAdapter();
        return { requestDevice } as GPUAdapter; // what such a browser has
      },
    });
    const model = await createModel();
    expect(model.report).toMatchObject({ target: 'webgpu', device: 'unnamed adapter' });
  });

  test('a signal is heard while the question for an adapter hangs', async () => {
    withGpu({ requestAdapter: () => new Promise(() => {}) });
    const { signal, abort } = abortable();
    const loading = createModel({ signal });
    setTimeout(() => abort('enough'), 20);
    await expect(loading).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' });
  });

  test('a model that is ready after all, too late for the signal, is disposed of', async () => {
    const gpu = watchedGpu();
    let answer = () => {};
    const requestAdapter = vi.fn<() => Promise<GPUAdapter | null>>(
      () => new Promise((resolve) => (answer = () => resolve(gpu.requestAdapter()))),
    );
    withGpu({ requestAdapter });
    const { signal, abort } = abortable();
    const loading = createModel({ signal });
    await vi.waitFor(() => expect(requestAdapter).toHaveBeenCalled());
    abort('enough');
    await expect(loading).rejects.toMatchObject({ code: 'ABORTED' });
    answer();
    await vi.waitFor(() => expect(gpu.devices).toHaveLength(1), 10_000);
    await expect(gpu.devices[0]!.lost).resolves.toMatchObject({ reason: 'destroyed' });
  });

  test('without an adapter, a wish for the GPU is a clear error', async () => {
    withGpu({ requestAdapter: async () => null });
    await expect(createModel({ target: 'webgpu' })).rejects.toMatchObject({ code: 'TARGET_UNAVAILABLE' });
  });

  test('buffers for a target that has none are a clear error', async () => {
    const model = await createModel({ target: 'js' });
    const into = { output: {} as GPUBuffer }; // never looked at
    await expect(model.run(input, { into })).rejects.toMatchObject({ code: 'INPUT_TYPE' });
  });
});

describe('when the device is lost', { timeout: 120_000 }, () => {
  /** Loses the newest device while the next run waits for its result. */
  async function runAndLose(model: Model, devices: readonly GPUDevice[]): Promise<Float32Array> {
    const running = model.run(input);
    await Promise.resolve();
    devices.at(-1)!.destroy();
    return (await running)['output']!;
  }

  test('a new one takes its place, once, and the run is repeated; then the next target', async () => {
    const gpu = watchedGpu();
    withGpu(gpu);
    const model = await createModel();
    expectRight(await runAndLose(model, gpu.devices));
    expect([model.target, gpu.devices.length]).toEqual(['webgpu', 2]);
    expectClose(await runAndLose(model, gpu.devices), reference, 'network');
    expect([model.target, gpu.devices.length]).toEqual(['js', 2]);
    expect(model.report.skipped).toMatchObject([
      { target: 'webgpu', why: expect.stringMatching(/lost|destroyed/) },
    ]);
    expectClose((await model.run(input))['output']!, reference, 'network');
  });

  test('and there is no other, the next target goes on', async () => {
    const gpu = watchedGpu();
    withGpu(gpu);
    const model = await createModel();
    withGpu({ requestAdapter: async () => null });
    expectClose(await runAndLose(model, gpu.devices), reference, 'network');
    expect([model.target, gpu.devices.length]).toEqual(['js', 1]);
    expect(model.report.skipped).toMatchObject([
      { target: 'webgpu', why: expect.stringMatching(/lost|destroyed/) },
    ]);
  });

  test('with onDeviceLost: reject, the second loss is a typed error', async () => {
    const gpu = watchedGpu();
    withGpu(gpu);
    const model = await createModel({ onDeviceLost: 'reject' });
    await runAndLose(model, gpu.devices);
    await expect(runAndLose(model, gpu.devices)).rejects.toMatchObject({ code: 'DEVICE_LOST' });
    await expect(model.run(input)).rejects.toMatchObject({ code: 'DEVICE_LOST' });
  });

  test('before the model is there, the next target is taken, and the report says why', async () => {
    const device = await testDevice();
    device.destroy();
    const model = await createModel({ device });
    expect(model.report).toMatchObject({
      target: 'js',
      skipped: [{ target: 'webgpu', why: expect.stringMatching(/lost|destroyed/) }],
    });
    expectClose((await model.run(input))['output']!, reference, 'network');
  });

  test.each([{ target: 'webgpu' }, { onDeviceLost: 'reject' }] as const)(
    'before the model is there, it is an error with %j',
    async (options) => {
      const device = await testDevice();
      device.destroy();
      await expect(createModel({ device, ...options })).rejects.toMatchObject({ code: 'DEVICE_LOST' });
    },
  );

  test('a device of the caller’s is not replaced', async () => {
    const device = await testDevice();
    const model = await createModel({ device, target: 'webgpu' });
    await expect(runAndLose(model, [device])).rejects.toMatchObject({ code: 'DEVICE_LOST' });
  });
});
