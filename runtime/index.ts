// `cnnc/runtime`: what bundles contain, for programs that define a model themselves, and pictures as inputs.
export { CnncError, type ErrorCode } from './errors.ts';
export { defineModel, type CreateModel, type CreateOptions, type Progress } from './model.ts';
export type { Pixels } from './image/colours.ts';
export { prepareImage } from './image/prepare.ts';
export type { Input } from './inputs.ts';
export type { Model, Report } from './session.ts';
export type { WeightsSource } from './source.ts';
export type * from './program.ts';
