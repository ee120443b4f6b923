import type { BinaryFn, Scalar, UnaryFn } from './expression.ts';

const STEPS: ReadonlySet<UnaryFn | BinaryFn> = new Set([
  'floor',
  'ceil',
  'round',
  'sign',
  'is_nan',
  'is_infinite',
  'rem',
  'bit_and',
  'bit_or',
  'bit_xor',
] as const);

/**
 * Whether a formula may give something else for operands that differ by next to nothing: it rounds, or it chooses. What
 * was computed more exactly than float32 has to be rounded before.
 */
export function mayJump(e: Scalar): boolean {
  switch (e.kind) {
    case 'operand':
    case 'literal':
      return false;
    case 'unary':
      return STEPS.has(e.fn) || mayJump(e.x);
    case 'binary':
      return STEPS.has(e.fn) || mayJump(e.x) || mayJump(e.y);
    case 'select':
      return true;
  }
}
