// CST → AST for arguments, which parameters of blocks are read as, too.
import type { Argument } from './ast.ts';
import { buildExpression, identifier } from './build-expression.ts';
import { buildList } from './build-list.ts';
import type * as cst from './cst.d.ts';
import { first, placeOf } from './cst-pieces.ts';
import type { Reporter } from './reporter.ts';
import { spanOver } from './source.ts';
import * as say from './syntax-errors.ts';

export function buildArguments({ children }: cst.ArgsCstNode, reporter: Reporter): Argument[] {
  const args = buildList<cst.ArgumentCstNode, Argument>(
    {
      elements: children.argument,
      commas: children.Comma,
      strays: children.NotInList,
      closer: first(children.CloseParen),
      build: (node) => buildArgument(node, reporter),
      join: namedByNeighbour,
    },
    reporter,
  );
  const named = args.findIndex(({ name }) => name !== undefined);
  const late = named < 0 ? undefined : args.find(({ name }, at) => at > named && name === undefined);
  if (late) reporter.report(say.positionalAfterNamed(late.span, args[named]!.span));
  return args;
}

/** `stride 2` can only mean `stride=2`. */
function namedByNeighbour(left: Argument, right: Argument): Argument | undefined {
  const isBareName = left.name === undefined && left.value.kind === 'name' && left.value.field === undefined;
  if (!isBareName || right.name !== undefined || left.value.kind !== 'name') return undefined;
  return {
    kind: 'argument',
    name: left.value.name,
    value: right.value,
    span: spanOver(left.span, right.span),
  };
}

function buildArgument(node: cst.ArgumentCstNode, reporter: Reporter): Argument {
  const name = first(node.children.Name);
  const expression = first(node.children.expression);
  const equals = first(node.children.Equals);
  const span = placeOf(node, reporter, reporter.span(0, 0));
  if (name === undefined)
    return { kind: 'argument', value: buildExpression(expression, span, reporter), span };
  if (expression === undefined && equals !== undefined && !node.recoveredNode) {
    reporter.report(say.missingAfter(reporter.over(name, equals), 'a value'));
  }
  return {
    kind: 'argument',
    name: identifier(name, reporter),
    value: buildExpression(expression, span, reporter),
    span,
  };
}
