// What a merge joins: the arms of the branch before it, or the values and numbers that it names.
//
//   { … | … } -> ADD        ADD(skip, _)        x -> MUL(0.5)
import type { Argument, Call, Expression } from '../../grammar/ast.ts';
import { spanText } from '../../grammar/source.ts';
import { didYouMean } from '../support/suggest.ts';
import type { Diagnostics } from './diagnostics.ts';
import { POISON, type Arms, type Flow, type Literal, type Source } from './instance.ts';
import { lookUpValue, valuesInScope, type Scope } from './scope.ts';
import type { Values } from './values.ts';

/** The operands of one use of an operator, and the arguments that remain for its attributes. */
export interface Joined {
  readonly sources: readonly (Source | typeof POISON)[];
  readonly args: readonly Argument[];
  readonly literals?: readonly Literal[];
}

/** The place of a merge in the program. */
interface Merge {
  readonly call: Call;
  readonly flow: Flow | undefined;
  readonly scope: Scope;
}

/** What is wrong is reported, and poisons the merge. */
export function joined(merge: Merge, values: Values, diagnostics: Diagnostics): Joined {
  const { call, flow, scope } = merge;
  const args = (call.args ?? []).filter((arg) => arg.name !== undefined);
  const positional = (call.args ?? []).filter((arg) => arg.name === undefined);
  if (flow !== undefined && flow !== POISON && flow.kind === 'arms')
    return { sources: joinedArms(call, flow, positional[0], diagnostics), args };

  const mentionsFlow = positional.some(({ value }) => value.kind === 'name' && value.name.text === '_');
  const before = flow === undefined || mentionsFlow ? [] : [values.source(flow, call.span)];
  const literals = positional.flatMap(({ value: expression }, i) =>
    isNumeric(expression, scope) ? [{ at: before.length + i, expression }] : [],
  );
  const named = positional
    .filter(({ value }) => !isNumeric(value, scope))
    .map(({ value }) => namedValue(value, merge, values, diagnostics));
  const sources = [...before, ...named];
  const [number] = literals;
  if (number && call.name.text === 'CONCAT') {
    const { span } = number.expression;
    diagnostics.report(
      'E022',
      span,
      `CONCAT argument '${spanText(span)}' is a number, which has no channels`,
      {
        help: 'name values; numbers go into ADD, SUB, MUL and other merges of elements',
      },
    );
    return { sources: [POISON], args };
  }
  if (sources.length > 0 && sources.length + literals.length >= 2) return { sources, args, literals };
  if (!sources.includes(POISON))
    diagnostics.report('E027', call.span, `${call.name.text} needs at least two values`, {
      help: `put it after a branch { … | … }, or name the values: ${call.name.text}(name, _)`,
    });
  return { sources: [POISON], args };
}

function joinedArms(
  call: Call,
  arms: Arms,
  surplus: Argument | undefined,
  diagnostics: Diagnostics,
): Joined['sources'] {
  if (!surplus)
    return arms.values.map(({ value, span }) => (value === POISON ? POISON : { instance: value, span }));
  const message = `${call.name.text} after a branch joins its arms and takes no more values`;
  diagnostics.report('E031', surplus.span, message, {
    help: 'make the value an arm: { … | … | value }',
  });
  return [POISON];
}

function namedValue(
  value: Expression,
  { call, flow, scope }: Merge,
  values: Values,
  diagnostics: Diagnostics,
): Source | typeof POISON {
  if (value.kind === 'error') return POISON;
  const name = value.kind === 'name' && !value.field ? value.name.text : undefined;
  const found = name === '_' ? { flow } : name === undefined ? undefined : lookUpValue(scope, name);
  if (found) {
    const instance = values.single(found.flow, value.span);
    return instance === POISON ? POISON : { instance, span: value.span };
  }
  if (values.isPoison(name ?? '')) return POISON;
  const meant = didYouMean(name ?? '', valuesInScope(scope));
  const message = `${call.name.text} argument '${spanText(value.span)}' is not a value in scope${meant}`;
  diagnostics.report('E022', value.span, message, {
    help: "name a value with 'as'; _ is the value that flows in",
    ...values.outOfSight(name ?? ''),
  });
  return POISON;
}

/** Whether an argument of a merge is a number, and not a value. */
function isNumeric(expression: Expression, scope: Scope): boolean {
  switch (expression.kind) {
    case 'number':
    case 'negation':
    case 'binary':
      return true;
    case 'name': {
      const { name, field } = expression;
      return field !== undefined || (!lookUpValue(scope, name.text) && scope.parameters.has(name.text));
    }
    case 'dimensions':
    case 'string':
    case 'tuple':
    case 'error':
      return false;
  }
}
