// CST → AST for chains and what they are made of. Missing arrows, empty arms and the like are reported
// here, and the chain goes on as it was meant.
import type { IToken } from 'chevrotain';
import type { Call, Chain, ErrorNode, Expression, Identifier, Item, Primary, Repeat } from './ast.ts';
import type * as cst from './cst.d.ts';
import { buildArguments } from './build-arguments.ts';
import { buildExpression, identifier } from './build-expression.ts';
import { buildNumber } from './build-literal.ts';
import { first, inOrder, isToken, placeOf, placeOfPiece } from './cst-pieces.ts';
import type { Reporter } from './reporter.ts';
import { merges } from './slips.ts';
import { spanOver, spanText, type Span } from './source.ts';
import * as say from './syntax-errors.ts';
import * as t from './tokens.ts';

const errorAt = (span: Span): ErrorNode => ({ kind: 'error', span });

/** How a long chain goes on that is parsed a stretch at a time. */
export type NextStretch = () => cst.ChainCstNode | undefined;

/** A chain, or one without items at `otherwise` where nothing was written. */
export function buildChain(
  node: cst.ChainCstNode | undefined,
  otherwise: Span,
  reporter: Reporter,
  goesOn: NextStretch = () => undefined,
): Chain {
  let span: Span | undefined;
  const items: Item[] = [];
  /** The arrow before the next piece, if that is what stands there. */
  let arrow: IToken | undefined;
  for (let stretch = node; stretch; stretch = goesOn()) {
    const place = placeOf(stretch, reporter, otherwise);
    span = spanOver(span ?? place, place);
    for (const piece of inOrder<cst.ItemCstNode | IToken>(stretch.children.Arrow, stretch.children.item)) {
      if (isToken(piece)) {
        reportArrow(piece, arrow, items.length > 0, reporter);
        arrow = piece;
        continue;
      }
      const item = buildItem(piece, reporter);
      const previous = items.at(-1);
      if (previous && !arrow) {
        const meant =
          sumOfItems(previous, item) ??
          secondWord(previous, item, reporter) ??
          mergeOfNeighbour(previous, item, reporter);
        const named = meant ?? nameWithoutAs(previous, item);
        if (!meant) reportNeighbours(previous, item, named !== undefined, reporter);
        if (named) items.pop();
        items.push(named ?? item);
      } else items.push(item);
      arrow = undefined;
    }
  }
  if (arrow && items.length > 0) reporter.report(say.arrowAtEnd(reporter.over(arrow)));
  return { kind: 'chain', items, span: span ?? otherwise };
}

function reportArrow(
  arrow: IToken,
  before: IToken | undefined,
  isAfterItem: boolean,
  reporter: Reporter,
): void {
  const span = reporter.over(arrow);
  if (arrow.tokenType === t.WrongArrow) reporter.reportOnce(say.wrongArrow(span));
  else if (before) reporter.report(say.arrowTwice(span));
  else if (!isAfterItem) reporter.report(say.arrowAtStart(span));
}

/** The lower-case name that is all of an item. */
function bareName({ as, repeat, primary }: Item): Identifier | undefined {
  if (as || repeat || primary.kind !== 'call' || primary.args) return undefined;
  return /^[a-z_]/.test(primary.name.text) ? primary.name : undefined;
}

/** `x + y`: what becomes of it nobody knows; that there are no sums was said of the sign. */
function sumOfItems(previous: Item, item: Item): Item | undefined {
  const { source, end } = previous.span;
  if (source.text[end - 1] !== '+') return undefined;
  const span = spanOver(previous.span, item.span);
  return { kind: 'item', primary: errorAt(span), ...(item.as && { as: item.as }), span };
}

/** More words were not meant as one name. */
const longestName = 80;

