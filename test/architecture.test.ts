// Who may import whom: the layers of the tree as a table, checked against every import edge there is.
import { readFileSync, globSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');

/** What each folder may import besides itself. A key stands for its whole folder, the longest key wins. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  grammar: [],
  runtime: [],
  'compiler/support': [],
  'compiler/tensor': ['compiler/support'],
  'compiler/scalar': ['compiler/support', 'compiler/tensor'],
  'compiler/ops': ['runtime/program.ts', 'compiler/support', 'compiler/tensor', 'compiler/scalar'],
  'compiler/ir': [
    'grammar/source.ts',
    'runtime/program.ts',
    'compiler/support',
    'compiler/tensor',
    'compiler/scalar',
    'compiler/ops',
  ],
  'compiler/frontend': [
    'grammar',
    'runtime/program.ts',
    'runtime/random-inputs.ts',
    'compiler/support',
    'compiler/tensor',
    'compiler/scalar',
    'compiler/ops',
    'compiler/ir',
  ],
  'compiler/import': [
    'runtime/program.ts',
    'compiler/frontend/weights/elements.ts',
    'compiler/support',
    'compiler/tensor',
    'compiler/ops',
    'compiler/ir',
  ],
  // Graphs said in the language.
  'compiler/raise': [
    'grammar',
    'runtime/program.ts',
    'compiler/support',
    'compiler/tensor',
    'compiler/ops',
    'compiler/ir',
    'compiler/passes',
    'compiler/frontend',
  ],
  'compiler/dense': [
    'runtime/program.ts',
    'compiler/support',
    'compiler/tensor',
    'compiler/ops',
    'compiler/ir',
  ],
  // The program printed again, and drawn.
  'compiler/explain': ['grammar', 'compiler/support', 'compiler/ops', 'compiler/ir', 'compiler/frontend'],
  'compiler/picture': [
    'grammar',
    'compiler/support',
    'compiler/tensor',
    'compiler/ops',
    'compiler/ir',
    'compiler/frontend',
  ],
  'compiler/passes': [
    'compiler/support',
    'compiler/tensor',
    'compiler/scalar',
    'compiler/ops',
    'compiler/ir',
  ],
  'compiler/plan': ['compiler/support', 'compiler/tensor', 'compiler/scalar', 'compiler/ops', 'compiler/ir'],
  'compiler/codegen': [
    'grammar/source.ts',
    'runtime/program.ts',
    'runtime/webgpu/plan.ts',
    'runtime/webgpu/variants.ts',
    'compiler/support',
    'compiler/tensor',
    'compiler/scalar',
    'compiler/ops',
    'compiler/ir',
    'compiler/plan',
  ],
  'compiler/bundle': [
    'runtime',
    'compiler/support',
    'compiler/tensor',
    'compiler/ops',
    'compiler/ir',
    'compiler/plan',
    'compiler/codegen',
  ],
  'compiler/export': ['compiler/support', 'compiler/tensor', 'compiler/ops', 'compiler/ir'],
  // What a bundle computes, compared with an oracle.
  'compiler/verification': [
    'runtime/program.ts',
    'runtime/random-inputs.ts',
    'runtime/tolerance.ts',
    'compiler/frontend/weights/elements.ts',
    'compiler/tensor',
    'compiler/ops',
    'compiler/ir',
  ],
  // The pipeline itself: compile.ts, index.ts and their neighbours know every layer but the CLI.
  compiler: [
    'grammar',
    'runtime',
    'compiler/support',
    'compiler/tensor',
    'compiler/scalar',
    'compiler/ops',
    'compiler/ir',
    'compiler/frontend',
    'compiler/explain',
    'compiler/picture',
    'compiler/dense',
    'compiler/passes',
    'compiler/plan',
    'compiler/codegen',
    'compiler/bundle',
    'compiler/export',
    'compiler/import',
    'compiler/raise',
    'compiler/verification',
  ],
  // Arrays are read by the same code as weights, and what is misspelled is answered alike.
  'compiler/cli': [
    'grammar',
    'runtime',
    'compiler/index.ts',
    'compiler/frontend/weights/npy.ts',
    'compiler/support/bytes.ts',
    'compiler/support/quoted.ts',
    'compiler/support/refusal.ts',
    'compiler/support/suggest.ts',
  ],
  examples: ['compiler/index.ts', 'runtime/index.ts'],
};

/** Layers that also run in a page. */
const WITHOUT_NODE = (file: string): boolean =>
  /^(grammar|compiler|runtime)\//.test(file) && !file.startsWith('compiler/cli/');

interface Module {
  readonly file: string;
  /** As written: `./graph.ts`, `node:fs`. */
  readonly specifiers: readonly string[];
  readonly makesCode: boolean;
}

/** Imports of every kind (static, re-exports, dynamic, of types), and whether code is made from strings. */
function readModule(file: string): Module {
  const { program, errors } = parseSync(file, readFileSync(join(ROOT, file), 'utf8'));
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`);
  const specifiers: string[] = [];
  let makesCode = false;
  new Visitor({
    ImportDeclaration: ({ source }) => void specifiers.push(source.value),
    ExportAllDeclaration: ({ source }) => void specifiers.push(source.value),
    ExportNamedDeclaration: ({ source }) => void (source && specifiers.push(source.value)),
    ImportExpression: ({ source }) =>
      void (source.type === 'Literal' && specifiers.push(String(source.value))),
    TSImportType: ({ source }) => void specifiers.push(source.value),
    CallExpression: ({ callee }) => {
      if (callee.type === 'Identifier' && /^(eval|Function)$/.test(callee.name)) makesCode = true;
    },
    NewExpression: ({ callee }) => {
      if (callee.type === 'Identifier' && callee.name === 'Function') makesCode = true;
    },
  }).visit(program);
  return { file, specifiers, makesCode };
}

const within = (file: string, folder: string): boolean => file === folder || file.startsWith(`${folder}/`);

/** The row of the table that speaks for a file. */
const layerOf = (file: string): string | undefined =>
  Object.keys(MAY_IMPORT)
    .filter((key) => within(file, key))
    .toSorted((a, b) => b.length - a.length)[0];

/** The file a relative specifier names, from the root of the project. */
const target = (from: string, specifier: string): string =>
  relative(ROOT, resolve(ROOT, dirname(from), specifier));

function isAllowed(from: string, to: string): boolean {
  const layer = layerOf(from);
  if (layer === undefined) return false;
  const theirs = layerOf(to);
  return theirs === layer || MAY_IMPORT[layer]!.some((allowed) => to === allowed || theirs === allowed);
}

const modules = globSync('{grammar,compiler,runtime,examples}/**/*.ts', { cwd: ROOT })
  .toSorted()
  .map(readModule);
const relativeEdges = modules.flatMap(({ file, specifiers }) =>
  specifiers.filter((s) => s.startsWith('.')).map((s) => ({ from: file, to: target(file, s) })),
);

describe('the dependency rule', () => {
  test('every import goes to the left in the table of layers', () => {
    const offending = relativeEdges.filter(({ from, to }) => !isAllowed(from, to));
    expect(offending.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  test('one code generator does not know another', () => {
    const targetOf = (file: string) => /^compiler\/codegen\/([^/]+)\//.exec(file)?.[1];
    const offending = relativeEdges.filter(({ from, to }) => {
      const [mine, theirs] = [targetOf(from), targetOf(to)];
      return mine !== undefined && theirs !== undefined && mine !== theirs;
    });
    expect(offending.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  test('grammar, compiler and runtime import nothing of Node, so they run in a page', () => {
    const offending = modules
      .filter(({ file }) => WITHOUT_NODE(file))
      .flatMap(({ file, specifiers }) =>
        specifiers.filter((s) => s.startsWith('node:')).map((s) => `${file} → ${s}`),
      );
    expect(offending).toEqual([]);
  });

  test('no module makes code from strings at run time', () => {
    expect(modules.filter(({ makesCode }) => makesCode).map(({ file }) => file)).toEqual([]);
  });
});
