// What attributes of a use must be beyond their sort. The same name means the same in every operator, so
// this is one table by name; how many numbers there are follows from the first operand.
import type { AttrValue } from '../ops/define.ts';
import type { OpName } from '../ops/index.ts';
import type { Shape } from '../tensor/types.ts';
import { OPERATORS, type Operator } from './semantics.ts';

interface Rule {
  /** How many numbers, for a list; `others` are the attributes of the same use. */
  readonly count?: (x: Shape, others: Readonly<Record<string, AttrValue>>) => number;
  readonly least?: number;
  /** What the numbers stay below. */
  readonly below?: (x: Shape) => number;
  readonly differ?: true;
}

const spatialAxes = (x: Shape): number => x.length - 2;
const allAxes = (x: Shape): number => x.length;

const perSpatialAxis: Rule = { count: spatialAxes, least: 1 };
const perSide: Rule = { count: (x) => 2 * spatialAxes(x), least: 0 };
const perAxis: Rule = { count: allAxes, least: 0 };
const anAxis: Rule = { least: 0, below: allAxes };

/** Attributes that are whole numbers; others may be any. */
const RULES: Readonly<Record<string, Rule>> = {
  stride: perSpatialAxis,
  dilation: perSpatialAxis,
  kernel: perSpatialAxis,
  outputPad: { count: spatialAxes, least: 0 },
  pad: perSide,
  amounts: perSide,
  groups: { least: 1 },
  batch: { least: 0 },
  axis: anAxis,
  axes: { ...anAxis, differ: true },
  perm: { ...anAxis, count: allAxes, differ: true },
  before: perAxis,
  after: perAxis,
  repeats: perAxis,
  shape: { least: 0 },
};

const perListedAxis: Rule = { count: (_, { axes }) => (Array.isArray(axes) ? axes.length : 0) };

/** Where a name means something of its own. */
const OWN: { readonly [K in OpName]?: Readonly<Record<string, Rule>> } = {
  lrn: { size: { least: 1 } },
  resize: { size: perSpatialAxis },
  slice: { size: { ...perListedAxis, least: 0 }, start: perListedAxis, step: perListedAxis },
  expand: { shape: perAxis },
};

/** One attribute of one operator, with all that is asked of it. */
interface Check {
  readonly name: string;
  readonly sort: string;
  readonly words: readonly string[] | undefined;
  readonly rule: Rule | undefined;
}

const checksOf = ({ name: op, attrs }: Operator): readonly Check[] =>
  Object.entries(attrs).map(([name, spec]) => ({
    name,
    sort: sortOf(spec.default),
    words: spec.words,
    rule: OWN[op]?.[name] ?? RULES[name],
  }));

const CHECKS: ReadonlyMap<string, readonly Check[]> = new Map(
  OPERATORS.map((operator) => [operator.name, checksOf(operator)]),
);

/** What is wrong with an attribute, in words; undefined when nothing is. */
export function attributeFault(
  op: OpName,
  attrs: Readonly<Record<string, AttrValue>>,
  x: Shape,
): string | undefined {
  for (const { name, sort, words, rule } of CHECKS.get(op)!) {
    const value = attrs[name];
    if (value === undefined || sortOf(value) !== sort) return `${op} has no proper ${name}: it is a ${sort}`;
    if (words && !words.some((word) => word === value))
      return `${op} has no ${name}=${String(value)}; there is ${words.join(', ')}`;
    if (rule === undefined || typeof value === 'string' || typeof value === 'boolean') continue;
    const fault = typeof value === 'number' ? numberFault(rule, value, x) : listFault(rule, value, x, attrs);
    if (fault !== undefined) return `${op} has ${name}=${show(value)}; ${fault}`;
  }
  return undefined;
}

function listFault(
  rule: Rule,
  numbers: readonly number[],
  x: Shape,
  attrs: Readonly<Record<string, AttrValue>>,
): string | undefined {
  const wanted = rule.count?.(x, attrs);
  if (wanted !== undefined && wanted !== numbers.length) return `here it takes ${wanted} numbers`;
  for (const number of numbers) {
    const fault = numberFault(rule, number, x);
    if (fault !== undefined) return fault;
  }
  if (rule.differ && new Set(numbers).size !== numbers.length) return 'an axis stands there twice';
  return undefined;
}

function numberFault({ least, below }: Rule, number: number, x: Shape): string | undefined {
  if (!Number.isSafeInteger(number)) return 'it takes whole numbers';
  if (least !== undefined && number < least) return `the least is ${least}`;
  const end = below?.(x);
  return end !== undefined && number >= end ? `there are ${end} axes` : undefined;
}

function sortOf(value: AttrValue): string {
  return typeof value === 'object' ? 'list' : typeof value;
}

const show = (value: number | readonly number[]): string =>
  typeof value === 'number' ? String(value) : `[${value.join(',')}]`;