/** `CONV as left arm`: the item keeps the first word as its name. */
function secondWord(previous: Item, item: Item, reporter: Reporter): Item | undefined {
  const word = bareName(item);
  if (!previous.as || !word) return undefined;
  const words = spanOver(previous.as.span, word.span);
  if (words.end - words.start > longestName || spanText(words).includes('\n')) return undefined;
  reporter.report(say.nameOfTwoWords(words));
  return { ...previous, span: spanOver(previous.span, word.span) };
}

/** `ADD x`: read as `ADD(x)`. */
function mergeOfNeighbour(previous: Item, item: Item, reporter: Reporter): Item | undefined {
  const { as, repeat, primary } = previous;
  const name = bareName(item);
  if (as || repeat || primary.kind !== 'call' || primary.args || !name) return undefined;
  if (!merges.has(primary.name.text)) return undefined;
  reporter.report(
    say.unexpected(name.span, `values stand in parentheses: ${primary.name.text}(${name.text}, _)`),
  );
  const value = { kind: 'name', name, span: name.span } as const;
  const args = [{ kind: 'argument', value, span: name.span } as const];
  const span = spanOver(previous.span, name.span);
  return { kind: 'item', primary: { ...primary, args, span }, span };
}

/** `CONV conv1`: a lower-case name after an item was meant as its name. */
function nameWithoutAs(previous: Item, item: Item): Item | undefined {
  const name = bareName(item);
  if (previous.as || !name) return undefined;
  return { ...previous, as: name, span: spanOver(previous.span, name.span) };
}

function reportNeighbours(previous: Item, item: Item, isName: boolean, reporter: Reporter): void {
  // What is wrong with the end of one item or the start of the next explains why nothing joins them.
  const between = reporter.span(previous.primary.span.end, item.span.start);
  if (item.primary.kind === 'error' || previous.primary.kind === 'error') return;
  if (reporter.hasReportedIn(between)) return;
  const start = placeOfHead(item);
  if (isName) reporter.report(spanText(start) === 'x' ? say.timesWithoutCount(start) : say.missingAs(start));
  else reporter.report(say.missingArrow(start));
}

/** The name of an operator or block, or the bracket that an item starts with. */
function placeOfHead({ primary, span }: Item): Span {
  if (primary.kind === 'call') return primary.name.span;
  return { ...span, end: span.start + 1 };
}

function buildItem(node: cst.ItemCstNode, reporter: Reporter): Item {
  const span = placeOf(node, reporter, reporter.span(0, 0));
  const primaryNode = first(node.children.primary);
  const suffixes = node.children.suffix ?? [];
  const primary =
    primaryNode === undefined
      ? primaryInsteadOf(suffixes[0], span, reporter)
      : buildPrimary(primaryNode, span, reporter);
  const parts = new ItemParts(primary, reporter);
  suffixes.forEach((suffix, at) => parts.add(suffix, suffixes.slice(at + 1, at + 3)));
  return parts.item(span);
}

/** Where an item starts with what cannot start one. */
function primaryInsteadOf(suffix: cst.SuffixCstNode | undefined, span: Span, reporter: Reporter): ErrorNode {
  const stray = first(suffix?.children.NotInChain);
  const token = stray ?? first(suffix?.children.repeat)?.children.Times[0] ?? wordOf(suffix);
  if (token && token.tokenType !== t.Stray) {
    const help = token.image === '/' ? 'a comment starts with #' : undefined;
    reporter.report(say.expected(reporter.over(token), 'an operator, a block, [ or {', help));
  }
  return errorAt(span);
}

const wordOf = (suffix: cst.SuffixCstNode | undefined): IToken | undefined =>
  first(first(suffix?.children.index)?.children.With) ?? first(first(suffix?.children.naming)?.children.As);

/** Gathers what follows a primary: a repeat, its index, a name. */
class ItemParts {
  readonly #primary: Primary;
  readonly #reporter: Reporter;
  #repeat: Repeat | undefined;
  #as: Identifier | undefined;
  /** What does not belong here was reported. */
  #hasStray: boolean;

