import { InvalidArgumentError } from 'commander';
import { TARGETS } from '../index.ts';

export type TargetFlag = readonly (typeof TARGETS)[number][];

/** `js,webgpu` → the targets, each once. */
export function parseTargets(text: string): TargetFlag {
  return text.split(',').map((word) => {
    const target = TARGETS.find((known) => known === word.trim());
    if (target === undefined) throw new InvalidArgumentError(`There is ${TARGETS.join(', ')}.`);
    return target;
  });
}
