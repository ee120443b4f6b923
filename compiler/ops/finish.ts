// What CONV, DWCONV, DECONV and FC have in common: bias, normalisation and activation.
import { activationArg, applyActivation } from './activation.ts';
import { byRule, flag, oneOf, type ArgsOf, type Value } from './argument.ts';
import { normalise } from './batch-norm.ts';
import type { Call } from './keyword.ts';

const bias = byRule(flag('Add one learned number per filter.'), 'true; false with norm=bn');
const norm = oneOf(['none', 'bn'], 'Normalisation before the activation.');

export const finishArgs = { bias, act: activationArg('relu'), norm };

/** Operands of a layer that are its weights, and what they are called behind its path. */
export const layerWeights = { weight: 'weight', bias: 'bias' } as const;

type Finish = ArgsOf<Pick<typeof finishArgs, 'bias' | 'act'>> &
  Partial<ArgsOf<Pick<typeof finishArgs, 'norm'>>>;

/**
 * Bias, then `norm=`, then `act=`, around the operator that `emit` makes. The default activation is
 * dropped where an activation follows anyway; one written on the operator itself always stays.
 */
export function finish(
  call: Call,
  filters: number,
  args: Finish,
  emit: (bias: Value | undefined) => Value,
): Value {
  const norm = args.norm ?? 'none';
  const hasBias =
    args.bias ??
    call.decide(
      'bias',
      norm === 'none',
      norm === 'none' ? 'no norm follows' : `norm=${norm} has a bias of its own`,
    );
  const plain = emit(hasBias ? call.weight('bias', [filters], 'zero') : undefined);
  const normalised = norm === 'bn' ? normalise(call, plain, 'norm.') : plain;
  return applyActivation(call, normalised, activationOf(call, args.act));
}

function activationOf(call: Call, act: Finish['act']): Finish['act'] {
  if (act === 'none' || call.origin('act') === 'given' || !call.isFollowedByActivation) return act;
  return call.decide('act', 'none', 'what follows is an activation, SOFTMAX or BN');
}
