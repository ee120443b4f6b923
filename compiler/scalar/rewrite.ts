import type { Scalar, Test } from './expression.ts';

/** The expression with `rule` applied to each of its parts, innermost first. What was shared stays shared. */
export function rewriteScalar(root: Scalar, rule: (e: Scalar) => Scalar): Scalar {
  const done = new Map<Scalar, Scalar>();
  const rewrite = (e: Scalar): Scalar => {
    const known = done.get(e);
    if (known !== undefined) return known;
    const made = rule(withParts(e));
    done.set(e, made);
    return made;
  };
  const withParts = (e: Scalar): Scalar => {
    switch (e.kind) {
      case 'operand':
      case 'literal':
        return e;
      case 'unary':
        return { ...e, x: rewrite(e.x) };
      case 'binary':
        return { ...e, x: rewrite(e.x), y: rewrite(e.y) };
      case 'select':
        return { ...e, test: rewriteTest(e.test), yes: rewrite(e.yes), no: rewrite(e.no) };
    }
  };
  const rewriteTest = (test: Test): Test => ({ ...test, x: rewrite(test.x), y: rewrite(test.y) });
  return rewrite(root);
}
