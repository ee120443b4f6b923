// A program and the files that it uses → what is declared in each.
import type { Argument, Block, Default, Program, Use } from '../../grammar/ast.ts';
import { parse } from '../../grammar/index.ts';
import { sourceFile, type Span } from '../../grammar/source.ts';
import { INPUT_ARGS } from '../ops/input.ts';
import { KEYWORDS } from '../ops/index.ts';
import { didYouMean } from '../support/suggest.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { BlockDeclaration, FileScope } from './scope.ts';

/** Gives the bytes of a file; throws when there is none. */
export type Read = (path: string) => Promise<Uint8Array>;

export interface LoadedProgram {
  readonly program: Program;
  readonly file: FileScope;
}

/** The language version that this compiler knows. */
const VERSION = 1;

/** Reads `path` (or takes `text`) and, through `read`, every file that it uses. */
export async function loadProgram(
  text: string,
  path: string,
  read: Read | undefined,
  diagnostics: Diagnostics,
): Promise<LoadedProgram> {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const loading: string[] = [];
  const loaded = new Map<string, LoadedProgram>();
  return load(text, path);

  async function load(source: string, at: string): Promise<LoadedProgram> {
    const parsed = parse(sourceFile(source, at));
    diagnostics.list.push(...parsed.diagnostics);
    loading.push(at);
    const blocks = new Map<string, BlockDeclaration>();
    const defaults = declareDefaults(parsed.program, diagnostics);
    const file: FileScope = { blocks, defaults };
    for (const statement of parsed.program.statements) {
      if (statement.kind !== 'use') continue;
      const used = await follow(statement, at);
      for (const [name, declaration] of used?.file.blocks ?? []) declare(name, declaration, statement.span);
    }
    for (const statement of parsed.program.statements)
      if (statement.kind === 'block')
        declare(statement.name.text, { block: statement, file }, statement.name.span);
    checkBlocks(
      [...blocks.values()].filter((declaration) => declaration.file === file),
      diagnostics,
    );
    checkVersion(parsed.program, diagnostics);
    loading.pop();
    return { program: parsed.program, file };

    function declare(name: string, declaration: BlockDeclaration, span: Span): void {
      const before = blocks.get(name);
      if (before?.block === declaration.block) return;
      if (before) {
        diagnostics.report('E035', span, `block ${name} is already defined`, {
          related: [{ span: before.block.name.span, text: 'here' }],
        });
      } else if (KEYWORDS.has(name)) {
        diagnostics.report('E035', span, `${name} is an operator; a block needs another name`);
      } else {
        blocks.set(name, declaration);
      }
    }
  }

  async function follow({ path: { value, span } }: Use, from: string): Promise<LoadedProgram | undefined> {
    const wrong = (message: string, help?: string): undefined => {
      diagnostics.report('E049', span, message, { help });
    };
    const target = resolvePath(from, value);
    if (target === undefined || !target.startsWith(folder))
      return wrong(`'${value}' lies outside the program's folder`, 'copy it beside the program');
    if (loading.includes(target)) return wrong(`'${value}' uses this file in turn`);
    const known = loaded.get(target);
    if (known) return known;
    if (!read) return wrong(`'${value}' cannot be read: this compilation was given no way to read files`);
    let bytes: Uint8Array;
    try {
      bytes = await read(target);
    } catch {
      return wrong(`'${value}' cannot be read`, `it should lie at ${target}`);
    }
    const result = await load(new TextDecoder().decode(bytes), target);
    loaded.set(target, result);
    return result;
  }
}

/** `a/b/../c` relative to the folder of `from`; undefined when it climbs above where it can. */
function resolvePath(from: string, relative: string): string | undefined {
  if (/^([/\\]|[A-Za-z]+:)/.test(relative) || relative.includes('\\')) return undefined;
  const parts = from.split('/').slice(0, -1);
  for (const part of relative.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '.' && part !== '') {
      parts.push(part);
    }
  }
  return parts.join('/');
}

function checkVersion({ version }: Program, diagnostics: Diagnostics): void {
  if (!version || version.value === VERSION) return;
  diagnostics.report(
    'E052',
    version.span,
    `this compiler knows version ${VERSION} of the language, not ${version.value}`,
  );
}

