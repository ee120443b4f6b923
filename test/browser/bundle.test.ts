// Generated bundles in headless Chromium.
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CreateModel } from '../../runtime/index.ts';
import {
  hasBrowser,
  openBrowser,
  openPage,
  serve,
  whyNoBrowser,
  type SiteOptions,
} from '../support/browser.ts';
import { writeBundle } from '../support/bundle.ts';
import { expectClose } from '../support/tolerance.ts';

/** Kernels that SwiftShader compiles quickly. */
const SOURCE = 'INPUT(8x8x3, scale=1/255) -> CONV(5, 1) -> POOL -> GAP\n';
const input = Array.from({ length: 192 }, (_, i) => ((i * 37) % 256) / 255);

/** The page's script: what it does with the bundle is given by each test. */
const PAGE = `<!doctype html><title>test</title><script type="module" src="page.js"></script>`;
const SCRIPT = `
  import { createModel } from './net.js';
  globalThis.createModel = createModel;
  globalThis.ready = true;
`;
const WORKER = `
  import { createModel } from './net.js';
  onmessage = async ({ data }) => {
    const model = await createModel({ target: 'webgpu' });
    const { output } = await model.run(Float32Array.from(data));
    postMessage({ target: model.target, output: [...output] });
  };
`;

describe.skipIf(!hasBrowser)(`bundles in Chromium${whyNoBrowser}`, { timeout: 120_000 }, () => {
  let browser: Browser;
  let folder: string;
  let expected: Float32Array;

  beforeAll(async () => {
    const bundle = await writeBundle({
      source: SOURCE,
      name: 'net',
      weights: { random: 3 },
      targets: ['webgpu', 'js'],
    });
    folder = bundle.folder;
    const files = { 'index.html': PAGE, 'page.js': SCRIPT, 'worker.js': WORKER };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const model = await bundle.createModel({ target: 'js' });
    expected = (await model.run(Float32Array.from(input)))['output']!;
    browser = await openBrowser();
  }, 120_000);
  afterAll(() => browser.close());

  /** Opens the page, runs `inPage` there, and expects that nothing went wrong besides. */
  async function run<T>(
    inPage: (input: number[]) => Promise<T>,
    { before, ...site }: SiteOptions & { before?: (page: Page) => Promise<unknown> } = {},
  ): Promise<T> {
    const { url, close } = await serve(folder, site);
    const { page, errors } = await openPage(browser, 'about:blank');
    await page.addInitScript(() => {
      // SwiftShader is to pass for a GPU.
      Object.defineProperty(GPUAdapterInfo.prototype, 'isFallbackAdapter', { get: () => false });
    });
    await before?.(page);
    await page.goto(url);
    await page.waitForFunction('globalThis.ready');
    const result = await page.evaluate(inPage, input);
    await page.close();
    close();
    expect(errors).toEqual([]);
    return result;
  }

  test('a plain module script runs on the GPU', async () => {
    const { target, device, output } = await run(async (values) => {
      const model = await createModel();
      const { output } = await model.run(Float32Array.from(values));
      return { target: model.target, device: model.report.device, output: [...output!] };
    });
    expect(target).toBe('webgpu');
    expect(device).toMatch(/swiftshader/i);
    expectClose(output, expected, 'network');
  });

  test('a worker runs on the GPU', async () => {
    const { target, output } = await run(
      (values) =>
        new Promise<{ target: string; output: number[] }>((resolve, reject) => {
          const worker = new Worker('worker.js', { type: 'module' });
          worker.addEventListener('message', ({ data }) => resolve(data));
          worker.addEventListener('error', reject);
          // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
          worker.postMessage(values);
        }),
    );
    expect(target).toBe('webgpu');
    expectClose(output, expected, 'network');
  });

  test.each(['webgpu', 'js'] as const)('a strict policy is enough for %s', async (target) => {
    const output = await run(
      target === 'webgpu'
        ? async (values) => [
            ...(await (await createModel({ target: 'webgpu' })).run(Float32Array.from(values)))['output']!,
          ]
        : async (values) => [
            ...(await (await createModel({ target: 'js' })).run(Float32Array.from(values)))['output']!,
          ],
      { csp: "default-src 'self'" },
    );
    expect(output).toHaveLength(expected.length);
    expectClose(output, expected, 'network');
  });

  test('without an adapter it runs as JavaScript, and says why', async () => {
    const before = (page: Page) =>
      page.addInitScript(() => {
        GPU.prototype.requestAdapter = async () => null;
      });
    const { report, output } = await run(
      async (values) => {
        const model = await createModel();
        return { report: model.report, output: [...(await model.run(Float32Array.from(values)))['output']!] };
      },
      { before },
    );
    expect(report).toMatchObject({ target: 'js', skipped: [{ target: 'webgpu', why: 'no GPU adapter' }] });
    expectClose(output, expected, 'network');
  });

  test('a device that is destroyed in mid-run is replaced, once', async () => {
    const before = (page: Page) =>
      page.addInitScript(() => {
        const { requestDevice } = GPUAdapter.prototype;
        GPUAdapter.prototype.requestDevice = async function (...args) {
          return (globalThis.newestDevice = await requestDevice.apply(this, args));
        };
      });
    const { outputs, targets } = await run(
      async (values) => {
        const model = await createModel();
        const targets = [];
        const outputs = [];
        for (let loss = 0; loss < 2; loss++) {
          const running = model.run(Float32Array.from(values));
          await Promise.resolve();
          newestDevice.destroy();
          outputs.push([...(await running)['output']!]);
          targets.push(model.target);
        }
        return { outputs, targets };
      },
      { before },
    );
    expect(targets).toEqual(['webgpu', 'js']);
    for (const output of outputs) expectClose(output, expected, 'network');
  });

  test('two models at once and overlapping calls keep their results apart', async () => {
    const outputs = await run(async (values) => {
      const models = await Promise.all([createModel(), createModel()]);
      const runs = [1, 2, 3].flatMap((factor) =>
        models.map((model) => model.run(Float32Array.from(values, (v) => v * factor))),
      );
      return (await Promise.all(runs)).map(({ output }) => [...output!]);
    });
    for (const output of outputs.slice(0, 2)) expectClose(output, expected, 'network');
    expect(outputs[2]).toEqual(outputs[3]);
    expect(outputs[4]).toEqual(outputs[5]);
    expect(outputs[2]).not.toEqual(outputs[4]);
  });

  test('pictures of every kind are prepared as INPUT says', async () => {
    const outputs = await run(async () => {
      const image = new ImageData(8, 8);
      image.data.forEach((_, i) => (image.data[i] = i % 4 === 3 ? 255 : (i * 37) % 256));
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 8;
      canvas.getContext('2d')!.putImageData(image, 0, 0);
      const offscreen = new OffscreenCanvas(8, 8);
      offscreen.getContext('2d')!.putImageData(image, 0, 0);
      const bitmap = await createImageBitmap(image);
      const frame = new VideoFrame(canvas, { timestamp: 0 });
      const model = await createModel({ target: 'js' });
      const results = [];
      for (const picture of [image, canvas, offscreen, bitmap, frame])
        results.push([...(await model.run(picture))['output']!]);
      return results;
    });
    expect(outputs).toHaveLength(5);
    for (const output of outputs) expectClose(output, outputs[0]!, 'network');
  });

  test('a picture that gives no pixels is a clear error', async () => {
    const codes = await run(async () => {
      const model = await createModel();
      const bitmap = await createImageBitmap(new ImageData(8, 8));
      bitmap.close();
      // Chromium's ImageData of more colours than bytes have; types do not know it yet.
      const fine = new ImageData(8, 8, { pixelFormat: 'rgba-float16' } as ImageDataSettings);
      const codeOf = (picture: ImageBitmap | ImageData | OffscreenCanvas) =>
        model.run(picture).then(
          () => 'a result',
          (error) => error.code,
        );
      const isFine = (fine.data as ArrayLike<number>) instanceof Uint8ClampedArray === false;
      const codes = [await codeOf(bitmap), await codeOf(new OffscreenCanvas(0, 0))];
      return isFine ? [...codes, await codeOf(fine)] : codes;
    });
    expect(new Set(codes)).toEqual(new Set(['INPUT_TYPE']));
  });

  test('a thousand runs leave nothing behind', async () => {
    const { before, after } = await run(async (values) => {
      const model = await createModel();
      const input = Float32Array.from(values);
      const heap = () =>
        (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize;
      for (let i = 0; i < 100; i++) await model.run(input);
      const before = heap();
      for (let i = 0; i < 1000; i++) await model.run(input);
      return { before, after: heap() };
    });
    expect(after - before).toBeLessThan(1.5e6);
  });

  test('bundled by Vite and by esbuild it runs as well', async () => {
    const vite = await import('vite');
    const esbuild = await import('esbuild');
    const built = join(folder, 'built');
    await vite.build({ root: folder, base: './', logLevel: 'error', build: { outDir: join(built, 'vite') } });
    await mkdir(join(built, 'esbuild'), { recursive: true });
    await esbuild.build({
      entryPoints: [join(folder, 'page.js')],
      bundle: true,
      minify: true,
      format: 'esm',
      outdir: join(built, 'esbuild'),
    });
    // esbuild leaves `new URL(…, import.meta.url)` alone: the file goes where it points.
    await copyFile(join(folder, 'net.weights.bin'), join(built, 'esbuild/net.weights.bin'));
    await writeFile(join(built, 'esbuild/index.html'), PAGE);
    for (const bundler of ['vite', 'esbuild']) {
      const { url, close } = await serve(join(built, bundler));
      const { page, errors } = await openPage(browser, url);
      await page.waitForFunction('globalThis.ready');
      const output = await page.evaluate(
        async (values) => [
          ...(await (await createModel({ target: 'webgpu' })).run(Float32Array.from(values)))['output']!,
        ],
        input,
      );
      await page.close();
      close();
      expect(errors).toEqual([]);
      expectClose(output, expected, 'network');
    }
  });
});

declare global {
  /** What the page's script puts there. */
  var createModel: CreateModel;
  var newestDevice: GPUDevice;
}
