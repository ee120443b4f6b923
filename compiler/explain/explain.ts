// The expanded program → the program again, with everything spelled.
//
// Its structure stays: repeats whose turns are alike remain repeats, others are unrolled; blocks remain
// blocks, a second one being declared where two uses of one differ (as `DownV2`, say). What is printed has
// no default left in it, gives the same graph with the same weight paths, and explains to itself.
import type { Item } from '../../grammar/ast.ts';
import { format } from '../../grammar/format.ts';
import { beginsStatement } from '../../grammar/slips.ts';
import { sourceFile } from '../../grammar/source.ts';
import { invariant } from '../support/assert.ts';
import { formatExpression, formatRepeat } from '../../grammar/format-expression.ts';
import { align, group, indent, join, line, printDoc, trailing, type Doc } from '../../grammar/layout.ts';
import { NoValue } from '../frontend/expression.ts';
import type {
  BlockTree,
  BranchTree,
  CallTree,
  ChainTree,
  Instance,
  ItemTree,
  PrimaryTree,
} from '../frontend/instance.ts';
import type { Layer } from '../frontend/lower.ts';
import type { BuiltProgram } from '../frontend/program.ts';
import { argumentList, markedArguments, mentions, plainArguments, type Gone } from './arguments.ts';
import { blockArguments } from './block-arguments.ts';
import { findVariants, type Variant, type Variants } from './variants.ts';

export interface ExplainOptions {
  /** Says by comments which arguments nobody wrote, and why they are what they are. */
  readonly marks: boolean;
  readonly width?: number;
}

const STEP = 2;
const NOTHING_GONE: Gone = new Set();
const LEGEND = '# Everything is spelled; behind what nobody wrote stands why it is so.';

/** A program with every argument of every operator spelled. */
export function explain(built: BuiltProgram, { marks, width = 100 }: ExplainOptions): string {
  const layers = new Map(built.layers.map((layer) => [layer.instance, layer]));
  const { chains } = built.expansion;
  const expanded = expandedItems(chains);
  const variants = findVariants(chains, () => {
    const texts: Texts = new Map();
    return ({ body }, known) =>
      flat(new Printer(layers, known, { marks: false, texts, expanded }).chain(body));
  });
  const printer = new Printer(layers, variants, { marks, texts: new Map(), expanded });
  const statements = [
    ...variants.all.map((variant) => printer.declaration(variant)),
    ...chains.map((chain) => printer.statement(chain)),
  ].map((doc) => printDoc(doc, width).trimEnd());
  const head = [...(marks ? [LEGEND] : []), `cnn ${built.program.version?.value ?? 1}`];
  const parts = statements.map((text, i) => (i === 0 || beginsStatement(text) ? text : `; ${text}`));
  const text = `${[head.join('\n'), ...parts].join('\n\n').trimEnd()}\n`;
  if (marks) return text;
  const formatted = format(sourceFile(text));
  invariant('text' in formatted, 'what is printed is a program');
  return formatted.text;
}

const flat = (doc: Doc): string => printDoc(doc, Infinity);

/** How pieces print, without marks, where no index is gone. */
type Texts = Map<PrimaryTree, string>;

/** Repeats in blocks, by where they are written, as they came out where they had turns. */
type ExpandedItems = ReadonlyMap<Item, readonly PrimaryTree[]>;

interface Look {
  readonly marks: boolean;
  readonly texts: Texts;
  readonly expanded: ExpandedItems;
}

class Printer {
  readonly #layers: ReadonlyMap<Instance, Layer>;
  readonly #variants: Variants;
  readonly #look: Look;

  constructor(layers: ReadonlyMap<Instance, Layer>, variants: Variants, look: Look) {
    this.#layers = layers;
    this.#variants = variants;
    this.#look = look;
  }

  declaration({ declaration, use, name }: Variant): Doc {
    const { params } = declaration.block;
    const list = params.length > 0 ? `(${params.map((param) => param.name.text).join(', ')})` : '';
    return group([`block ${name}${list} =`, indent(STEP, [line('broken'), this.chain(use.body)])]);
  }

