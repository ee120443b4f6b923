// Names that a program gives: none may hide what the language has named already.
import type { Chain, Expression, Identifier, Program } from '../../grammar/ast.ts';
import type { Diagnostics } from './diagnostics.ts';
import { ARGUMENT_WORDS } from './argument-words.ts';

/** What has a name from the start. */
const TAKEN: ReadonlyMap<string, string> = new Map([
  ['in', 'the value that a block works on'],
  ['_', 'the value that flows in'],
]);

/** Says when a name cannot be given. Values may be called like words: `RELU as relu` is a path of its own. */
export function checkNewName(
  { text, span }: Identifier,
  what: 'value' | 'parameter' | 'index',
  diagnostics: Diagnostics,
): void {
  const taken = TAKEN.get(text);
  if (taken !== undefined)
    diagnostics.report('E035', span, `'${text}' is ${taken}; call the ${what} otherwise`);
  else if (what !== 'value' && ARGUMENT_WORDS.has(text))
    diagnostics.report('E035', span, `'${text}' is a word that attributes take; call the ${what} otherwise`);
}

/** Looks at every `as` and `with`, also in blocks that nobody uses. */
export function checkNames({ statements }: Program, diagnostics: Diagnostics): void {
  for (const statement of statements) {
    if (statement.kind === 'block') checkChain(statement.body, diagnostics);
    if (statement.kind === 'chain-statement') checkChain(statement.chain, diagnostics);
  }
}

function checkChain({ items }: Chain, diagnostics: Diagnostics): void {
  for (const { primary, repeat, as } of items) {
    if (as) checkNewName(as, 'value', diagnostics);
    if (repeat?.index) checkNewName(repeat.index, 'index', diagnostics);
    if (primary.kind === 'group') checkChain(primary.chain, diagnostics);
    if (primary.kind === 'branch') for (const arm of primary.arms) checkChain(arm, diagnostics);
  }
}

/** The names that an expression uses, but those of sizes. */
export function* namesIn(expression: Expression): Generator<Identifier> {
  if (expression.kind === 'name' && !expression.field) yield expression.name;
  if (expression.kind === 'negation') yield* namesIn(expression.operand);
  if (expression.kind === 'tuple') for (const element of expression.elements) yield* namesIn(element);
  if (expression.kind !== 'binary') return;
  yield* namesIn(expression.left);
  yield* namesIn(expression.right);
}
