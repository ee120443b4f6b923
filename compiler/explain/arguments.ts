// The arguments of one operator, every one spelled, with where each came from.
import type { Argument, Expression } from '../../grammar/ast.ts';
import { formatExpression } from '../../grammar/format-expression.ts';
import type { Layer } from '../frontend/lower.ts';
import type { SettingOrigin } from '../frontend/setting.ts';
import type { ArgsOf } from '../ops/argument.ts';
import { isIdle, type INPUT_ARGS } from '../ops/input.ts';
import { INPUT_SIGNATURE } from '../frontend/settings.ts';
import { group, indent, join, line, trailing, type Doc } from '../../grammar/layout.ts';

interface Spelled {
  readonly name: string;
  readonly value: string;
  readonly from: SettingOrigin;
  readonly reason?: string;
}

/** Indices of repeats that are unrolled: their names mean nothing in what is printed. */
export type Gone = ReadonlySet<string>;

/** Does an expression use a name that is gone? */
export function mentions(expression: Expression, gone: Gone): boolean {
  switch (expression.kind) {
    case 'name':
      return gone.has(expression.name.text);
    case 'negation':
      return mentions(expression.operand, gone);
    case 'binary':
      return mentions(expression.left, gone) || mentions(expression.right, gone);
    case 'tuple':
      return expression.elements.some((element) => mentions(element, gone));
    case 'number':
    case 'dimensions':
    case 'string':
    case 'error':
      return false;
  }
}

/** What is written stays as it was written, unless it uses a name that is gone. */
function spell({ instance, settings }: Layer, gone: Gone): Spelled[] {
  // The settings of an INPUT were read by these specs.
  const input = instance.kind === 'input' && (settings.values() as ArgsOf<typeof INPUT_ARGS>);
  const { positional, args } = instance.kind === 'input' ? INPUT_SIGNATURE : instance.keyword;
  const given: readonly Argument[] = instance.kind === 'input' ? (instance.call.args ?? []) : instance.args;
  const written = new Map(given.map(({ name, value }, at) => [name?.text ?? positional[at], value] as const));
  const order = [...new Set([...positional, ...Object.keys(args)])];
  return order.flatMap((name) => {
    const setting = settings.get(name);
    if (setting === undefined) return [];
    if (input && setting.from !== 'given' && isIdle(name, input)) return [];
    const own = written.get(name);
    const value = own && !mentions(own, gone) ? formatExpression(own) : setting.text;
    return [
      { name, value, from: setting.from, ...(setting.reason !== undefined && { reason: setting.reason }) },
    ];
  });
}

/** The values that a merge names stand first, as they were written. */
const mergedValues = ({ instance }: Layer): string[] =>
  instance.kind === 'operator' && instance.keyword.merges
    ? (instance.call.args ?? []).filter(({ name }) => !name).map(({ value }) => formatExpression(value))
    : [];

const positionalOf = ({ instance }: Layer): readonly string[] =>
  instance.kind === 'input' ? INPUT_SIGNATURE.positional : instance.keyword.positional;

/** All arguments in the order of the operator's declaration; empty where there are none. */
export function plainArguments(layer: Layer, gone: Gone): string[] {
  return [...mergedValues(layer), ...named(spell(layer, gone), positionalOf(layer))];
}

/** Sizes go without their names as long as all before them do. */
function named(spelled: readonly Spelled[], positional: readonly string[]): string[] {
  let isPrefix = true;
  return spelled.map(({ name, value }, at) => {
    isPrefix &&= positional[at] === name;
    return isPrefix ? value : `${name}=${value}`;
  });
}

/**
 * What somebody wrote stands on the first line; the defaults of the file, what rules decided and the
 * operator's defaults follow on lines of their own, each with a comment that says so.
 */
export function markedArguments(layer: Layer, gone: Gone, step: number): Doc {
  const spelled = spell(layer, gone);
  const of = (from: SettingOrigin) => spelled.filter((each) => each.from === from);
  const written = [...mergedValues(layer), ...named(of('given'), positionalOf(layer))];
  const list = (each: readonly Spelled[]) => each.map(({ name, value }) => `${name}=${value}`).join(', ');
  const marked = [
    ...(of('file').length > 0 ? [{ text: list(of('file')), mark: 'default of the file' }] : []),
    ...of('rule').map((each) => ({ text: list([each]), mark: each.reason ?? 'by rule' })),
    ...(of('default').length > 0 ? [{ text: list(of('default')), mark: 'default' }] : []),
  ];
  if (written.length === 0 && marked.length === 0) return '';
  if (marked.length === 0) return `(${written.join(', ')})`;
  const rows = marked.map(({ text, mark }, at): Doc => [
    line('always'),
    text,
    at < marked.length - 1 ? ',' : ')',
    trailing(`  # ${mark}`),
  ]);
  return group(['(', written.join(', '), written.length > 0 ? ',' : '', indent(step, rows)]);
}

/** Arguments on as many lines as they need. */
export const argumentList = (args: readonly string[], step: number): Doc =>
  args.length === 0 ? '' : group(['(', indent(step, join([',', line('full')], args)), ')']);
