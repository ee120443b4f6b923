// Builds the page into a folder, with what onnxruntime-web loads at run time beside it.
import { copyFile, mkdtemp, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

/** The part of onnxruntime-web's WebGPU build that is not JavaScript. */
const ORT_WASM = 'ort-wasm-simd-threaded.asyncify.wasm';

/** Contestants become chunks of their own, minified. */
export async function buildSite(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cnnc-bench-'));
  await build({
    entryPoints: [join(import.meta.dirname, 'page.ts')],
    outdir: folder,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2024',
    logLevel: 'error',
  });
  const ort = dirname(createRequire(import.meta.url).resolve('onnxruntime-web/webgpu'));
  await copyFile(join(ort, ORT_WASM), join(folder, ORT_WASM));
  await writeFile(
    join(folder, 'index.html'),
    '<!doctype html><title>bench</title><script type="module" src="page.js"></script>',
  );
  return folder;
}
