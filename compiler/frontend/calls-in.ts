import type { Chain } from '../../grammar/ast.ts';
import type { Span } from '../../grammar/source.ts';

/** Every operator and block that a chain names, at any depth. */
export function* callsIn(chain: Chain): Generator<{ name: string; span: Span }> {
  for (const { primary } of chain.items) {
    if (primary.kind === 'call') yield { name: primary.name.text, span: primary.name.span };
    else if (primary.kind === 'group') yield* callsIn(primary.chain);
    else if (primary.kind === 'branch') for (const arm of primary.arms) yield* callsIn(arm);
  }
}
