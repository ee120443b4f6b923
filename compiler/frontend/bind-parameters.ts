// The arguments of a use of a block → its parameters.
import type { Block, Call, Expression } from '../../grammar/ast.ts';
import { spanText, type Span } from '../../grammar/source.ts';
import type { Code } from '../support/refusal.ts';
import { didYouMean } from '../support/suggest.ts';
import { MAX_PARAMETERS } from './check-blocks.ts';
import type { Diagnostics } from './diagnostics.ts';
import { pathScope, type BlockDeclaration, type Bound, type Scope } from './scope.ts';

/** Positional arguments, then named ones, then defaults. Undefined when one is wrong: that is reported. */
export function bindParameters(
  { block, file }: BlockDeclaration,
  call: Call,
  scope: Scope,
  diagnostics: Diagnostics,
): ReadonlyMap<string, Bound> | undefined {
  const { name, params } = block;
  if (params.length > MAX_PARAMETERS) return undefined; // said where it is declared
  const bound = new Map<string, Bound>();
  let isRight = true;
  const wrong = (code: Code, span: Span, message: string): void => {
    isRight = false;
    diagnostics.report(code, span, message, {
      help: `it is declared as ${signatureOf(block)}`,
      related: [{ span: name.span, text: 'the block' }],
    });
  };

  const bind = (parameter: string, expression: Expression, within: Scope): void => {
    const depth = depthOf(expression, within);
    bound.set(parameter, { expression, scope: within, depth });
    if (depth <= MAX_DEPTH) return;
    isRight = false;
    const message = `the value of '${parameter}' is computed from others, more than ${MAX_DEPTH.toLocaleString('en')} operators deep`;
    diagnostics.report('E026', expression.span, message);
  };

  for (const [index, { name: written, span, value }] of (call.args ?? []).entries()) {
    const parameter = written ? params.find((p) => p.name.text === written.text) : params[index];
    if (!parameter && written) {
      const names = params.map((p) => p.name.text);
      const meant = didYouMean(written.text, names);
      wrong('E033', written.span, `block ${name.text} has no parameter '${written.text}'${meant}`);
    } else if (!parameter) {
      const many = params.length === 1 ? 'one argument' : `${params.length || 'no'} arguments`;
      wrong('E033', span, `block ${name.text} takes ${many}`);
    } else if (params.some((other) => other !== parameter && other.name.text === parameter.name.text)) {
      isRight = false; // said where it is declared
    } else if (bound.has(parameter.name.text)) {
      wrong('E036', span, `block ${name.text} is given its '${parameter.name.text}' twice`);
    } else {
      bind(parameter.name.text, value, scope);
    }
  }
  if (!isRight) return undefined;

  const missing: string[] = [];
  for (const parameter of params) {
    if (bound.has(parameter.name.text)) continue;
    // A default may use the parameters before it.
    const parameters = new Map(bound);
    const declared: Scope = { file, path: pathScope(''), frames: [], parameters };
    if (parameter.default) bind(parameter.name.text, parameter.default, declared);
    else missing.push(`'${parameter.name.text}'`);
  }
  if (missing.length > 0) wrong('E034', call.span, `block ${name.text} needs ${missing.join(' and ')}`);
  return isRight ? bound : undefined;
}

/** Deeper values would overflow the stack of whoever computes them. */
const MAX_DEPTH = 1000;

function depthOf(expression: Expression, scope: Scope): number {
  switch (expression.kind) {
    case 'name': {
      const parameter = scope.parameters.get(expression.name.text);
      return typeof parameter === 'object' ? parameter.depth + 1 : 1;
    }
    case 'negation':
      return 1 + depthOf(expression.operand, scope);
    case 'binary':
      return 1 + Math.max(depthOf(expression.left, scope), depthOf(expression.right, scope));
    case 'tuple':
      return expression.elements.reduce((most, each) => Math.max(most, depthOf(each, scope)), 0);
    case 'number':
    case 'dimensions':
    case 'string':
    case 'error':
      return 0;
  }
}

const signatureOf = ({ name, params }: Block): string =>
  `${name.text}(${params.map(({ span }) => spanText(span)).join(', ')})`;
