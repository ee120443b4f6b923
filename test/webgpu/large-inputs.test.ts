// Inputs larger than what browsers pass on at once.
import { expect, test, vi } from 'vitest';
import { writeBundle } from '../support/bundle.ts';
import { testDevice, testGpu } from '../support/gpu.ts';

const MIB = 2 ** 20;
const input = Float32Array.from({ length: 700 * 800 }, (_, i) => Math.sin(i));

test(`a large input is written in parts of 2 MiB, zeros when the model starts; on ${testGpu.name}`, async () => {
  const { createModel } = await writeBundle({
    source: 'INPUT(700x800x1) -> POOL(4)\n',
    weights: { random: 1 },
    targets: ['webgpu', 'js'],
  });
  const device = await testDevice();
  const writes = vi.spyOn(device.queue, 'writeBuffer');
  const model = await createModel({ device });
  const { output } = await model.run(input);

  const [[buffer]] = writes.mock.calls.slice(-1) as [Parameters<GPUQueue['writeBuffer']>];
  const places = writes.mock.calls.flatMap(([into, at]) => (into === buffer ? [at] : []));
  expect(places).toEqual([0, 2 * MIB, 0, 2 * MIB]);
  const onCpu = await createModel({ target: 'js' });
  const expected = (await onCpu.run(input))['output'];
  expect(output).toEqual(testGpu.computes ? expected : output);
  model.dispose();
});
