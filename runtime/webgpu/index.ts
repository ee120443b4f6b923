// What bundles with the target webgpu contain besides runtime/bundle.ts; see scripts/build-runtime.ts.
export { webgpuTarget } from './target.ts';
