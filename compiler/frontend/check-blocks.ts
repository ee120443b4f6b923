import type { Block } from '../../grammar/ast.ts';
import type { Span } from '../../grammar/source.ts';
import { callsIn } from './calls-in.ts';
import { checkNewName, namesIn } from './check-names.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { BlockDeclaration } from './scope.ts';

/** Of the blocks by way of which one uses itself. */
const MOST_SHOWN = 5;

/** Blocks have a few parameters; a use of one looks at all of them. */
export const MAX_PARAMETERS = 100;

/** No block uses itself, and its parameters can be told apart from one another and from what else has a name. */
export function checkBlocks(declarations: readonly BlockDeclaration[], diagnostics: Diagnostics): void {
  for (const { block } of declarations) {
    if (block.params.length <= MAX_PARAMETERS) checkParameters(block, diagnostics);
    else reportTooMany(block, diagnostics);
  }
  reportRecursion(declarations, diagnostics);
}

function reportTooMany({ name, params }: Block, diagnostics: Diagnostics): void {
  const count = params.length.toLocaleString('en');
  const message = `block ${name.text} has ${count} parameters; ${MAX_PARAMETERS} are supported`;
  diagnostics.report('E026', params[MAX_PARAMETERS]!.span, message);
}

function checkParameters({ params }: Block, diagnostics: Diagnostics): void {
  const places = new Map(params.map(({ name }, at) => [name.text, at] as const).toReversed());
  for (const [at, { name, default: value }] of params.entries()) {
    checkNewName(name, 'parameter', diagnostics);
    const first = params[places.get(name.text)!]!.name;
    if (first !== name)
      diagnostics.report('E035', name.span, `the block has a parameter '${name.text}' already`, {
        related: [{ span: first.span, text: 'here' }],
      });
    for (const used of value ? namesIn(value) : []) {
      const place = places.get(used.text);
      if (place !== undefined && place >= at)
        diagnostics.report(
          'E039',
          used.span,
          place === at
            ? `'${used.text}' cannot be its own default`
            : `'${used.text}' comes after '${name.text}', whose default uses it`,
          { help: 'a default may use the parameters before it' },
        );
    }
  }
}

function reportRecursion(declarations: readonly BlockDeclaration[], diagnostics: Diagnostics): void {
  const byName = new Map(declarations.map(({ block }) => [block.name.text, block]));
  const state = new Map<Block, 'open' | 'done'>();
  for (const { block } of declarations) visit(block);

  /** Depth-first with a stack of our own: a chain of blocks may be long. */
  function visit(root: Block): void {
    const stack: { block: Block; calls: Iterator<{ name: string; span: Span }> }[] = [];
    open(root);
    while (stack.length > 0) {
      const { block, calls } = stack.at(-1)!;
      const next = calls.next();
      if (next.done) {
        state.set(block, 'done');
        stack.pop();
        continue;
      }
      const callee = byName.get(next.value.name);
      if (!callee) continue;
      if (state.get(callee) === 'open') {
        const way = stack.slice(stack.findIndex((open) => open.block === callee) + 1);
        const names = way.slice(0, MOST_SHOWN).map((link) => link.block.name.text);
        if (way.length > MOST_SHOWN) names.push(`${way.length - MOST_SHOWN} more`);
        const through = names.length > 0 ? ` by way of ${names.join(' and ')}` : '';
        diagnostics.report('E048', next.value.span, `block ${callee.name.text} uses itself${through}`, {
          help: 'repeat it with *N instead',
          related: [{ span: callee.name.span, text: 'the block' }],
        });
      } else open(callee);
    }
    function open(block: Block): void {
      if (state.has(block)) return;
      state.set(block, 'open');
      stack.push({ block, calls: callsIn(block.body) });
    }
  }
}
