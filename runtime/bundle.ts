// What every bundle contains, as text; see scripts/build-runtime.ts.
export { decodeBase64 } from './base64.ts';
export { defineModel } from './model.ts';
