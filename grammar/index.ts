/** The language as text: what every other part of the compiler may use of it. */
export { parse, type Parsed } from './parse.ts';
export { LARGEST_FILE } from './readable.ts';
export { format } from './format.ts';
export { syntaxCodes, type SyntaxCode } from './syntax-codes.ts';
export * from './ast.ts';
export {
  compactDiagnostic,
  jsonDiagnostic,
  renderDiagnostic,
  type JsonDiagnostic,
  type RenderOptions,
} from './render.ts';
export { isError, type Diagnostic, type Label, type Severity } from './diagnostic.ts';
export * from './source.ts';
