// What is read of a bundle that was written before.
import type { TensorSpec, WeightSpec } from '../runtime/program.ts';
import type { ModelOrigin } from './bundle/model-origin.ts';
import { refuse } from './support/refusal.ts';

/** A bundle by its files' names. */
export type BundleFiles = ReadonlyMap<string, Uint8Array>;

/** What is used of `N.json`. */
export interface Manifest {
  readonly name: string;
  /** Where it was made of one. */
  readonly program?: { readonly source: string };
  readonly model?: ModelOrigin;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly weights: {
    readonly bytes: number;
    readonly sha256: string;
    readonly tensors: readonly WeightSpec[];
  };
  readonly plan: { readonly steps: readonly PlannedStep[] };
}

/** A step of the plan, and where its result lies in the arena. */
export interface PlannedStep {
  readonly name: string;
  readonly offset: number;
  readonly pitch?: number;
}

/** Whether these are files by name, among them a module and a manifest. */
export const areBundleFiles = (files: unknown): files is BundleFiles =>
  files instanceof Map &&
  [...files].every(([name, bytes]) => typeof name === 'string' && bytes instanceof Uint8Array) &&
  ['.js', '.json'].every((ending) => [...files.keys()].some((name: string) => name.endsWith(ending)));

/** The text of the file that ends so. */
export function textOf(files: BundleFiles, ending: '.js' | '.json'): string {
  const [, bytes] = [...files].find(([name]) => name.endsWith(ending))!; // every bundle has one of each
  return new TextDecoder().decode(bytes);
}

/** The manifest of a bundle. Refuses (E047) what is none: whoever has the files may have changed them. */
export function manifestOf(files: BundleFiles): Manifest {
  let manifest: unknown;
  try {
    manifest = JSON.parse(textOf(files, '.json'));
  } catch {
    refuse('E047', 'the manifest of the bundle is no JSON', { help });
  }
  const place = faultIn(manifest, MANIFEST);
  if (place !== undefined) refuse('E047', `the manifest of the bundle has no usable ${place}`, { help });
  return manifest as Manifest; // as far as it is used
}

const help = 'it is the .json file that cnnc compile wrote beside the module';

/**
 * What a value of JSON has to be: of a type, a list of such, or an object with these; a name with `?` may be
 * missing, and `*` stands for all names.
 */
type Form = 'string' | 'number' | 'any' | readonly [Form] | { readonly [name: string]: Form };

const TENSOR = { name: 'string', shape: ['number'] } as const;

const MANIFEST: Form = {
  name: 'string',
  'program?': { source: 'string' },
  'model?': {
    file: 'string',
    bytes: 'number',
    sha256: 'string',
    'omitted?': ['string'],
    'constants?': { '*': ['any'] },
    'shapes?': { '*': ['number'] },
  },
  inputs: [TENSOR],
  outputs: [TENSOR],
  weights: {
    bytes: 'number',
    sha256: 'string',
    tensors: [{ ...TENSOR, offset: 'number' }],
  },
  plan: { steps: [{ name: 'string', offset: 'number' }] },
};

/** Where a value has not its form, as `weights.tensors`; undefined where it has. */
function faultIn(value: unknown, form: Form, place = 'content'): string | undefined {
  if (form === 'any') return undefined;
  if (typeof form === 'string') return typeof value === form ? undefined : place;
  if (typeof value !== 'object' || value === null || isList(form) !== Array.isArray(value)) return place;
  const members: ReadonlyMap<string, unknown> = new Map(Object.entries(value));
  if (isList(form)) return firstOf([...members.values()], (item) => faultIn(item, form[0], place));
  return firstOf(Object.entries(form), ([key, inner]) => {
    if (key === '*') return firstOf([...members.values()], (member) => faultIn(member, inner, place));
    const name = key.replace('?', '');
    const member = members.get(name);
    if (member === undefined && key.endsWith('?')) return undefined;
    return faultIn(member, inner, place === 'content' ? name : `${place}.${name}`);
  });
}

const isList = (form: Form): form is readonly [Form] => Array.isArray(form);

/** The first of what `look` finds. */
function firstOf<T>(items: readonly T[], look: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = look(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
