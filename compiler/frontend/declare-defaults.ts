// `default OP(attr=…)` statements → defaults by operator and argument.
import type { Argument, Default, Program } from '../../grammar/ast.ts';
import { isBlockName } from '../../grammar/block-name.ts';
import { INPUT_ARGS } from '../ops/input.ts';
import { KEYWORDS } from '../ops/index.ts';
import { didYouMean } from '../support/suggest.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { FileScope } from './scope.ts';
import { didYouMeanAttribute } from './synonyms.ts';

/** They stand before all blocks and chains. */
export function declareDefaults({ statements }: Program, diagnostics: Diagnostics): FileScope['defaults'] {
  const defaults = new Map<string, Map<string, Argument>>();
  let late = false;
  for (const statement of statements) {
    if (statement.kind === 'block' || statement.kind === 'chain-statement') late = true;
    if (statement.kind !== 'default') continue;
    if (late)
      diagnostics.report('E038', statement.span, 'a default stands before all blocks and chains', {
        help: 'move it to the top: it holds for the whole file',
      });
    declareDefault(statement, defaults, diagnostics);
  }
  return defaults;
}

function declareDefault(
  { op, args }: Default,
  defaults: Map<string, Map<string, Argument>>,
  diagnostics: Diagnostics,
): void {
  const specs = op.text === 'INPUT' ? INPUT_ARGS : KEYWORDS.get(op.text)?.args;
  if (!specs && isBlockName(op.text)) {
    diagnostics.report('E030', op.span, `a default is one of an operator's, and '${op.text}' names a block`, {
      help: `give parameters their defaults where the block is: block ${op.text}(…=…) = …`,
    });
    return;
  }
  if (!specs) {
    diagnostics.report(
      'E030',
      op.span,
      `unknown operator '${op.text}'${didYouMean(op.text, ['INPUT', ...KEYWORDS.keys()])}`,
    );
    return;
  }
  const known = defaults.get(op.text) ?? new Map<string, Argument>();
  defaults.set(op.text, known);
  for (const argument of args) {
    const name = argument.name?.text;
    if (name === undefined) {
      diagnostics.report('E031', argument.span, 'a default names its attributes', {
        help: `write default ${op.text}(${Object.keys(specs)[0] ?? '…'}=…)`,
      });
    } else if (!Object.hasOwn(specs, name)) {
      diagnostics.report(
        'E032',
        argument.name!.span,
        `${op.text} has no attribute '${name}'${didYouMeanAttribute(name, Object.keys(specs))}`,
        { help: `${op.text} has ${Object.keys(specs).join(', ')}` },
      );
    } else if (known.has(name)) {
      diagnostics.report('E036', argument.span, `${op.text}'s ${name} has a default already`, {
        related: [{ span: known.get(name)!.span, text: 'here' }],
      });
    } else {
      known.set(name, argument);
    }
  }
}
