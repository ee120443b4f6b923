// `cnnc verify --target webgpu` with a kernel that was made wrong on purpose.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Kernel } from '../../compiler/codegen/wgsl/kernel.ts';
import { folderOf } from '../bundle/twice.ts';
import { cnnc } from '../cli/capture.ts';
import { testGpu } from '../support/gpu.ts';

vi.mock('../../compiler/codegen/wgsl/kernels/lrn.ts', async (original) => {
  const { lrn } = await original<{ lrn: Kernel<'lrn'> }>();
  const wrong: Kernel<'lrn'> = (node, context) =>
    lrn(node, {
      ...context,
      dispatch: ({ body, ...rest }) => context.dispatch({ ...rest, body: body.replace('pow(', '2 * pow(') }),
    });
  return { lrn: wrong };
});

test.skipIf(!testGpu.computes)(`names the layer whose shader is wrong, on ${testGpu.name}`, async () => {
  const program = join(await folderOf({}), 'net.cnn');
  await writeFile(program, 'INPUT(8x8x2) -> CONV(8)\n  -> LRN -> CONV(8)*2 -> FC(3)\n');
  const { code, out } = await cnnc([
    'verify',
    program,
    '--random-weights',
    '1',
    '--target',
    'webgpu',
    '--bisect',
  ]);
  expect(out).toContain('net.cnn:2:6: lrn1 (LRN) is the first layer that diverges');
  expect(code).toBe(1);
});
