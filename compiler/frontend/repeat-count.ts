import type { Repeat } from '../../grammar/ast.ts';
import type { Diagnostics } from './diagnostics.ts';
import { spanText } from '../../grammar/source.ts';
import { evaluate, NoValue, reportNoValue, unknownName } from './expression.ts';
import type { Scope } from './scope.ts';

/** How many turns a repeat has; undefined when that cannot be said, which is reported. */
export function repeatCount(
  { count, span }: Repeat,
  scope: Scope,
  diagnostics: Diagnostics,
): number | undefined {
  try {
    const value = evaluate(count, scope, () => {
      throw new NoValue({
        code: 'E025',
        span: count.span,
        message: 'a repeat count cannot depend on the size of a value',
        help: 'sizes are worked out after repeats: pass the count as a parameter of the block',
      });
    });
    if (value.kind === 'number' && Number.isInteger(value.value) && value.value >= 0) return value.value;
    const unknown = unknownName(count, scope, value);
    const text = spanText(count.span);
    const shown = value.kind === 'number' ? `, not ${value.value}` : `, not '${text}'`;
    diagnostics.report(
      'E025',
      unknown?.span ?? span,
      unknown?.message ?? `a repeat count must be a whole number of at least 0${shown}`,
      { help: 'write a number, a parameter, or an expression in parentheses: [CONV]*(n - 1)' },
    );
  } catch (error) {
    reportNoValue(error, scope, diagnostics);
  }
  return undefined;
}
