/** The public API of the compiler. It runs in Node and in a page: files come in through `read`. */
export { check, compile, exportOnnx, summarize } from './compile.ts';
export type { CheckResult, CompileResult, ExportResult, SummarizeResult } from './compile.ts';
export { optimize } from './optimize.ts';
export type { GraphCosts, LayerChange, OptimizeOptions, OptimizeResult, Stage } from './optimize.ts';
export { drawProgram as drawGraph, explainProgram as explain, PICTURE_FORMATS } from './views.ts';
export type { DrawOptions, DrawResult, ExplainOptions, ExplainResult, PictureFormat } from './views.ts';
export { passes } from './passes/index.ts';
export { PassFailure } from './passes/pass.ts';
export { ALL_TARGETS as TARGETS } from './options.ts';
export type { CompileOptions, SourceOptions } from './options.ts';
export { groupSummary } from './summary.ts';
export type { LayerSummary, Summary } from './summary.ts';
export { version } from './version.ts';
export type { Graph } from './ir/graph.ts';
export type { Diagnostic, Label, Severity } from '../grammar/diagnostic.ts';
export type { Span } from '../grammar/source.ts';