  statement(chain: ChainTree): Doc {
    return inChain(this.#items(chain, NOTHING_GONE), STEP);
  }

  chain(chain: ChainTree, gone = NOTHING_GONE): Doc {
    return inChain(this.#items(chain, gone));
  }

  #items({ items }: ChainTree, gone: Gone): Doc[] {
    return items.flatMap((item) => this.#item(item, gone));
  }

  /** One item; several where the turns of a repeat without a name differ. */
  #item({ item, path, turns: own }: ItemTree, gone: Gone): Doc[] {
    const isUnnamed = path === undefined;
    const turns = own.length > 0 ? own : this.#turnsElsewhere(item, gone, isUnnamed);
    const as = item.as ? ` as ${item.as.text}` : '';
    const [first] = turns;
    // Without turns it is the identity, which keeps its place among the members of a sequence.
    if (!first) return [`SKIP${as}`];
    if (!item.repeat) return [[this.#named(first, gone, isUnnamed), as]];
    if (this.#areAlike(turns, gone, isUnnamed)) {
      if (isUnnamed && this.#nameOf(first) !== '') return [this.#named(first, gone, isUnnamed)];
      const isCounted = !mentions(item.repeat.count, gone);
      return [[this.#primary(first, gone), isCounted ? formatRepeat(item.repeat) : `*${turns.length}`, as]];
    }
    const inner = item.repeat.index ? new Set([...gone, item.repeat.index.text]) : gone;
    const unrolled = turns.map((turn) => this.#named(turn, inner, isUnnamed));
    return isUnnamed ? unrolled : [['[', align(inChain(unrolled)), ']', as]];
  }

  /** `Res(c)*(n - 1)` in a block has no turns where n is 1; it is the same repeat all the same. */
  #turnsElsewhere(item: Item, gone: Gone, isUnnamed: boolean): readonly PrimaryTree[] {
    const turns = this.#look.expanded.get(item) ?? [];
    const isPlain =
      item.repeat && !mentions(item.repeat.count, gone) && turns[0] && this.#nameOf(turns[0]) === '';
    return isPlain && this.#areAlike(turns, gone, isUnnamed) ? turns : [];
  }

  #areAlike(turns: readonly PrimaryTree[], gone: Gone, isUnnamed: boolean): boolean {
    const [first, ...others] = turns.map(
      (turn) => this.#text(turn, gone) + (isUnnamed ? this.#nameOf(turn) : ''),
    );
    return others.every((other) => other === first);
  }

  #text(tree: PrimaryTree, gone: Gone): string {
    const plain = this.#look.marks ? this.#withoutMarks() : this;
    if (gone.size > 0) return flat(plain.#primary(tree, gone));
    const text = this.#look.texts.get(tree) ?? flat(plain.#primary(tree, gone));
    this.#look.texts.set(tree, text);
    return text;
  }

  #withoutMarks(): Printer {
    return new Printer(this.#layers, this.#variants, { ...this.#look, marks: false });
  }

  #named(tree: PrimaryTree, gone: Gone, isUnnamed: boolean): Doc {
    return [this.#primary(tree, gone), isUnnamed ? this.#nameOf(tree) : ''];
  }

  /** The name that keeps the path of a block which is split; others are counted as they were. */
  #nameOf(tree: PrimaryTree): string {
    const isSplit = tree.kind === 'block' && this.#variants.split.has(tree.declaration);
    return isSplit ? ` as ${tree.path.split('.').at(-1)}` : '';
  }

  #primary(tree: PrimaryTree, gone: Gone): Doc {
    switch (tree.kind) {
      case 'call':
        return this.#call(tree, gone);
      case 'block':
        return this.#block(tree, gone);
      case 'group':
        return ['[', align(this.chain(tree.chain, gone)), ']'];
      case 'branch':
        return this.#branch(tree, gone);
    }
  }

  #branch({ arms }: BranchTree, gone: Gone): Doc {
    const docs = arms.map((arm) => align(this.chain(arm, gone)));
    return group(align(['{ ', join([line('broken'), '| '], docs), ' }']));
  }

  #call({ call, instance }: CallTree, gone: Gone): Doc {
    const layer = instance && this.#layers.get(instance);
    if (layer)
      return [
        call.name.text,
        this.#look.marks
          ? markedArguments(layer, gone, STEP)
          : argumentList(plainArguments(layer, gone), STEP),
      ];
    const args = (call.args ?? []).map(
      ({ name, value }) => `${name ? `${name.text}=` : ''}${formatExpression(value)}`,
    );
    return [call.name.text, argumentList(args, STEP)];
  }

  #block(tree: BlockTree, gone: Gone): Doc {
    const { args, defaulted } = blockArguments(tree, gone, (instance) => {
      const value = this.#layers.get(instance)?.result;
      if (!value) throw new NoValue();
      return value;
    });
    const name = this.#variants.byUse.get(tree)?.name ?? tree.declaration.block.name.text;
    const mark = defaulted.length > 0 ? `  # default: ${defaulted.join(', ')}` : '';
    return [name, argumentList(args, STEP), this.#look.marks && mark !== '' ? trailing(mark) : ''];
  }
}

function expandedItems(chains: readonly ChainTree[]): ExpandedItems {
  const expanded = new Map<Item, readonly PrimaryTree[]>();
  const visitChain = ({ items }: ChainTree): void => {
    for (const { item, turns } of items) {
      if (item.repeat && turns.length > 0 && !expanded.has(item)) expanded.set(item, turns);
      turns.forEach(visit);
    }
  };
  const visit = (tree: PrimaryTree): void => {
    if (tree.kind === 'group') visitChain(tree.chain);
    if (tree.kind === 'block') visitChain(tree.body);
    if (tree.kind === 'branch') tree.arms.forEach(visitChain);
  };
  chains.forEach(visitChain);
  return expanded;
}

/** Items joined by arrows: on one line, or each on its own. */
function inChain([head = '', ...rest]: readonly Doc[], step = 0): Doc {
  return group([
    head,
    indent(
      step,
      rest.map((doc) => [line('broken'), '-> ', doc]),
    ),
  ]);
}
