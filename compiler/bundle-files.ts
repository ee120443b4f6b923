// What is read of a bundle that was written before.
import type { TensorSpec, WeightSpec } from '../runtime/program.ts';
import type { ModelOrigin } from './bundle/model-origin.ts';

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

/** The text of the file that ends so. */
export function textOf(files: BundleFiles, ending: '.js' | '.json'): string {
  const [, bytes] = [...files].find(([name]) => name.endsWith(ending))!; // every bundle has one of each
  return new TextDecoder().decode(bytes);
}

export const manifestOf = (files: BundleFiles): Manifest => JSON.parse(textOf(files, '.json'));
