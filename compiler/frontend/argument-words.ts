import { INPUT_ARGS } from '../ops/input.ts';
import { KEYWORDS } from '../ops/index.ts';

const signatures = [INPUT_ARGS, ...[...KEYWORDS.values()].map(({ args }) => args)];

/** Every word that some attribute takes: `max`, `half`, `true`. */
export const ARGUMENT_WORDS: ReadonlySet<string> = new Set(
  signatures.flatMap((args) => Object.values(args).flatMap(({ words = [] }) => words)),
);
