import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { OnnxRuntime } from '../index.ts';
import { InputError } from './failure.ts';

/** The faster one first. */
const PACKAGES = ['onnxruntime-node', 'onnxruntime-web'];

/** ONNX Runtime, installed beside cnnc or where the command runs. */
export async function loadOnnxRuntime(): Promise<OnnxRuntime> {
  const here = createRequire(join(process.cwd(), 'here.js'));
  for (const name of PACKAGES) {
    for (const place of [() => name, () => pathToFileURL(here.resolve(name)).href]) {
      const module = await importOr(place);
      if (module) return quiet(module);
    }
  }
  throw new InputError(
    'ONNX Runtime is not installed: npm install onnxruntime-node (or onnxruntime-web); --against reference needs nothing',
  );
}

interface Module extends OnnxRuntime {
  readonly env: { logLevel?: string; readonly wasm?: { numThreads?: number } };
}

async function importOr(place: () => string): Promise<Module | undefined> {
  try {
    const module: Partial<Module> & { readonly default?: Module } = await import(place());
    return module.InferenceSession ? (module as Module) : module.default; // of CommonJS there is one default
  } catch {
    return undefined;
  }
}

/** One thread, so that sums are the same in every run, and no warnings about what it optimises. */
function quiet(module: Module): Module {
  module.env.logLevel = 'error';
  if (module.env.wasm) module.env.wasm.numThreads = 1;
  return module;
}
