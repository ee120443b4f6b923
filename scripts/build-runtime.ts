// runtime/bundle.ts and all it imports ⇒ compiler/bundle/runtime-text.ts: the readable text that every
// bundle contains, kept in the repository so that the compiler needs neither files nor a bundler.
//
//   node scripts/build-runtime.ts
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '..');
export const RUNTIME_TEXT = join(ROOT, 'compiler/bundle/runtime-text.ts');

/** What compiler/bundle/runtime-text.ts should hold. */
export async function buildRuntimeText(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['runtime/bundle.ts'],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
  });
  const body = outputFiles[0]!.text
    .replaceAll(/^ *\/\/ .*\n/gm, '')
    .replace(/^export \{([^}]*)\};\n$/m, (_, names: string) => `return {${names}};\n`);
  const literal = body.replaceAll(/[\\`]|\$(?=\{)/g, (character) => `\\${character}`);
  return [
    '// Generated from runtime/bundle.ts by scripts/build-runtime.ts.',
    '',
    '/** The body of a function that returns what runtime/bundle.ts exports. */',
    `export const runtimeText = \`\\\n${literal}\`;`,
    '',
  ].join('\n');
}

if (import.meta.main) writeFileSync(RUNTIME_TEXT, await buildRuntimeText());
