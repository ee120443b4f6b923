import type { Block } from '../../grammar/ast.ts';
import type { Span } from '../../grammar/source.ts';
import { KEYWORDS } from '../ops/index.ts';
import { callsIn } from './calls-in.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { BlockDeclaration } from './scope.ts';

/** No block uses itself, and no parameter is called like a word that attributes take. */
export function checkBlocks(declarations: readonly BlockDeclaration[], diagnostics: Diagnostics): void {
  const words = new Set(
    [...KEYWORDS.values()].flatMap(({ args }) => Object.values(args).flatMap((arg) => arg.words ?? [])),
  );
  for (const { block } of declarations) {
    for (const { name } of block.params) {
      if (words.has(name.text))
        diagnostics.report(
          'E035',
          name.span,
          `'${name.text}' is a word that attributes take; call the parameter otherwise`,
        );
    }
  }
  reportRecursion(declarations, diagnostics);
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
      if (state.get(callee) === 'open')
        diagnostics.report('E048', next.value.span, `block ${callee.name.text} uses itself`, {
          help: 'repeat it with *N instead',
          related: [{ span: callee.name.span, text: 'the block' }],
        });
      else open(callee);
    }
    function open(block: Block): void {
      if (state.has(block)) return;
      state.set(block, 'open');
      stack.push({ block, calls: callsIn(block.body) });
    }
  }
}
