// JavaScript has no types to keep a caller from passing the wrong thing, and weights that are silently
// random would be the worst answer.
import { ALL_TARGETS, isFileName, modelName, type CompileOptions } from './options.ts';
import type { Complaint } from './support/refusal.ts';

/** What is wrong with the options themselves, if anything (E047). */
export function checkOptions(options: Partial<CompileOptions> | null | undefined): Complaint | undefined {
  if (typeof options !== 'object' || options === null)
    return wrong('there are no options', "call compile({ source: 'INPUT -> …', weights: { random: 1 } })");
  const { source, path, weights, targets, onnx } = options;
  if (onnx !== undefined && !(onnx instanceof Uint8Array))
    return wrong(`onnx is ${show(onnx)}`, 'give the bytes of the file as a Uint8Array');
  for (const [name, value] of Object.entries({ source, path })) {
    if (value !== undefined && typeof value !== 'string')
      return wrong(`${name} is a text, not ${show(value)}`);
  }
  if (!isFileName(modelName(options)))
    return wrong(`'${modelName(options)}' cannot name a file`, 'use letters, digits, `.`, `_` and `-`');
  if (weights !== undefined && !areWeights(weights))
    return wrong(
      `weights are ${show(weights)}`,
      'give the bytes of a file as Uint8Array or ArrayBuffer, or { random: a whole number }',
    );
  if (targets !== undefined && !areTargets(targets))
    return wrong(`targets are ${show(targets)}`, `give a list of ${ALL_TARGETS.join(', ')}`);
  return undefined;
}

function areWeights(weights: unknown): boolean {
  if (weights instanceof Uint8Array || weights instanceof ArrayBuffer) return true;
  return (
    typeof weights === 'object' &&
    weights !== null &&
    'random' in weights &&
    Number.isSafeInteger(weights.random)
  );
}

const areTargets = (targets: unknown): boolean =>
  Array.isArray(targets) &&
  targets.length > 0 &&
  new Set(targets).size === targets.length &&
  targets.every((target) => ALL_TARGETS.some((known) => known === target));

const wrong = (message: string, help?: string): Complaint => ({
  code: 'E047',
  message,
  ...(help !== undefined && { help }),
});

/** A value of any kind, in a few words. */
function show(value: unknown): string {
  if (value === null || typeof value !== 'object')
    return typeof value === 'string' ? `'${value}'` : String(value);
  return `${/^[aeiou]/i.test(value.constructor?.name ?? 'Object') ? 'an' : 'a'} ${value.constructor?.name ?? 'object'}`;
}
