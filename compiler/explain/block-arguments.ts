import type { Call } from '../../grammar/ast.ts';
import { formatExpression } from '../../grammar/format-expression.ts';
import { evaluate, NoValue, type ValueOf } from '../frontend/expression.ts';
import type { BlockTree } from '../frontend/instance.ts';
import type { Bound } from '../frontend/scope.ts';
import type { Written } from '../ops/argument.ts';
import { mentions, type Gone } from './arguments.ts';

/** The arguments of a use of a block, one for each parameter, and which of them nobody wrote. */
export function blockArguments(
  { call, declaration, parameters }: BlockTree,
  gone: Gone,
  valueOf: ValueOf,
): { readonly args: readonly string[]; readonly defaulted: readonly string[] } {
  const defaulted: string[] = [];
  const args = declaration.block.params.map(({ name }) => {
    const bound = parameters.get(name.text)!; // a use without all of its parameters is no tree
    const isWritten = wrote(call, bound);
    if (!isWritten) defaulted.push(name.text);
    return isWritten && !mentions(bound.expression, gone)
      ? formatExpression(bound.expression)
      : (evaluated(bound, valueOf) ?? formatExpression(bound.expression));
  });
  return { args, defaulted };
}

const wrote = ({ args = [] }: Call, { expression }: Bound): boolean =>
  args.some(({ value }) => value === expression);

function evaluated({ expression, scope }: Bound, valueOf: ValueOf): string | undefined {
  try {
    return show(evaluate(expression, scope, valueOf));
  } catch (error) {
    if (error instanceof NoValue) return undefined;
    throw error;
  }
}

/** A value as it would be written. */
function show(written: Written): string {
  switch (written.kind) {
    case 'number':
      return String(written.value);
    case 'sizes':
      return written.sizes.map((size) => size ?? '?').join('x');
    case 'word':
      return written.text;
    case 'string':
      return JSON.stringify(written.text);
    case 'tuple':
      return `(${written.elements.map(show).join(', ')})`;
    case 'value':
      return written.name;
  }
}
