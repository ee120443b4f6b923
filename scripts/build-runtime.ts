// runtime/ ⇒ compiler/bundle/runtime-text.ts: the readable text that bundles contain, kept in the repository
// so that the compiler needs neither files nor a bundler. Every bundle has the core; a part is added where
// it is used, and finds in `runtime` what it shares with the core.
//
//   node scripts/build-runtime.ts
import { writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '..');
export const RUNTIME_TEXT = join(ROOT, 'compiler/bundle/runtime-text.ts');

const PARTS = {
  coreText: { entry: 'runtime/bundle.ts', plugins: [] },
  webgpuText: { entry: 'runtime/webgpu/index.ts', plugins: [sharedWithCore()] },
  selfTestText: { entry: 'runtime/self-test/index.ts', plugins: [sharedWithCore()] },
  sizesText: { entry: 'runtime/sizes/index.ts', plugins: [sharedWithCore()] },
  pageText: { entry: 'runtime/page/index.ts', plugins: [] },
  picturesText: { entry: 'runtime/image/index.ts', plugins: [sharedWithCore()] },
};

/** Modules of the core that parts use; runtime/bundle.ts exports what they need of them. */
function sharedWithCore(): Plugin {
  const shared = new Set(['errors.ts', 'container.ts', 'items.ts', 'kind-of.ts', 'targets.ts']);
  return {
    name: 'shared with the core',
    setup({ onResolve }) {
      onResolve({ filter: /^\.\.\/[^/]+$/ }, ({ path }) =>
        shared.has(basename(path)) ? { path: 'core', external: true } : undefined,
      );
    },
  };
}

/** The body of a function that returns what the entry exports. */
async function bodyOf({ entry, plugins }: (typeof PARTS)[keyof typeof PARTS]): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    plugins,
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
  });
  return outputFiles[0]!.text
    .replaceAll(/^ *\/\/ .*\n/gm, '')
    .replaceAll(
      /^import \{([^}]*)\} from "core";$/gm,
      (_, names: string) => `const {${names.replaceAll(' as ', ': ')}} = runtime;`,
    )
    .replace(/^export \{([^}]*)\};\n$/m, (_, names: string) => `return {${names}};\n`);
}

/** What compiler/bundle/runtime-text.ts should hold. */
export async function buildRuntimeText(): Promise<string> {
  const texts = Object.entries(PARTS).map(async ([name, part]) => {
    const literal = (await bodyOf(part)).replaceAll(/[\\`]|\$(?=\{)/g, (character) => `\\${character}`);
    return `/** The body of a function that returns what ${part.entry} exports. */\nexport const ${name} = \`\\\n${literal}\`;\n`;
  });
  return ['// Generated from runtime/ by scripts/build-runtime.ts.\n', ...(await Promise.all(texts))].join(
    '\n',
  );
}

if (import.meta.main) writeFileSync(RUNTIME_TEXT, await buildRuntimeText());
