// JavaScript has no types to keep a caller from passing the wrong thing, and weights that are silently
// random, or a budget that silently holds nothing, would be the worst answer.
import { LAYOUTS } from './frontend/weights/layout.ts';
import { ALL_TARGETS, isFileName, modelName, type CompileOptions } from './options.ts';
import { CnncError } from '../runtime/errors.ts';
import type { Complaint } from './support/refusal.ts';
import { didYouMean } from './support/suggest.ts';

/**
 * What is wrong with the options themselves, if anything (E047). `own` checks those that only this call takes,
 * beside what all calls take; `needed` may not be missing.
 */
export function checkOptions(
  options: Partial<CompileOptions> | null | undefined,
  own: Readonly<Record<string, Check>> = {},
  needed: readonly string[] = [],
): Complaint | undefined {
  if (typeof options !== 'object' || options === null)
    return wrong('there are no options', "call compile({ source: 'INPUT -> …', weights: { random: 1 } })");
  const given = new Map(Object.entries(options));
  const missing = needed.find((name) => given.get(name) === undefined);
  return missing === undefined ? checkEach(given, { ...CHECKS, ...own }) : wrong(`${missing} is missing`);
}

/** What is wrong with the first option that is none of those known, or that is not what it has to be. */
function checkEach(
  options: ReadonlyMap<string, unknown>,
  known: Readonly<Record<string, Check>>,
): Complaint | undefined {
  const checks = new Map(Object.entries(known));
  for (const [name, value] of options) {
    const check = checks.get(name);
    if (!check) return wrong(`there is no option '${name}'${didYouMean(name, checks.keys())}`);
    const complaint = value === undefined ? undefined : check(value, name);
    if (complaint) return complaint;
  }
  return undefined;
}

/** The options of a call of its own: each that it needs, and others that it takes. */
export interface Demands {
  readonly needs: Readonly<Record<string, Check>>;
  readonly takes?: Readonly<Record<string, Check>>;
}

/** Throws a `CnncError` (OPTION_TYPE) when the options of `call` are not what they have to be, or some are missing. */
export function demand(call: string, options: unknown, { needs, takes = {} }: Demands): void {
  const given = new Map(isRecord(options) ? Object.entries(options) : []);
  const missing = Object.keys(needs).find((name) => given.get(name) === undefined);
  const message =
    missing === undefined ? checkEach(given, { ...needs, ...takes })?.message : `${missing} is missing`;
  if (message !== undefined) throw new CnncError('OPTION_TYPE', `${call}: ${message}`);
}

/** What is wrong with the value of an option, if anything. */
export type Check = (value: unknown, name: string) => Complaint | undefined;

export const be =
  (expected: string, isRight: (value: unknown) => boolean): Check =>
  (value, name) =>
    isRight(value) ? undefined : wrong(`${name} is ${show(value)}; it must be ${expected}`);

const isText = (value: unknown) => typeof value === 'string';
const isWhole = (value: unknown) => Number.isSafeInteger(value) && Number(value) > 0;
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !ArrayBuffer.isView(value) &&
  !(value instanceof Map);
const isSizes = (value: unknown) => Array.isArray(value) && value.length <= 2 && value.every(isWhole);
const isNumbers = (value: unknown) =>
  ArrayBuffer.isView(value) ||
  (Array.isArray(value) && value.every((item) => ['number', 'bigint', 'boolean'].includes(typeof item)));

const text = be('a text', isText);
export const flag = be('true or false', (value) => typeof value === 'boolean');
const bytes = be('a number of bytes, more than 0', (value) => Number.isFinite(value) && Number(value) > 0);
export const positive = be('a whole number, 1 or more', isWhole);

/** One word of a few. */
export const word =
  (...words: readonly string[]): Check =>
  (value, name) => {
    if (words.some((each) => each === value)) return undefined;
    const meant = typeof value === 'string' ? didYouMean(value, words) : '';
    return wrong(
      `${name} is ${show(value)}${meant}`,
      `it is one of ${words.map((each) => show(each)).join(', ')}`,
    );
  };

