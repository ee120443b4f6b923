// Expressions of the language, evaluated in a scope.
import type { Binary, Expression, Name } from '../../grammar/ast.ts';
import { spanText, type Span } from '../../grammar/source.ts';
import type { Value, Written } from '../ops/argument.ts';
import type { Code } from '../support/refusal.ts';
import { didYouMean } from '../support/suggest.ts';
import { showItem } from '../tensor/types.ts';
import { channelsOf, spatialOf } from '../tensor/window.ts';
import { usedHere, type Diagnostics } from './diagnostics.ts';
import type { Instance } from './instance.ts';
import { lookUpValue, valuesInScope, type Scope } from './scope.ts';
import { ARGUMENT_WORDS } from './argument-words.ts';

/** Why an expression has no value. Silent when something else is to blame and has been reported. */
export class NoValue extends Error {
  readonly complaint: { code: Code; span: Span; message: string; help?: string } | undefined;

  constructor(complaint?: NoValue['complaint']) {
    super(complaint?.message);
    this.complaint = complaint;
  }
}

const fail = (code: Code, span: Span, message: string, help?: string): never => {
  throw new NoValue({ code, span, message, ...(help !== undefined && { help }) });
};

/** Says why an expression has no value, unless something else is to blame. Throws other errors on. */
export function reportNoValue(error: unknown, { frames }: Scope, diagnostics: Diagnostics): void {
  if (!(error instanceof NoValue)) throw error;
  const { complaint } = error;
  if (complaint)
    diagnostics.report(complaint.code, complaint.span, complaint.message, {
      help: complaint.help,
      related: usedHere(frames, complaint.span),
    });
}

/** The value of an instance, once its type is known; throws `NoValue` before that and when poisoned. */
export type ValueOf = (instance: Instance, at: Span) => Value;

/** Throws `NoValue`. */
export function evaluate(expression: Expression, scope: Scope, valueOf: ValueOf): Written {
  switch (expression.kind) {
    case 'number':
      return { kind: 'number', value: expression.value };
    case 'dimensions':
      return { kind: 'sizes', sizes: expression.sizes };
    case 'string':
      return { kind: 'string', text: expression.value };
    case 'name':
      return evaluateName(expression, scope, valueOf);
    case 'negation': {
      // -2^2 is −4: the power binds tighter, and the parser has built it so.
      return { kind: 'number', value: -evaluateNumber(expression.operand, scope, valueOf) };
    }
    case 'binary':
      return { kind: 'number', value: evaluateBinary(expression, scope, valueOf) };
    case 'tuple':
      return { kind: 'tuple', elements: expression.elements.map((each) => evaluate(each, scope, valueOf)) };
    case 'error':
      throw new NoValue();
  }
}

function evaluateNumber(expression: Expression, scope: Scope, valueOf: ValueOf): number {
  const written = evaluate(expression, scope, valueOf);
  if (written.kind === 'number') return written.value;
  const unknown = unknownName(expression, scope, written);
  if (unknown) return fail(unknown.code, unknown.span, unknown.message, unknown.help);
  return fail('E039', expression.span, `'${spanText(expression.span)}' is not a number`);
}

/** What is wrong with a value that is a name which means nothing here, also where parameters passed it on. */
export function unknownName(
  expression: Expression,
  scope: Scope,
  written: Written,
): NonNullable<NoValue['complaint']> | undefined {
  if (expression.kind !== 'name' || expression.field || written.kind !== 'word') return undefined;
  const { text, span } = expression.name;
  const parameter = scope.parameters.get(text);
  if (typeof parameter === 'object') return unknownName(parameter.expression, parameter.scope, written);
  if (parameter !== undefined || ARGUMENT_WORDS.has(text)) return undefined;
  const known = [...scope.parameters.keys(), ...valuesInScope(scope)];
  return {
    code: 'E039',
    span,
    message: `'${text}' is not known here${didYouMean(text, known)}`,
    help: 'known are the parameters of the block, the indices of the repeats around, and sizes such as in.c',
  };
}

function evaluateBinary({ operator, left, right, span }: Binary, scope: Scope, valueOf: ValueOf): number {
  const [a, b] = [evaluateNumber(left, scope, valueOf), evaluateNumber(right, scope, valueOf)];
  const value = { '+': a + b, '-': a - b, '*': a * b, '/': a / b, '^': a ** b }[operator];
  return Number.isFinite(value) ? value : fail('E039', span, `'${spanText(span)}' has no finite value`);
}

function evaluateName({ name, field, span }: Name, scope: Scope, valueOf: ValueOf): Written {
  const parameter = scope.parameters.get(name.text);
  if (parameter !== undefined && !field) {
    if (typeof parameter === 'number') return { kind: 'number', value: parameter };
    return (parameter.value ??= evaluate(parameter.expression, parameter.scope, valueOf));
  }
  const found = lookUpValue(scope, name.text);
  if (found) {
    if (typeof found.flow === 'string' || found.flow.kind === 'arms') throw new NoValue();
    const value = valueOf(found.flow, span);
    return field
      ? sizeOfField(name.text, field.text, value, span)
      : { kind: 'value', name: name.text, value };
  }
  if (scope.file.meaningless.has(name.text)) throw new NoValue();
  if (field) return fail('E022', name.span, `'${name.text}' is not a value in scope`);
  return { kind: 'word', text: name.text };
}

/** `in.c`, `in.h`, `in.w`; a 1D value has its length as `w`. */
function sizeOfField(name: string, field: string, { type }: Value, span: Span): Written {
  const spatial = spatialOf(type.shape);
  const sizes = new Map([
    ['c', channelsOf(type.shape)],
    ['h', spatial.at(-2)],
    ['w', spatial.at(-1)],
  ]);
  const size = sizes.get(field);
  if (size !== undefined) return { kind: 'number', value: size };
  return sizes.has(field)
    ? fail(
        'E039',
        span,
        `'${name}' is a ${spatial.length === 0 ? 'vector' : 'map'} of ${showItem(type)}, which has no ${field}`,
      )
    : fail('E039', span, `a value has c, h and w, not '${field}'`);
}