/** Defaults by operator and argument. They stand before all blocks and chains. */
function declareDefaults({ statements }: Program, diagnostics: Diagnostics): FileScope['defaults'] {
  const defaults = new Map<string, Map<string, Argument>>();
  let late = false;
  for (const statement of statements) {
    if (statement.kind === 'block' || statement.kind === 'chain-statement') late = true;
    if (statement.kind !== 'default') continue;
    if (late)
      diagnostics.report('E038', statement.span, 'a default stands before all blocks and chains', {
        help: 'move it to the top: it holds for the whole file',
      });
    declareDefault(statement, defaults, diagnostics);
  }
  return defaults;
}

function declareDefault(
  { op, args }: Default,
  defaults: Map<string, Map<string, Argument>>,
  diagnostics: Diagnostics,
): void {
  const specs = op.text === 'INPUT' ? INPUT_ARGS : KEYWORDS.get(op.text)?.args;
  if (!specs) {
    diagnostics.report(
      'E030',
      op.span,
      `unknown operator '${op.text}'${didYouMean(op.text, KEYWORDS.keys())}`,
    );
    return;
  }
  const known = defaults.get(op.text) ?? new Map<string, Argument>();
  defaults.set(op.text, known);
  for (const argument of args) {
    const name = argument.name?.text;
    if (name === undefined) {
      diagnostics.report('E031', argument.span, 'a default names its attributes', {
        help: `write default ${op.text}(${Object.keys(specs)[0] ?? '…'}=…)`,
      });
    } else if (!Object.hasOwn(specs, name)) {
      diagnostics.report(
        'E032',
        argument.name!.span,
        `${op.text} has no attribute '${name}'${didYouMean(name, Object.keys(specs))}`,
      );
    } else if (known.has(name)) {
      diagnostics.report('E036', argument.span, `${op.text}'s ${name} has a default already`, {
        related: [{ span: known.get(name)!.span, text: 'here' }],
      });
    } else {
      known.set(name, argument);
    }
  }
}

/** No block uses itself, and no parameter is called like a word that attributes take. */
function checkBlocks(declarations: readonly BlockDeclaration[], diagnostics: Diagnostics): void {
  const words = new Set(
    [...KEYWORDS.values()].flatMap(({ args }) => Object.values(args).flatMap((arg) => arg.words ?? [])),
  );
  for (const { block } of declarations) {
    for (const { name } of block.params) {
      if (words.has(name.text))
        diagnostics.report(
          'E035',
          name.span,
          `'${name.text}' is a word that attributes take; call the parameter otherwise`,
        );
    }
  }
  reportRecursion(declarations, diagnostics);
}

function reportRecursion(declarations: readonly BlockDeclaration[], diagnostics: Diagnostics): void {
  const byName = new Map(declarations.map(({ block }) => [block.name.text, block]));
  const state = new Map<Block, 'open' | 'done'>();
  for (const { block } of declarations) visit(block);

  /** Depth-first with a stack of our own: a chain of blocks may be long. */
  function visit(root: Block): void {
    const stack: { block: Block; calls: Iterator<{ name: string; span: Span }> }[] = [];
    open(root);
    while (stack.length > 0) {
      const { block, calls } = stack.at(-1)!;
      const next = calls.next();
      if (next.done) {
        state.set(block, 'done');
        stack.pop();
        continue;
      }
      const callee = byName.get(next.value.name);
      if (!callee) continue;
      if (state.get(callee) === 'open')
        diagnostics.report('E048', next.value.span, `block ${callee.name.text} uses itself`, {
          help: 'repeat it with *N instead',
          related: [{ span: callee.name.span, text: 'the block' }],
        });
      else open(callee);
    }
    function open(block: Block): void {
      if (state.has(block)) return;
      state.set(block, 'open');
      stack.push({ block, calls: callsIn(block.body) });
    }
  }
}

/** Every operator and block that a chain names, at any depth. */
function* callsIn(chain: Block['body']): Generator<{ name: string; span: Span }> {
  for (const { primary } of chain.items) {
    if (primary.kind === 'call') yield { name: primary.name.text, span: primary.name.span };
    else if (primary.kind === 'group') yield* callsIn(primary.chain);
    else if (primary.kind === 'branch') for (const arm of primary.arms) yield* callsIn(arm);
  }
}
