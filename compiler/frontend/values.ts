// Which value is meant: the one that flows along an arrow, or the one that has a name.
import type { Call } from '../../grammar/ast.ts';
import type { Label } from '../../grammar/diagnostic.ts';
import { isBlockName } from '../../grammar/block-name.ts';
import { spanText, type Span } from '../../grammar/source.ts';
import { KEYWORDS } from '../ops/index.ts';
import { showName } from '../support/show-name.ts';
import type { Diagnostics } from './diagnostics.ts';
import { POISON, type Arms, type Flow, type Instance, type Source } from './instance.ts';
import { lookUpValue, nameValue, valuesInScope, type NamedFlow, type Scope } from './scope.ts';
import { didYouMeanWord } from './synonyms.ts';

/** Words that the expansion itself gives a meaning. */
const STRUCTURAL = ['INPUT', 'OUTPUT', 'SKIP'];

export class Values {
  readonly #diagnostics: Diagnostics;
  /** Every name so far, visible or not. */
  readonly #names = new Map<string, NamedFlow>();
  readonly #suggestions = new Map<Call, string>();
  /** Branches whose values nothing joined, which has been said. */
  readonly #open = new Set<Arms>();

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  name(scope: Scope, name: string, value: NamedFlow): void {
    nameValue(scope, name, value);
    this.#names.set(name, value);
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
    if (silent || this.#open.has(arms)) return;
    this.#open.add(arms);
    const count = arms.values.length;
    // A second turn of a repeat meets the values of the first.
    if (isPartOf(arms.span, span)) {
      this.#diagnostics.report('E021', arms.span, `a branch gives ${count} values, and it is repeated`, {
        help: 'join them before they are repeated: [{ … | … } -> ADD]*2',
      });
      return;
    }
    this.#diagnostics.report('E021', span, `a branch gives ${count} values, and ${what}`, {
      help: 'join them with ADD, MUL or CONCAT',
      related: span.start === arms.span.start ? [] : [{ span: arms.span, text: 'the branch' }],
    });
  }

  /**
   * Says of a word that it means nothing here, and what may have been meant; `isAfter`: another item stands before it.
   * Gives the operator that it is in small letters, if it is one.
   */
  reportUnknown(call: Call, scope: Scope, isAfter: boolean): string | undefined {
    const { name, args } = call;
    const { text, span } = name;
    if (scope.file.isIncomplete && isBlockName(text)) return undefined;
    if (this.isPoison(text) && lookUpValue(scope, text) === undefined) return undefined;
    const shown = showName(text);
    if (lookUpValue(scope, text) !== undefined) {
      this.#diagnostics.report('E030', span, `'${shown}' is a value; only the head of a chain can be one`, {
        help: `join values with ADD, MUL or CONCAT: CONCAT(${shown}, _)`,
      });
      return undefined;
    }
    if (text === '_') {
      this.#diagnostics.report('E030', span, "'_' stands only between the parentheses of a merge", {
        help: 'it is the value that flows in: ADD(name, _)',
      });
      return undefined;
    }
    const operator = text.toUpperCase();
    const isOperator = KEYWORDS.has(operator) || STRUCTURAL.includes(operator);
    if (isOperator && /^[a-z]/.test(text) && !this.#names.has(text)) {
      this.#diagnostics.reportSmall(span, operator);
      return operator;
    }
    const meant = this.#meant(call, scope);
    // On a line of its own, a value in small letters would have begun a statement.
    const isSmall = [...valuesInScope(scope)].includes(text.toLowerCase());
    if (isSmall) this.#diagnostics.withdrawMissingArrow(span);
    const mayBeName = isAfter && !args && meant === '' && /^[a-z_]/.test(text);
    this.#diagnostics.report('E030', span, `unknown operator, block or value '${shown}'${meant}`, {
      ...(mayBeName && { help: `to name the value before it, write as ${shown}` }),
      ...this.outOfSight(text),
    });
    if (mayBeName) this.name(scope, text, { flow: POISON, span });
    return undefined;
  }

  /** What may have been meant by a word; it is looked for in the first of 100,000 turns. */
  #meant(call: Call, scope: Scope): string {
    const known = this.#suggestions.get(call);
    if (known !== undefined) return known;
    const words = [...KEYWORDS.keys(), ...STRUCTURAL, ...scope.file.blocks.keys(), ...valuesInScope(scope)];
    const meant = didYouMeanWord(call.name.text, words);
    this.#suggestions.set(call, meant);
    return meant;
  }

  /** Whether what has a name, visible or not, is wrong, which was said. */
  isPoison(name: string): boolean {
    return this.#names.get(name)?.flow === POISON;
  }

  /** Where a name was given that is not visible here. */
  outOfSight(name: string): { help?: string; related?: readonly Label[] } {
    const span = this.#names.get(name)?.span;
    if (!span) return {};
    return {
      help: 'names given in a repeat, an arm, a named group or a block are not visible outside',
      related: [{ span, text: 'named here' }],
    };
  }
}

const firstWord = (span: Span): string => /^[^\s(\->→]*/.exec(spanText(span))![0];

const isPartOf = (whole: Span, { source, start, end }: Span): boolean =>
  whole.source === source && whole.start < start && end <= whole.end;