/** A record all of whose values are right. */
const each =
  (what: string, isRight: (value: unknown) => boolean, example: string): Check =>
  (value, name) => {
    if (!isRecord(value)) return wrong(`${name} is ${show(value)}; it must be ${example}`);
    const bad = Object.entries(value).find(([, item]) => !isRight(item));
    return bad && wrong(`${name}: ${bad[0]} is ${show(bad[1])}; it must be ${what}`);
  };

const name: Check = (value) => {
  if (!isText(value)) return text(value, 'name');
  return isFileName(modelName({ name: String(value) }))
    ? undefined
    : wrong(`'${String(value)}' cannot name a file`, 'use letters, digits, `.`, `_` and `-`');
};

const weights: Check = (value) => {
  if (value instanceof Uint8Array || value instanceof ArrayBuffer) return undefined;
  if (!isRecord(value) || !('random' in value))
    return wrong(
      `weights are ${show(value)}`,
      'give the bytes of a file as Uint8Array or ArrayBuffer, or { random: a whole number }',
    );
  if (Number.isSafeInteger(value['random'])) return undefined;
  return wrong(`the seed of random weights is ${show(value['random'])}; it must be a whole number`);
};

const targets: Check = (value) => {
  const help = `give a list of ${ALL_TARGETS.join(', ')}`;
  if (!Array.isArray(value) || value.length === 0) return wrong(`targets are ${show(value)}`, help);
  const unknown: unknown = value.find((target) => !ALL_TARGETS.includes(target));
  if (unknown !== undefined) return wrong(`there is no target ${show(unknown)}`, help);
  const twice: unknown = value.find((target, i) => value.indexOf(target) < i);
  return twice === undefined ? undefined : wrong(`the target ${show(twice)} is there twice`, help);
};

const bindMap = each('the name of a tensor in the file', isText, "'name', 'order' or { path: 'name' }");
const bind: Check = (value, key) =>
  typeof value === 'string' ? word('name', 'order')(value, key) : bindMap(value, key);

/** Complete by its type: a new option has to say what it takes. */
export const CHECKS = {
  source: text,
  path: text,
  name,
  passes: text,
  onnx: be('the bytes of the file as a Uint8Array', (value) => value instanceof Uint8Array),
  read: be('a function from a path to bytes', (value) => typeof value === 'function'),
  constants: each('a list of numbers', isNumbers, '{ input: numbers }'),
  shapes: each(
    'a list of whole numbers',
    (value) => Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0),
    '{ input: sizes }',
  ),
  image: text,
  labels: be('a list of texts', (value) => Array.isArray(value) && value.every(isText)),
  modelFile: text,
  at: be(
    'a list of sizes, [[height, width]] or [[length]], in whole numbers',
    (value) => Array.isArray(value) && value.every((size) => isSizes(size) && size.length > 0),
  ),
  dense: be("true, false, 'average' or 'max'", (value) =>
    [true, false, 'average', 'max'].some((each) => each === value),
  ),
  stride: positive,
  method: word('stitch', 'atrous'),
  weights,
  layout: word(...LAYOUTS),
  bind,
  bindMap: be(
    "{ path: 'map.txt', text: 'program.path = file.name' }",
    (value) => isRecord(value) && isText(value['path']) && isText(value['text']),
  ),
  targets,
  conv: word('auto', 'direct', 'im2col'),
  winograd: word('off', 'f2', 'auto'),
  maxPipelines: be('a number, 0 or more', (value) => Number(value) >= 0 && typeof value === 'number'),
  annotate: flag,
  profile: flag,
  inlineWeights: flag,
  selfTest: flag,
  html: flag,
  budgetMemory: bytes,
  budgetSize: bytes,
} satisfies Readonly<Record<keyof CompileOptions | 'passes', Check>>;

const wrong = (message: string, help?: string): Complaint => ({
  code: 'E047',
  message,
  ...(help !== undefined && { help }),
});

/** A value of any kind, in a few words; lists within lists down to `depth`. */
function show(value: unknown, depth = 2): string {
  if (typeof value === 'string') return `'${value.length <= 80 ? value : `${value.slice(0, 79)}…`}'`;
  if (typeof value === 'function') return 'a function';
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value) && value.length <= 8 && depth > 0)
    return `[${value.map((item) => show(item, depth - 1)).join(', ')}]`;
  const kind = value.constructor?.name ?? 'Object';
  return `${/^[aeiou]/i.test(kind) ? 'an' : 'a'} ${kind}`;
}
