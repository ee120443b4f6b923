// What a target refuses: said at the layer, and no reason to refuse what another target does.
import { expect, test } from 'vitest';
import { compile, type CompileOptions } from '../../compiler/index.ts';
import { renderDiagnostic } from '../../grammar/index.ts';

/** A map of 134 MB and a bit. */
const SOURCE = `block Wide = CONV(9, 1)
INPUT(2048x2048x4)
  -> Wide
  -> POOL(4) -> GAP
`;

async function compiled(options: Partial<CompileOptions>) {
  const result = await compile({ source: SOURCE, path: 'net.cnn', weights: { random: 1 }, ...options });
  return { ...result, said: result.diagnostics.map((each) => renderDiagnostic(each, { color: false })) };
}

test('a layer too large for GPUs leaves the target out, and says where', async () => {
  const { ok, said, targets } = await compiled({});
  expect(ok).toBe(true);
  expect(Object.keys(targets)).toEqual(['js']);
  expect(said).toEqual([
    `net.cnn:1:14: warning[W107]: the target webgpu is left out: wide1.conv1 takes 201.33 MB on the GPU, where a buffer has at most 134.22 MB
  1 | block Wide = CONV(9, 1)
    |              ^^^^^^^^^^
  3 |   -> Wide
    |      ^^^^ in Wide, used here
  help: a smaller input makes smaller maps`,
  ]);
});

test('with no other target it is an error', async () => {
  const { ok, diagnostics, files } = await compiled({ targets: ['webgpu'] });
  expect(ok).toBe(false);
  expect(files.size).toBe(0);
  expect(diagnostics).toMatchObject([
    { code: 'E046', severity: 'error', help: expect.stringContaining('--targets js') },
  ]);
});

test('a budget of pipelines that is exceeded fails, whatever other targets there are', async () => {
  const source = 'INPUT(8x8x4) -> CONV(4) -> POOL -> FC(3)\n';
  const { ok, diagnostics } = await compiled({ source, maxPipelines: 1 });
  expect(ok).toBe(false);
  expect(diagnostics).toMatchObject([{ code: 'E080', message: expect.stringContaining('the budget is 1') }]);
});

test('a compilation says what each target costs', async () => {
  const { targets } = await compiled({ source: 'INPUT(8x8x4) -> CONV(4) -> POOL -> FC(3)\n' });
  expect(targets).toMatchObject({
    webgpu: { pipelines: expect.any(Number), wgslBytes: expect.any(Number), dispatches: 3 },
    js: { bytes: expect.any(Number) },
  });
});
