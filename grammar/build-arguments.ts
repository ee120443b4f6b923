// CST → AST for arguments, which parameters of blocks are read as, too.
import type { Argument } from './ast.ts';
import { buildExpression, identifier } from './build-expression.ts';
import { buildList, type Joined } from './build-list.ts';
import type * as cst from './cst.d.ts';
import { first, placeOf } from './cst-pieces.ts';
import type { Reporter } from './reporter.ts';
import { spanOver, spanText } from './source.ts';
import * as say from './syntax-errors.ts';

export function buildArguments({ children }: cst.ArgsCstNode, reporter: Reporter): Argument[] {
  const args = buildList<cst.ArgumentCstNode, Argument>(
    {
      elements: children.argument,
      commas: children.Comma,
      strays: children.NotInList,
      closer: first(children.CloseParen),
      build: (node) => buildArgument(node, reporter),
      join: joinedNeighbours,
    },
    reporter,
  );
  const named = args.findIndex(({ name }) => name !== undefined);
  const late = named < 0 ? undefined : args.find(({ name }, at) => at > named && name === undefined);
  if (late) reporter.report(say.positionalAfterNamed(late.span, args[named]!.span));
  return args;
}

/** `stride 2` can only mean `stride=2`; `CONV(64)` is no value. */
function joinedNeighbours(left: Argument, right: Argument): Joined<Argument> | undefined {
  if (right.name !== undefined || left.value.kind !== 'name') return undefined;
  const span = spanOver(left.span, right.span);
  const [name, value] = [spanText(left.span), spanText(right.span)];
  if (value.startsWith('(') && left.span.end === right.span.start)
    return {
      built: { ...left, value: { kind: 'error', span }, span },
      diagnostic: say.callInList(spanOver(left.value.span, right.span)),
    };
  if (left.name !== undefined || left.value.field !== undefined) return undefined;
  return {
    built: { kind: 'argument', name: left.value.name, value: right.value, span },
    diagnostic: say.missingComma(right.span, `write ${name}=${value}, or put ',' between them`),
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
