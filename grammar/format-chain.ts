// Chains as documents: items, their arguments, groups and branches.
import type { Argument, Branch, Call, Chain, Group, Item, Parameter, Primary } from './ast.ts';
import type { Comments } from './format-comments.ts';
import { formatExpression, formatRepeat } from './format-expression.ts';
import { align, group, indent, line, type Doc } from './layout.ts';
import { spanText, type Span } from './source.ts';

/** What formatting an item needs to know. */
export interface FormatContext {
  readonly comments: Comments;
  /** How far lines are indented. */
  readonly step: number;
}

/** A chain whose further lines are indented. */
export function formatChain(chain: Chain, context: FormatContext): Doc {
  const [head, tail] = formatItems(chain, context);
  return group([head, indent(context.step, tail)]);
}

/** A chain whose further lines begin below its first. */
export const formatBody = (chain: Chain, context: FormatContext): Doc => group(formatItems(chain, context));

// A chain that fits stands on one line. Otherwise the writer's lines are kept, as they mostly mean
// something: a stage of the network, say. Where there are none, each item gets its own, except that a
// merge stays beside its branch.
function formatItems({ items }: Chain, context: FormatContext): [head: Doc, tail: Doc] {
  const { comments } = context;
  const gaps = items.map(({ span }, at) => ({
    after: items[at - 1]?.span.end ?? span.start,
    before: span.start,
  }));
  const hasLines = gaps.some((gap) => comments.hasLineEnd(gap));
  const [head = '', ...tail] = items.map((item, at) => {
    const gap = gaps[at]!;
    if (at === 0) return formatItem(item, context);
    const isFilled = hasLines || items[at - 1]!.primary.kind === 'branch';
    const isOwnLine = !isFilled || comments.hasLineEnd(gap);
    const separator = isOwnLine ? comments.lineIn(gap, 'broken') : line('full');
    return [comments.inGap(gap, separator), '-> ', formatItem(item, context)];
  });
  return [head, tail];
}

function formatItem({ primary, repeat, as }: Item, context: FormatContext): Doc {
  return [formatPrimary(primary, context), repeat ? formatRepeat(repeat) : '', as ? ` as ${as.text}` : ''];
}

function formatPrimary(primary: Primary, context: FormatContext): Doc {
  switch (primary.kind) {
    case 'call':
      return formatCall(primary, context);
    case 'group':
      return formatGroup(primary, context);
    case 'branch':
      return formatBranch(primary, context);
    case 'error':
      return spanText(primary.span);
  }
}

const formatCall = ({ name, args, span }: Call, context: FormatContext): Doc =>
  args ? [name.text, formatArguments(args, span, context)] : name.text;

/** `[chain]` */
function formatGroup({ chain, span }: Group, context: FormatContext): Doc {
  const { comments } = context;
  const { start, end } = chain.span;
  return align([
    '[',
    indent(1, comments.afterOpening(start, '')),
    align(formatChain(chain, context)),
    comments.inGap({ after: end, before: span.end }, '', 1),
    ']',
  ]);
}

/** `{ arm | arm }`, one arm to a line where it does not fit. */
function formatBranch({ arms, span }: Branch, context: FormatContext): Doc {
  const { comments } = context;
  let end = span.start;
  const docs = arms.map((arm, at): Doc => {
    const pipe = at === 0 ? end : comments.find('|', { after: end, before: arm.span.start });
    const gap = { after: end, before: pipe };
    end = arm.span.end;
    return [
      at === 0 ? '{' : [comments.inGap(gap, line('broken')), '|'],
      indent(2, comments.afterOpening(arm.span.start, ' ')),
      align(formatChain(arm, context)),
    ];
  });
  return group(align([docs, comments.inGap({ after: end, before: span.end }, ' ', 2), '}']));
}

/** Arguments of a call, or parameters of a block, up to the end of `span`. */
export function formatArguments(
  args: readonly (Argument | Parameter)[],
  span: Span,
  { comments, step }: FormatContext,
): Doc {
  const edge = line('broken', { otherwise: '' });
  let end = span.start;
  const docs = args.map((arg, at): Doc => {
    const gap = { after: end, before: arg.span.start };
    end = arg.span.end;
    const separator = at === 0 ? edge : line('broken');
    return [at === 0 ? '' : ',', comments.inGap(gap, separator), formatArgument(arg)];
  });
  return group(['(', indent(step, docs), comments.inGap({ after: end, before: span.end }, edge, step), ')']);
}

function formatArgument(arg: Argument | Parameter): string {
  const isParameter = !('kind' in arg);
  const value = isParameter ? arg.default : arg.value;
  return [arg.name?.text, value && formatExpression(value)].filter((part) => part !== undefined).join('=');
}
