// CST → AST, one statement at a time. Where the parser recovered, parts of a node may be missing: they
// become `error` nodes, and nothing more is said about them.
import type { IToken } from 'chevrotain';
import type { Argument, Block, Default, Parameter, Program, Statement, Use } from './ast.ts';
import { buildChain, type NextStretch } from './build-chain.ts';
import { buildArguments } from './build-arguments.ts';
import { identifier } from './build-expression.ts';
import { buildString } from './build-literal.ts';
import { isBlockName } from './block-name.ts';
import type * as cst from './cst.d.ts';
import { first, placeOf } from './cst-pieces.ts';
import type { Reporter } from './reporter.ts';
import type { Span } from './source.ts';
import * as say from './syntax-errors.ts';

/** What a statement is: one of the tree, the version of the language, or nothing that can be used. */
export type BuiltStatement =
  Statement | { readonly kind: 'version'; readonly version: NonNullable<Program['version']> };

interface Read {
  readonly tree: cst.StatementCstNode;
  readonly goesOn: NextStretch;
  readonly span: Span;
}

export function buildStatement(
  { tree: { children }, goesOn, span }: Read,
  reporter: Reporter,
): BuiltStatement | undefined {
  const version = first(children.version);
  if (version) return buildVersion(version, span, reporter);
  const use = first(children.use);
  if (use) return buildUse(use, span, reporter);
  const defaults = first(children.default);
  if (defaults) return buildDefault(defaults, span, reporter);
  const block = first(children.block);
  if (block) return buildBlock(block, goesOn, span, reporter);
  const chain = buildChain(first(children.chain), span, reporter, goesOn);
  return chain.items.length === 0 ? undefined : { kind: 'chain-statement', chain, span };
}

function buildVersion(
  { children }: cst.VersionCstNode,
  span: Span,
  reporter: Reporter,
): BuiltStatement | undefined {
  const number = first(children.Integer);
  if (number === undefined) {
    reporter.report(say.missingAfter(reporter.over(children.Cnn[0]!), 'the version, 1,', 'write cnn 1'));
    return undefined;
  }
  return { kind: 'version', version: { value: Number(number.image), span } };
}

function buildUse({ children }: cst.UseCstNode, span: Span, reporter: Reporter): Use | undefined {
  const text = first(children.Text);
  if (text === undefined) {
    reporter.report(
      say.missingAfter(reporter.over(children.Use[0]!), 'a file in quotes', 'write use "blocks.cnn"'),
    );
    return undefined;
  }
  const path = buildString(text, reporter);
  return path.kind === 'error' ? undefined : { kind: 'use', path, span };
}

function buildDefault({ children }: cst.DefaultCstNode, span: Span, reporter: Reporter): Default | undefined {
  const place = reporter.over(children.Default[0]!);
  const name = first(children.Name);
  const args = first(children.args);
  if (name === undefined) {
    reporter.report(say.missingName(place, 'an operator'));
    return undefined;
  }
  if (args === undefined) {
    const help = `write default ${name.image}(attribute=value)`;
    reporter.report(say.missingAfter(reporter.over(name), 'attributes in parentheses', help));
  }
  return {
    kind: 'default',
    op: identifier(name, reporter),
    args: args ? buildArguments(args, reporter) : [],
    span,
  };
}

function buildBlock(
  { children }: cst.BlockCstNode,
  goesOn: NextStretch,
  span: Span,
  reporter: Reporter,
): Block | undefined {
  const keyword = children.Block[0]!;
  const name = first(children.Name);
  const args = first(children.args);
  const head = placeOf(args, reporter, reporter.over(name ?? keyword));
  if (name === undefined) reporter.report(say.missingName(reporter.over(keyword), 'the name of the block'));
  else checkCamelCase(name, reporter);
  const params = args ? buildArguments(args, reporter).flatMap((arg) => parameter(arg, reporter)) : [];
  const body = buildChain(first(children.chain), reporter.span(span.end, span.end), reporter, goesOn);
  if (first(children.Equals) === undefined)
    reporter.report(say.missingAfter({ ...head, start: (name ?? keyword).startOffset }, "'='"));
  else if (body.items.length === 0 && !reporter.hasReportedIn(span)) reporter.report(say.emptyBlock(span));
  return name && { kind: 'block', name: identifier(name, reporter), params, body, span };
}

function checkCamelCase(name: IToken, reporter: Reporter): void {
  if (isBlockName(name.image)) return;
  const suggestion = name.image.charAt(0).toUpperCase() + name.image.slice(1).toLowerCase();
  const isUsable = isBlockName(suggestion);
  const isCapitals = /^[A-Z]/.test(name.image);
  const rule = `${isCapitals ? 'capitals alone are for operators: ' : ''}a block has a name in camel case`;
  reporter.report(say.wrongCase(reporter.over(name), rule, isUsable ? suggestion : `Block${suggestion}`));
}

/** Parameters are read as arguments: `p` is a positional one, `q=1` a named one. */
function parameter({ name, value, span }: Argument, reporter: Reporter): Parameter[] {
  const parameterName = name ?? (value.kind === 'name' && value.field === undefined ? value.name : undefined);
  if (parameterName === undefined) {
    if (value.kind !== 'error') reporter.report(say.expected(span, 'the name of a parameter'));
    return [];
  }
  if (!/^[a-z_]/.test(parameterName.text)) {
    const suggestion = parameterName.text.toLowerCase();
    reporter.report(say.wrongCase(parameterName.span, 'a parameter has a lower-case name', suggestion));
  }
  return [{ name: parameterName, ...(name && { default: value }), span }];
}
