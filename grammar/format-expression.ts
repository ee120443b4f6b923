// Values as text. Parentheses stand only where the tree needs them.
import type { Binary, Expression, Repeat } from './ast.ts';
import { spanText } from './source.ts';

/** How tight an expression holds together, from sums to what is never taken apart. */
const [SUM, PRODUCT, SIGNED, POWER, ATOM] = [0, 1, 2, 3, 4];

const tightnessOf: Readonly<Record<Binary['operator'], number>> = {
  '+': SUM,
  '-': SUM,
  '*': PRODUCT,
  '/': PRODUCT,
  '^': POWER,
};

export const formatExpression = (expression: Expression): string => inPlaceOf(expression, SUM);

/** An expression where only those stand that are at least so tight. */
function inPlaceOf(expression: Expression, least: number): string {
  const text = plain(expression);
  return tightness(expression) < least ? `(${text})` : text;
}

function tightness(expression: Expression): number {
  if (expression.kind === 'binary') return tightnessOf[expression.operator];
  return expression.kind === 'negation' ? SIGNED : ATOM;
}

function plain(expression: Expression): string {
  switch (expression.kind) {
    case 'dimensions':
      return expression.sizes.map((size) => size ?? '?').join('x');
    case 'negation':
      return `-${inPlaceOf(expression.operand, SIGNED)}`;
    case 'binary':
      return formatBinary(expression);
    case 'tuple':
      return `(${expression.elements.map(formatExpression).join(', ')})`;
    case 'name':
      return expression.name.text + (expression.field ? `.${expression.field.text}` : '');
    // As they were written: 1e-3 is not 0.001 to who wrote it.
    case 'number':
    case 'string':
    case 'error':
      return spanText(expression.span);
  }
}

function formatBinary({ operator, left, right }: Binary): string {
  const own = tightnessOf[operator];
  if (operator === '^') return `${inPlaceOf(left, ATOM)}^${exponent(right)}`;
  // 1/255 reads as one number.
  const isFraction = operator === '/' && left.kind === 'number' && right.kind === 'number';
  const blank = isFraction ? '' : ' ';
  return `${inPlaceOf(left, own)}${blank}${operator}${blank}${inPlaceOf(right, own + 1)}`;
}

/** Signs may stand before an exponent without parentheses. */
function exponent(right: Expression): string {
  if (right.kind === 'negation') return `-${exponent(right.operand)}`;
  return inPlaceOf(right, ATOM);
}

export function formatRepeat({ count, index }: Repeat): string {
  const isPlain =
    (count.kind === 'number' && !count.isFloat) ||
    (count.kind === 'name' && count.field === undefined && /^[a-z_]/.test(count.name.text));
  const text = formatExpression(count);
  return `*${isPlain ? text : `(${text})`}${index ? ` with ${index.text}` : ''}`;
}
