// A program and the files that it uses → what is declared in each.
import type { Program, Use } from '../../grammar/ast.ts';
import { parse } from '../../grammar/index.ts';
import { sourceFile, type Span } from '../../grammar/source.ts';
import { checkBlocks } from './check-blocks.ts';
import { checkNames } from './check-names.ts';
import { declareDefaults } from './declare-defaults.ts';
import type { Diagnostics } from './diagnostics.ts';
import { isFolder, projectPath } from './project-path.ts';
import { NO_FILE, readText, type Read } from './read-text.ts';
import type { BlockDeclaration, FileScope } from './scope.ts';

export interface LoadedProgram {
  readonly program: Program;
  readonly file: FileScope;
}

/** The language version that this compiler knows. */
const VERSION = 1;

/** Files may be made up as they are asked for, without end. */
const MAX_FILES = 1000;

/** Reads `path` (or takes `text`) and, through `read`, every file that it uses. */
export async function loadProgram(
  text: string,
  path: string,
  read: Read | undefined,
  diagnostics: Diagnostics,
): Promise<LoadedProgram> {
  const loading: string[] = [];
  const loaded = new Map<string, LoadedProgram>();
  let files = 0;
  return load(text, path);

  async function load(source: string, at: string): Promise<LoadedProgram> {
    const parsed = parse(sourceFile(source, at));
    diagnostics.addParsed(parsed.diagnostics);
    loading.push(at);
    const blocks = new Map<string, BlockDeclaration>();
    const defaults = declareDefaults(parsed.program, diagnostics);
    const { meaningless } = parsed.program;
    const file: FileScope & { isIncomplete: boolean } = {
      blocks,
      defaults,
      isIncomplete: false,
      meaningless,
    };
    for (const statement of parsed.program.statements) {
      if (statement.kind !== 'use') continue;
      const used = await follow(statement, at);
      file.isIncomplete ||= used?.file.isIncomplete ?? true;
      for (const [name, declaration] of used?.file.blocks ?? []) declare(name, declaration, statement.span);
    }
    for (const statement of parsed.program.statements)
      if (statement.kind === 'block')
        declare(statement.name.text, { block: statement, file }, statement.name.span);
    checkBlocks(
      [...blocks.values()].filter((declaration) => declaration.file === file),
      diagnostics,
    );
    checkNames(parsed.program, diagnostics);
    checkVersion(parsed.program, diagnostics);
    loading.pop();
    return { program: parsed.program, file };

    function declare(name: string, declaration: BlockDeclaration, span: Span): void {
      const before = blocks.get(name);
      if (before?.block === declaration.block) return;
      if (before) {
        diagnostics.report('E035', span, `block ${name} is already defined`, {
          related: [{ span: before.block.name.span, text: 'the other one' }],
        });
        blocks.set(name, { ...before, isAmbiguous: true });
      } else {
        blocks.set(name, declaration);
      }
    }
  }

  async function follow({ path: { value, span } }: Use, from: string): Promise<LoadedProgram | undefined> {
    const wrong = (message: string, help?: string): undefined => {
      diagnostics.report('E049', span, message, { help });
    };
    if (isFolder(value)) return wrong(`'${value}' is not the name of a file`, 'write use "blocks.cnn"');
    const target = projectPath(path, from, value);
    if (target === undefined)
      return wrong(`'${value}' lies outside the program's folder`, 'copy it beside the program');
    if (loading.includes(target)) return wrong(`'${value}' uses this file in turn`);
    const known = loaded.get(target);
    if (known) return known;
    if (++files > MAX_FILES) return files === MAX_FILES + 1 ? tooMany(span) : undefined;
    if (!read) return wrong(`'${value}' cannot be read: this compilation was given no way to read files`);
    const found = await readText(read, target);
    if ('reason' in found)
      return wrong(
        `'${value}' cannot be read: ${found.reason}`,
        found.reason === NO_FILE ? `it should lie at ${target}` : undefined,
      );
    const result = await load(found.text, target);
    loaded.set(target, result);
    return result;
  }

  function tooMany(span: Span): undefined {
    const most = MAX_FILES.toLocaleString('en');
    diagnostics.report('E053', span, `the program uses more than ${most} files`, {
      help: 'put blocks that belong together into one file',
    });
  }
}

function checkVersion({ version }: Program, diagnostics: Diagnostics): void {
  if (!version || version.value === VERSION) return;
  diagnostics.report(
    'E052',
    version.span,
    `this compiler knows version ${VERSION} of the language, not ${version.value}`,
    { help: `write cnn ${VERSION}, or take a newer compiler` },
  );
}
