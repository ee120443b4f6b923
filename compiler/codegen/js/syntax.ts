import type { ScalarSyntax } from '../../scalar/print.ts';

/** How JavaScript spells scalar arithmetic. */
export const JS_SYNTAX: ScalarSyntax = {
  literal: number,
  unary: (fn, x) => (fn === 'neg' ? `(-${x})` : `Math.${fn}(${bare(x)})`),
  binary: (fn, x, y) => {
    const sign = { add: '+', sub: '-', mul: '*', div: '/' }[fn as 'add'];
    return sign === undefined ? `Math.${fn}(${bare(x)}, ${bare(y)})` : `(${x} ${sign} ${y})`;
  },
  test: (fn, x, y) => `${x} ${{ lt: '<', le: '<=', eq: '===' }[fn]} ${y}`,
  select: (test, yes, no) => `(${test} ? ${yes} : ${no})`,
  bind: (name, value) => `const ${name} = ${bare(value)};`,
};

/** A number that reads back as itself; negative ones in parentheses, so that no `--` arises. */
export function number(value: number): string {
  if (Object.is(value, -0)) return '(-0)';
  if (Number.isNaN(value)) return 'NaN';
  return value < 0 ? `(${value})` : String(value);
}

/** Without the parentheses around the whole, where they enclose the whole. */
export function bare(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text;
  let depth = 0;
  for (const [i, char] of [...text].entries()) {
    if (char === '(') depth++;
    if (char === ')' && --depth === 0 && i < text.length - 1) return text;
  }
  return text.slice(1, -1);
}
