// The syntax tree → instances: repeats are unrolled, blocks inlined, arms followed, names resolved and
// turned into state_dict paths. Nothing is typed here; sizes of values are not known yet.
import type { Branch, Call, Chain, Group, Item, Program } from '../../grammar/ast.ts';
import { spanText, type Span } from '../../grammar/source.ts';
import type { Keyword } from '../ops/keyword.ts';
import { KEYWORDS } from '../ops/index.ts';
import { portName } from '../ops/argument.ts';
import { showName } from '../support/show-name.ts';
import { bindParameters } from './bind-parameters.ts';
import type { Diagnostics } from './diagnostics.ts';
import {
  POISON,
  type ArmValue,
  type ChainTree,
  type Expansion,
  type Flow,
  type Instance,
  type ItemTree,
  type Literal,
  type PrimaryTree,
  type Source,
} from './instance.ts';
import { LeastSteps } from './least-steps.ts';
import { Ledger, TooMuch } from './ledger.ts';
import { repeatCount } from './repeat-count.ts';
import { joined, type Joined } from './merge.ts';
import { lookAtArguments } from './settings.ts';
import {
  countUp,
  innerScope,
  joinPath,
  lookUpValue,
  pathScope,
  type BlockDeclaration,
  type Bound,
  type FileScope,
  type Scope,
} from './scope.ts';
import { Values } from './values.ts';

const OUTPUT_NAME = portName('What callers call it.');

const NO_LITERALS: readonly Literal[] = [];

/** Blocks within blocks. */
const MAX_BLOCK_DEPTH = 100;
/** Expands the chains of `program`. What is wrong is reported; what depends on it is poisoned. */
export function expand(program: Program, file: FileScope, diagnostics: Diagnostics): Expansion {
  const ledger = new Ledger(diagnostics);
  try {
    const chains = new Expander(diagnostics, ledger).program(program, file);
    return ledger.finish(chains);
  } catch (error) {
    if (error instanceof TooMuch) return { instances: [], outputs: [], chains: [] };
    throw error;
  }
}

/** What flows on after a piece of the program, and how that piece was expanded. */
interface Expanded<Tree> {
  readonly flow: Flow | undefined;
  readonly tree: Tree;
}

class Expander {
  readonly #diagnostics: Diagnostics;
  readonly #ledger: Ledger;
  readonly #values: Values;
  /** Calls without a value to work on whose arguments have been looked at. */
  readonly #looked = new Set<Call>();

  constructor(diagnostics: Diagnostics, ledger: Ledger) {
    this.#diagnostics = diagnostics;
    this.#values = new Values(diagnostics);
    this.#ledger = ledger;
  }

  program({ statements, span }: Program, file: FileScope): ChainTree[] {
    const scope: Scope = { file, path: pathScope(''), frames: [], parameters: new Map() };
    const chains = statements.filter((statement) => statement.kind === 'chain-statement');
    if (chains.length === 0 && !this.#diagnostics.isCutShort)
      this.#diagnostics.report('E024', { ...span, start: span.end }, 'there is no network here', {
        help: 'a program is a chain such as: INPUT -> [CONV -> POOL]*3 -> FC',
      });
    const least = new LeastSteps();
    for (const { chain } of chains)
      for (const item of chain.items) this.#ledger.expectAtLeast(least.ofItem(item, file), item.span);
    return chains.map(({ chain }) => this.#statement(chain, scope));
  }

