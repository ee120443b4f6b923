// Which value is meant: the one that flows along an arrow, or the one that has a name.
import type { Label } from '../../grammar/diagnostic.ts';
import { spanText, type Span } from '../../grammar/source.ts';
import type { Diagnostics } from './diagnostics.ts';
import { POISON, type Arms, type Flow, type Instance, type Source } from './instance.ts';
import { nameValue, type NamedFlow, type Scope } from './scope.ts';

export class Values {
  readonly #diagnostics: Diagnostics;
  /** Every name so far, visible or not. */
  readonly #names = new Map<string, Span>();

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  name(scope: Scope, name: string, value: NamedFlow): void {
    nameValue(scope, name, value);
    this.#names.set(name, value.span);
  }

  /** The one value at the end of an arm, or the one that a block or an operator takes. */
  single(flow: Flow | undefined, span: Span): Instance | typeof POISON {
    if (flow === POISON) return POISON;
    if (flow === undefined) {
      this.#diagnostics.report('E020', span, `'${firstWord(span)}' has nothing to work on`, {
        help: 'start the chain with INPUT, or with the name of a value',
      });
      return POISON;
    }
    if (flow.kind !== 'arms') return flow;
    this.reportOpenBranch(flow, span, `'${firstWord(span)}' follows`);
    return POISON;
  }

  /** The same, as an operand: it was made where its operator stands. */
  source(flow: Flow | undefined, span: Span): Source | typeof POISON {
    const instance = this.single(flow, span);
    return instance === POISON ? POISON : { instance, span: instance.span };
  }

  reportOpenBranch(arms: Arms, span: Span, what: string): void {
    const silent = arms.values.some(({ value }) => value === POISON);
    if (silent) return;
    this.#diagnostics.report('E021', span, `a branch gives ${arms.values.length} values, and ${what}`, {
      help: 'join them with ADD, MUL or CONCAT',
      related: span.start === arms.span.start ? [] : [{ span: arms.span, text: 'the branch' }],
    });
  }

  /** Where a name was given that is not visible here. */
  outOfSight(name: string): { help?: string; related?: readonly Label[] } {
    const span = this.#names.get(name);
    if (!span) return {};
    return {
      help: 'names given in a repeat, an arm, a named group or a block are not visible outside',
      related: [{ span, text: 'named here' }],
    };
  }
}

const firstWord = (span: Span): string => /^[^\s(\->→]*/.exec(spanText(span))![0];
