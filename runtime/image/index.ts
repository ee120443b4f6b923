// What bundles contain whose inputs take pictures; see scripts/build-runtime.ts.
export { readPicture } from './read-picture.ts';