  #statement(chain: Chain, scope: Scope): ChainTree {
    const { flow, tree } = this.#chain(chain, { flow: undefined, scope, mayStartAnew: true });
    const last = chain.items.at(-1);
    if (last && flow === undefined && chain.items.every(({ repeat }) => repeat))
      this.#diagnostics.report(
        'E024',
        chain.span,
        'nothing is left of this chain: its items are repeated 0 times',
        {
          help: 'a chain begins with INPUT, or with a value that has a name',
        },
      );
    if (flow === undefined || flow === POISON || !last) return tree;
    if (flow.kind === 'arms') this.#values.reportOpenBranch(flow, last.span, 'the chain ends');
    else this.#ledger.end({ instance: flow, span: last.span });
    return tree;
  }

  #chain(chain: Chain, { flow, scope, mayStartAnew }: ChainStart): Expanded<ChainTree> {
    const items = chain.items.map((item, position): ItemTree => {
      const place = { position, mayBeValue: position === 0 && mayStartAnew };
      const expanded = this.#item(item, flow, scope, place);
      flow = expanded.flow;
      return expanded.tree;
    });
    return { flow, tree: { items } };
  }

  #item(item: Item, start: Flow | undefined, scope: Scope, place: Place): Expanded<ItemTree> {
    const isFree = item.as === undefined || this.#checkNewName(item.as, scope);
    // A name of its own, or the position in a sequence, opens a path; otherwise counters do. A name that
    // is taken has been reported; the layer gets a path that no other can have.
    const own = item.as && (isFree ? item.as.text : `${item.as.text}'${item.span.start}`);
    const name = own ?? (scope.path.isSequence ? String(place.position) : undefined);
    const { flow, tree: turns } = item.repeat
      ? this.#repeat(item, start, scope, { ...place, name })
      : this.#once(item, start, scope, { ...place, name });
    if (item.as && isFree && flow !== undefined)
      this.#values.name(scope, item.as.text, { flow, span: item.as.span });
    const path = name === undefined ? undefined : joinPath(scope.path.prefix, name);
    return { flow, tree: { item, turns, ...(path !== undefined && { path }) } };
  }

  #once(item: Item, start: Flow | undefined, scope: Scope, place: NamedPlace): Expanded<PrimaryTree[]> {
    this.#ledger.step(item.span);
    const { flow, tree } = this.#primary(item, start, scope, place);
    return { flow, tree: tree ? [tree] : [] };
  }

  #repeat(item: Item, start: Flow | undefined, scope: Scope, place: NamedPlace): Expanded<PrimaryTree[]> {
    const repeat = item.repeat!;
    const times = repeatCount(repeat, scope, this.#diagnostics);
    if (times === undefined) return { flow: this.#repeatUnknown(item, scope, place), tree: [] };
    const turns: PrimaryTree[] = [];
    let flow = start;
    this.#ledger.expect(times, repeat.span);
    for (let i = 0; i < times; i++) {
      this.#ledger.step(repeat.span);
      const parameters = repeat.index
        ? new Map([...scope.parameters, [repeat.index.text, i] as const])
        : scope.parameters;
      const name = place.name === undefined ? undefined : `${place.name}.${i}`;
      const inner = innerScope(scope, { parameters, turn: { index: i, of: times } });
      const turn = this.#primary(item, flow, inner, { ...place, mayBeValue: false, name });
      flow = turn.flow;
      if (turn.tree) turns.push(turn.tree);
    }
    return { flow, tree: turns };
  }

  /** What is repeated nobody knows how often has mistakes of its own. */
  #repeatUnknown({ primary, repeat }: Item, scope: Scope, place: NamedPlace): typeof POISON {
    const index = repeat?.index;
    const unknown: Bound = { expression: { kind: 'error', span: primary.span }, scope, depth: 0 };
    const parameters = index
      ? new Map([...scope.parameters, [index.text, unknown] as const])
      : scope.parameters;
    this.#primary({ primary }, POISON, innerScope(scope, { parameters }), place);
    return POISON;
  }

  #primary(
    { primary }: Pick<Item, 'primary'>,
    flow: Flow | undefined,
    scope: Scope,
    place: NamedPlace,
  ): Expanded<PrimaryTree | undefined> {
    switch (primary.kind) {
      case 'error':
        return { flow: POISON, tree: undefined };
      case 'group':
        return this.#group(primary, flow, scope, place);
      case 'branch':
        return this.#branch(primary, flow, scope);
      case 'call':
        return this.#call(primary, flow, scope, place);
    }
  }

  #group(
    group: Group,
    flow: Flow | undefined,
    scope: Scope,
    { name, mayBeValue }: NamedPlace,
  ): Expanded<PrimaryTree> {
    // Whatever opens a path opens a scope for names; other brackets are as if they were not there.
    const path = name === undefined ? undefined : pathScope(joinPath(scope.path.prefix, name), true);
    const inner = path ? innerScope(scope, { path }) : scope;
    const chain = this.#chain(group.chain, { flow, scope: inner, mayStartAnew: mayBeValue });
    return { flow: chain.flow, tree: { kind: 'group', group, chain: chain.tree } };
  }

  #branch(branch: Branch, flow: Flow | undefined, scope: Scope): Expanded<PrimaryTree> {
    const arms: ChainTree[] = [];
    const values: ArmValue[] = branch.arms.map((arm) => {
      // Arms are transparent for paths, but number no members.
      const path = { ...scope.path, isSequence: false };
      const end = this.#chain(arm, { flow, scope: innerScope(scope, { path }), mayStartAnew: true });
      arms.push(end.tree);
      return { value: this.#values.single(end.flow, arm.span), span: arm.span };
    });
    return { flow: { kind: 'arms', values, span: branch.span }, tree: { kind: 'branch', branch, arms } };
  }

  #call(call: Call, flow: Flow | undefined, scope: Scope, place: NamedPlace): Expanded<PrimaryTree> {
    const { text } = call.name;
    // A block that is called like an operator hides none: that it has a wrong name was said.
    const block = KEYWORDS.has(text) ? undefined : scope.file.blocks.get(text);
    if (block) return this.#block(block, call, flow, scope, place);
    const result = this.#flowOfCall(call, flow, scope, place);
    const makesInstance = text === 'INPUT' || KEYWORDS.has(text);
    const instance = makesInstance && isInstance(result) ? result : undefined;
    return { flow: result, tree: { kind: 'call', call, ...(instance && { instance }) } };
  }

  #flowOfCall(call: Call, flow: Flow | undefined, scope: Scope, place: NamedPlace): Flow | undefined {
    const { text } = call.name;
    const keyword = KEYWORDS.get(text);
    if (keyword) return this.#operator(keyword, call, flow, scope, place);
    if (text === 'INPUT') return this.#input(call, flow, scope, place);
    if (text === 'SKIP') return flow === undefined ? this.#values.single(flow, call.span) : flow;
    if (text === 'OUTPUT') return this.#output(call, flow);
    const found = place.mayBeValue && !call.args ? lookUpValue(scope, text) : undefined;
    if (found) return found.flow;
    const operator = this.#values.reportUnknown(call, scope, place.position > 0);
    if (operator === undefined) return POISON;
    return this.#flowOfCall({ ...call, name: { ...call.name, text: operator } }, flow, scope, place);
  }

  #input(call: Call, flow: Flow | undefined, scope: Scope, place: NamedPlace): Flow {
    if (flow !== undefined || scope.frames.length > 0) {
      this.#diagnostics.report('E023', call.span, 'INPUT can only start a chain of the program', {
        help: scope.frames.length > 0 ? "a block works on its 'in'" : 'start a chain of its own with it',
      });
      return POISON;
    }
    const path = joinPath(scope.path.prefix, place.name ?? 'input');
    const id = this.#ledger.nextId;
    return this.#ledger.add({ kind: 'input', id, path, call, scope, span: call.span, blocks: scope.frames });
  }

  #output(call: Call, flow: Flow | undefined): Flow {
    const value = this.#values.single(flow, call.span);
    const texts = new Map<string, { text: string; span: Span }>();
    for (const { name, value: written } of call.args ?? []) {
      if (written.kind === 'error') return POISON;
      const isKnown = name?.text === 'name' || name?.text === 'labels';
      if (!isKnown || written.kind !== 'string' || texts.has(name.text)) {
        this.#diagnostics.report(
          'E037',
          call.span,
          'OUTPUT takes its name, and the file of its labels, as texts',
          {
            help: 'write OUTPUT(name="scores"), or OUTPUT(name="scores", labels="names.txt")',
          },
        );
        return POISON;
      }
      texts.set(name.text, { text: written.value, span: written.span });
    }
    const name = texts.get('name');
    if (name && OUTPUT_NAME.read({ kind: 'string', text: name.text }) === undefined) {
      const found = `OUTPUT's name is ${OUTPUT_NAME.expects}, not ${spanText(name.span)}`;
      this.#diagnostics.report('E037', name.span, found);
      return POISON;
    }
    if (value === POISON) return POISON;
    const labels = texts.get('labels');
    this.#ledger.output({
      instance: value,
      ...(name && { name: name.text }),
      ...(labels && { labels }),
      span: call.span,
    });
    return value;
  }

  #operator(keyword: Keyword, call: Call, flow: Flow | undefined, scope: Scope, place: NamedPlace): Flow {
    const path = joinPath(scope.path.prefix, this.#memberName(keyword.keyword.toLowerCase(), scope, place));
    const { sources, args, literals = NO_LITERALS } = this.#operands(keyword, call, flow, scope, place);
    if (!areWhole(sources)) {
      // Names of attributes and their words depend on no sizes, and so on nothing that was wrong before.
      if (!this.#looked.has(call)) lookAtArguments(keyword, args, scope, this.#diagnostics);
      this.#looked.add(call);
      return POISON;
    }
    return this.#ledger.add({
      kind: 'operator',
      id: this.#ledger.nextId,
      path,
      call,
      scope,
      span: call.span,
      blocks: scope.frames,
      keyword,
      args,
      inputs: sources,
      literals,
    });
  }

  #operands(
    keyword: Keyword,
    call: Call,
    flow: Flow | undefined,
    scope: Scope,
    { mayBeValue }: NamedPlace,
  ): Joined {
    const args = call.args ?? [];
    if (keyword.merges) return joined({ call, flow, scope }, this.#values, this.#diagnostics);
    if (!keyword.starts) return { sources: [this.#values.source(flow, call.span)], args };
    if (mayBeValue) return { sources: [], args };
    this.#diagnostics.withdrawMissingArrow(call.span);
    this.#diagnostics.report(
      'E023',
      call.span,
      `${call.name.text} can only be the head of an arm or a chain`,
      {
        help: `put it beside what flows: { SKIP | ${call.name.text}(…) } -> ADD`,
      },
    );
    return { sources: [POISON], args };
  }

  #block(
    declaration: BlockDeclaration,
    call: Call,
    flow: Flow | undefined,
    scope: Scope,
    place: NamedPlace,
  ): Expanded<PrimaryTree> {
    const { block, file, isAmbiguous = false } = declaration;
    const path = joinPath(scope.path.prefix, this.#memberName(block.name.text.toLowerCase(), scope, place));
    if (isAmbiguous) return { flow: POISON, tree: { kind: 'call', call } };
    const input = this.#values.single(flow, call.span);
    const parameters = bindParameters(declaration, call, scope, this.#diagnostics);
    const isRecursive = scope.frames.some((outer) => outer.block === block.name.text); // reported when declared
    if (!parameters || isRecursive) return { flow: POISON, tree: { kind: 'call', call } };
    if (scope.frames.length >= MAX_BLOCK_DEPTH)
      this.#ledger.stop(call.span, `blocks are nested more than ${MAX_BLOCK_DEPTH} deep`);
    const inner: Scope = {
      file,
      path: pathScope(path),
      frames: [...scope.frames, { block: block.name.text, path, span: call.span }],
      parameters,
      values: new Map([['in', { flow: input, span: call.span }]]),
    };
    const end = this.#chain(block.body, { flow: input, scope: inner, mayStartAnew: true });
    const tree = { kind: 'block', call, declaration, parameters, path, body: end.tree } as const;
    return { flow: this.#values.single(end.flow, block.body.span), tree };
  }

  /** A member's last path part; counters see named siblings of the same operator too. */
  #memberName(base: string, scope: Scope, { name }: NamedPlace): string {
    const number = countUp(scope.path, base);
    return name ?? `${base}${number}`;
  }

  #checkNewName(name: { text: string; span: Span }, scope: Scope): boolean {
    const before = scope.values?.get(name.text);
    if (!before) return true;
    this.#diagnostics.report('E035', name.span, `'${showName(name.text)}' is already the name of a value`, {
      related: [{ span: before.span, text: 'named here' }],
    });
    return false;
  }
}

interface ChainStart {
  readonly flow: Flow | undefined;
  readonly scope: Scope;
  /** Its head may be a value, which then flows in instead. */
  readonly mayStartAnew: boolean;
}

interface Place {
  readonly position: number;
  readonly mayBeValue: boolean;
}

interface NamedPlace extends Place {
  readonly name: string | undefined;
}

const areWhole = (sources: Joined['sources']): sources is readonly Source[] => !sources.includes(POISON);

const isInstance = (flow: Flow | undefined): flow is Instance =>
  flow !== undefined && flow !== POISON && flow.kind !== 'arms';
