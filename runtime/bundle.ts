// What every bundle contains, as text; see scripts/build-runtime.ts.
export { decodeBase64 } from './base64.ts';
export { defineModel } from './model.ts';
export { whenLoaded } from './targets.ts';
// For the parts that some bundles have besides.
export { elements } from './container.ts';
export { CnncError } from './errors.ts';
export { itemsIn, runItems } from './items.ts';
export { kindOf } from './kind-of.ts';
export { startFirst } from './targets.ts';