  constructor(primary: Primary, reporter: Reporter) {
    this.#primary = primary;
    this.#reporter = reporter;
    this.#hasStray = primary.kind === 'error';
  }

  item(span: Span): Item {
    return {
      kind: 'item',
      primary: this.#primary,
      ...(this.#repeat && { repeat: this.#repeat }),
      ...(this.#as && { as: this.#as }),
      span,
    };
  }

  /** One suffix; what stands behind it shows what was meant. */
  add({ children }: cst.SuffixCstNode, behind: readonly cst.SuffixCstNode[]): void {
    const repeat = first(children.repeat);
    const index = first(children.index);
    const naming = first(children.naming);
    const stray = first(children.NotInChain);
    if (repeat) this.#addRepeat(repeat, behind);
    if (index) this.#addIndex(index);
    if (naming) this.#addName(naming, first(behind[0]?.children.NotInChain));
    if (stray) this.#addStray(stray);
  }

  #addRepeat(node: cst.RepeatCstNode, behind: readonly cst.SuffixCstNode[]): void {
    const reporter = this.#reporter;
    const times = node.children.Times[0]!;
    const countNode = first(node.children.count);
    const place = reporter.over(times);
    if (countNode === undefined && !node.recoveredNode) this.#reportCount(place, behind);
    if (this.#repeat) reporter.report(say.secondRepeat(place));
    else if (this.#as) reporter.report(say.repeatAfterName(place));
    const count = buildCount(countNode, place, reporter);
    this.#repeat ??= { count, span: placeOf(node, reporter, place) };
  }

  /** `*1.5` and `*-1` are counts, though wrong ones. */
  #reportCount(times: Span, behind: readonly cst.SuffixCstNode[]): void {
    const strays = behind.map(({ children }) => first(children.NotInChain));
    const [sign] = strays;
    const last = sign?.image === '-' ? strays[1] : sign;
    const isNumber = sign && last && /^[\d.]/.test(last.image) && last.tokenType !== t.Dot;
    if (isNumber) this.#reporter.report(say.wrongCount(this.#reporter.over(sign, last)));
    else this.#reporter.report(say.missingCount(times));
    this.#hasStray ||= isNumber === true;
  }

  #addIndex({ children }: cst.IndexCstNode): void {
    const reporter = this.#reporter;
    const place = reporter.over(children.With[0]!);
    const name = first(children.Name);
    if (name === undefined) reporter.report(say.missingName(place, 'a lower-case name'));
    else checkLowerCase(name, 'an index has a lower-case name', reporter);
    if (this.#repeat === undefined) reporter.report(say.indexWithoutRepeat(place));
    else if (this.#repeat.index) reporter.report(say.secondIndex(place));
    else if (name) {
      const index = identifier(name, reporter);
      this.#repeat = { ...this.#repeat, index, span: spanOver(this.#repeat.span, index.span) };
    }
  }

  #addName({ children }: cst.NamingCstNode, behind: IToken | undefined): void {
    const reporter = this.#reporter;
    const place = reporter.over(children.As[0]!);
    const name = first(children.Name);
    if (name === undefined && behind?.tokenType === t.Text) {
      reporter.report(say.quotedName(reporter.over(behind)));
      this.#hasStray = true;
    } else if (name === undefined) reporter.report(say.missingName(place, 'a lower-case name'));
    else if (name.tokenType !== t.Path) checkLowerCase(name, 'a value has a lower-case name', reporter);
    if (this.#as) reporter.report(say.secondName(place));
    else if (name) this.#as = identifier(name, reporter);
  }

  #addStray(token: IToken): void {
    const isNews = !this.#hasStray && token.tokenType !== t.Stray;
    this.#hasStray = true;
    if (!isNews) return;
    const place = this.#reporter.over(token);
    if (this.#reporter.hasReportedIn({ ...place, start: this.#repeat?.span.start ?? place.start })) return;
    this.#reporter.report(say.unexpected(place, this.#helpWithStray(token)));
  }

  #helpWithStray(token: IToken): string | undefined {
    if (token.image === '=') return 'a value gets its name at the end: CONV as name';
    if (token.image === '/') return 'a comment starts with #';
    if (token.image === '^') return "a repeat is written with '*': item*3";
    if (token.image === ',') return "items are joined by '->', arms of a branch separated by '|'";
    if (token.image === '+') return 'values are added by ADD: ADD(a, b), or { … | … } -> ADD';
    if (token.image === '.') return "items are joined by '->'";
    const primary = this.#primary;
    if (primary.kind === 'group' && token.tokenType === t.Integer && !this.#repeat)
      return `a repeat is written with '*': […]*${token.image}`;
    const isValue = /^[\d.?"]/.test(token.image);
    if (!isValue || primary.kind !== 'call' || primary.args || this.#repeat || this.#as) return undefined;
    return `arguments stand in parentheses: ${primary.name.text}(${token.image})`;
  }
}

/** Says when a name that is given here is not in lower case. */
function checkLowerCase(name: IToken, rule: string, reporter: Reporter): void {
  if (!/^[a-z_]/.test(name.image)) {
    reporter.report(say.wrongCase(reporter.over(name), rule, name.image.toLowerCase()));
  }
}

function buildCount(node: cst.CountCstNode | undefined, times: Span, reporter: Reporter): Expression {
  if (node === undefined) return errorAt(times);
  const span = placeOf(node, reporter, times);
  const integer = first(node.children.Integer);
  if (integer) return buildNumber(integer, reporter);
  const name = first(node.children.LowerName);
  if (name) return { kind: 'name', name: identifier(name, reporter), span };
  return buildExpression(first(node.children.expression), span, reporter);
}

function buildPrimary({ children }: cst.PrimaryCstNode, span: Span, reporter: Reporter): Primary {
  const call = first(children.call);
  if (call) return buildCall(call, span, reporter);
  const group = first(children.group);
  if (group) return buildGroup(group, span, reporter);
  const branch = first(children.branch);
  return branch ? buildBranch(branch, span, reporter) : errorAt(span);
}

function buildCall(node: cst.CallCstNode, otherwise: Span, reporter: Reporter): Call | ErrorNode {
  const span = placeOf(node, reporter, otherwise);
  const name = first(node.children.Name);
  const args = first(node.children.args);
  // A name that is empty stands before arguments of nothing.
  if (name === undefined || name.image === '') return errorAt(span);
  return {
    kind: 'call',
    name: identifier(name, reporter),
    ...(args && { args: buildArguments(args, reporter) }),
    span,
  };
}

function buildGroup(node: cst.GroupCstNode, otherwise: Span, reporter: Reporter): Primary {
  const span = placeOf(node, reporter, otherwise);
  const chain = buildChain(first(node.children.chain), span, reporter);
  if (chain.items.length > 0) return { kind: 'group', chain, span };
  if (!reporter.hasReportedIn(span)) reporter.report(say.emptyGroup(span));
  return errorAt(span);
}

function buildBranch(node: cst.BranchCstNode, otherwise: Span, reporter: Reporter): Primary {
  const span = placeOf(node, reporter, otherwise);
  const { chain = [], Pipe = [], OpenCurly } = node.children;
  const opening = reporter.over(OpenCurly[0]!);
  const arms = chain.map((arm, at) => {
    const bar = at === 0 ? opening : placeOfPiece(Pipe[at - 1]!, reporter, opening);
    const built = buildChain(arm, bar, reporter);
    if (built.items.length > 0) return built;
    if (!reporter.hasReportedIn(built.span)) reporter.report(say.emptyArm(built.span));
    return { ...built, items: [errorItem(built.span)] };
  });
  if (arms.length < 2 && !reporter.hasReportedIn(span)) reporter.report(say.singleArm(opening));
  return { kind: 'branch', arms, span };
}

const errorItem = (span: Span): Item => ({ kind: 'item', primary: errorAt(span), span });
