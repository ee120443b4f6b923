// A start on a device of the caller's that fails, or that another start overlaps: nothing stays behind, and
// nobody is blamed for another's mistake.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { CreateModel } from '../../runtime/index.ts';
import { writeBundle } from '../support/bundle.ts';
import { testDevice } from '../support/gpu.ts';

const input = new Float32Array(16);
let createModel: CreateModel;
let weights: Uint8Array;

beforeAll(async () => {
  const bundle = await writeBundle({
    source: 'INPUT(4x4x1) -> CONV(2) -> FC(3)\n',
    path: 'tiny.cnn',
    weights: { random: 1 },
    targets: ['webgpu', 'js'],
  });
  createModel = bundle.createModel;
  weights = await readFile(join(bundle.folder, 'tiny.weights.bin'));
});

/** Weights that arrive when they are told to. */
function late() {
  let arrive = () => {};
  const told = new Promise<void>((resolve) => (arrive = resolve));
  const body = new ReadableStream({
    async start(controller) {
      await told;
      controller.enqueue(new Uint8Array(weights));
      controller.close();
    },
  });
  return { weights: new Response(body), arrive };
}

/** A device that counts. */
async function watchedDevice({ showsMemory = true } = {}) {
  const device = await testDevice();
  let [scopes, buffers] = [0, 0];
  const scopesWhenRead: number[] = [];
  const { pushErrorScope, popErrorScope, createBuffer } = device;
  vi.spyOn(device, 'pushErrorScope').mockImplementation((filter) => {
    scopes++;
    pushErrorScope.call(device, filter);
  });
  vi.spyOn(device, 'popErrorScope').mockImplementation(() => {
    scopes--;
    return popErrorScope.call(device);
  });
  vi.spyOn(device, 'createBuffer').mockImplementation((descriptor) => {
    if (descriptor.mappedAtCreation && !showsMemory) throw new RangeError('too large');
    const buffer = createBuffer.call(device, descriptor);
    buffers++;
    const { destroy, mapAsync } = buffer;
    vi.spyOn(buffer, 'mapAsync').mockImplementation((...range) => {
      scopesWhenRead.push(scopes);
      return mapAsync.apply(buffer, range);
    });
    vi.spyOn(buffer, 'destroy').mockImplementation(() => {
      buffers--;
      destroy.call(buffer);
    });
    return buffer;
  });
  return { device, scopesWhenRead, left: () => ({ scopes, buffers }) };
}

const NOTHING = { scopes: 0, buffers: 0 };
const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('a start that fails', () => {
  test('because a shader does not compile, while the weights still arrive', async () => {
    const { device, left } = await watchedDevice();
    vi.spyOn(device, 'createComputePipelineAsync').mockRejectedValue(new Error('driver bug'));
    const file = late();
    const starting = createModel({ device, weights: file.weights });
    await pause();
    file.arrive();
    const model = await starting;
    expect(model.report).toMatchObject({
      target: 'js',
      skipped: [{ target: 'webgpu', why: 'a shader does not compile: Error: driver bug' }],
    });
    expect(left()).toEqual(NOTHING);
  });

  test('because the weights are wrong', async () => {
    const { device, left } = await watchedDevice();
    const wrong = Uint8Array.from(weights);
    wrong[wrong.length - 1]! ^= 1;
    await expect(createModel({ device, weights: wrong })).rejects.toMatchObject({
      code: expect.stringMatching(/^WEIGHTS_/),
    });
    expect(left()).toEqual(NOTHING);
  });

  test('because there is no memory to show weights in', async () => {
    const { device, left } = await watchedDevice({ showsMemory: false });
    const model = await createModel({ device });
    expect(model.report.skipped).toEqual([
      { target: 'webgpu', why: 'the GPU refuses the network: too large' },
    ]);
    expect(left()).toEqual(NOTHING);
  });

  test('because the GPU would refuse to run it', async () => {
    const { device, left } = await watchedDevice();
    const { createCommandEncoder } = device;
    vi.spyOn(device, 'createCommandEncoder').mockImplementationOnce(() => {
      const encoder = createCommandEncoder.call(device);
      const { beginComputePass } = encoder;
      vi.spyOn(encoder, 'beginComputePass').mockImplementation(() => {
        const pass = beginComputePass.call(encoder);
        const { dispatchWorkgroups } = pass;
        vi.spyOn(pass, 'dispatchWorkgroups').mockImplementation(() =>
          dispatchWorkgroups.call(pass, 65_536, 1, 1),
        );
        return pass;
      });
      return encoder;
    });
    const model = await createModel({ device });
    expect(model.report).toMatchObject({
      target: 'js',
      skipped: [{ target: 'webgpu', why: expect.stringContaining('65536') }],
    });
    expect(left()).toEqual(NOTHING);
  });
});

test('a start asks what the GPU says, and whether it can be read, in one go', async () => {
  const { device, scopesWhenRead } = await watchedDevice();
  const model = await createModel({ device, target: 'webgpu' });
  expect(scopesWhenRead).toEqual([2]);
  model.dispose();
});

test('what goes wrong on a device between is not held against a network that starts on it', async () => {
  const { device, left } = await watchedDevice();
  const uncaptured = vi.fn<(event: Event) => void>();
  device.addEventListener('uncapturederror', (event) => {
    event.preventDefault();
    uncaptured(event);
  });
  const file = late();
  const starting = createModel({ device, weights: file.weights, target: 'webgpu' });
  await pause();
  expect(left().scopes).toBe(0);
  device.createShaderModule({ code: 'no shader' });
  file.arrive();
  const model = await starting;
  expect(model.target).toBe('webgpu');
  model.dispose();
});

describe('a run that waits while the model moves to JavaScript', () => {
  test.each(['an input', 'an output'])('is refused with a buffer as %s', async (what) => {
    const device = await testDevice();
    const model = await createModel({ device });
    const { COPY_SRC, COPY_DST } = GPUBufferUsage;
    const buffer = device.createBuffer({ size: 64, usage: COPY_SRC | COPY_DST });
    const { name } = model.outputs[0]!;
    const running = model.run(input);
    const waiting = what === 'an input' ? model.run(buffer) : model.run(input, { into: { [name]: buffer } });
    device.destroy();
    const [first, second] = await Promise.allSettled([running, waiting]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'INPUT_TYPE' } });
    expect(model.report.target).toBe('js');
    expect(model.report).not.toHaveProperty('device');
  });
});
