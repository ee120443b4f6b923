// An operator in a few words.
import type { Layer } from '../frontend/lower.ts';
import type { Instance } from '../frontend/instance.ts';
import type { Setting, Settings } from '../frontend/setting.ts';
import type { Category } from './scene.ts';

const CATEGORIES: Readonly<Record<string, Category>> = {
  INPUT: 'input',
  CONV: 'weighted',
  DWCONV: 'weighted',
  FC: 'weighted',
  DECONV: 'grow',
  UP: 'grow',
  PAD: 'grow',
  POOL: 'shrink',
  GAP: 'shrink',
  CROP: 'shrink',
  LAST: 'shrink',
  ADD: 'merge',
  MUL: 'merge',
  CONCAT: 'merge',
};

export const categoryOf = (keyword: string): Category => CATEGORIES[keyword] ?? 'scalar';

/** The one number that an operator is known by: `CONV 64`, `POOL max`. */
const MAIN: Readonly<Record<string, string>> = {
  INPUT: 'shape',
  CONV: 'filters',
  DECONV: 'filters',
  FC: 'units',
  POOL: 'mode',
  GAP: 'mode',
};

/** How attributes are abbreviated; those that are not here are not worth a place. */
const DETAILS: Readonly<Record<string, (text: string) => string | undefined>> = {
  kernel: (text) => perAxis(text),
  window: (text) => perAxis(text),
  size: (text) => text,
  slope: (text) => text,
  factor: (text) => `×${text}`,
  stride: (text) => (text === '1' ? undefined : `/${text}`),
  dilation: (text) => (text === '1' ? undefined : `dilation ${text}`),
  groups: (text) => (text === '1' ? undefined : `groups ${text}`),
  multiplier: (text) => (text === '1' ? undefined : `×${text}`),
  mode: (text) => (text === 'nearest' || text === 'zero' ? undefined : text),
  amounts: (text) => text,
  norm: (text) => (text === 'none' ? undefined : text),
  act: (text) => (text === 'none' ? undefined : text),
};

const perAxis = (text: string): string =>
  /^\d+$/.test(text) ? `${text}×${text}` : text.replaceAll(/[()]/g, '').replaceAll(', ', '×');

export interface Brief {
  readonly title: string;
  readonly detail: string;
}

export function briefOf({ instance, settings, result }: Layer): Brief {
  const keyword = instance.call.name.text;
  const called = instance.kind === 'input' ? nameOfInput(instance, settings) : '';
  const main = MAIN[keyword];
  const value = main === undefined ? undefined : settings.get(main)?.text;
  const title = [keyword, value?.replaceAll(/(?<=[\d?])x(?=[\d?])/g, '×')]
    .filter((part) => part !== undefined)
    .join(' ');
  // In one dimension a window has one size.
  const isFlat = result !== undefined && result.type.shape.length === 3;
  const detail = Object.entries(DETAILS).flatMap(([name, abbreviate]) => {
    const setting: Setting | undefined = name === main ? undefined : settings.get(name);
    if (setting === undefined || (keyword === 'DECONV' && name === 'stride')) return [];
    const text = isFlat && (name === 'kernel' || name === 'window') ? setting.text : abbreviate(setting.text);
    return text === undefined ? [] : [text];
  });
  return { title, detail: joinDetails(called === '' ? detail : [called, ...detail]) };
}

/** What callers call it, where somebody gave it a name. */
function nameOfInput({ path }: Instance, settings: Settings): string {
  const given = settings.get('name')?.value;
  const name = typeof given === 'string' ? given : path;
  return name === 'input' ? '' : name;
}

/** `(1, _)` where numbers are among the operands, by the names of their constants: SUB(1, _) is not SUB(_, 1). */
export function operandsOf({ instance }: Layer, numbers: ReadonlyMap<string, number>): string {
  if (instance.kind === 'input' || instance.literals.length === 0) return '';
  const operands = instance.inputs.map(() => '_');
  for (const { at } of instance.literals) {
    const number = numbers.get(`${instance.path}.${at}`)!; // lowering made a constant of each
    operands.splice(at, 0, String(Number(number.toPrecision(7))));
  }
  return `(${operands.join(', ')})`;
}

/** `3×3 /2 · bn · relu`: a stride belongs to its window. */
const joinDetails = (details: readonly string[]): string => details.join(' · ').replaceAll(' · /', ' /');

/** What follows an operator and is shown in its box: `bn`, `relu`. */
export const tailOf = ({ instance }: Layer): string => instance.call.name.text.toLowerCase();
