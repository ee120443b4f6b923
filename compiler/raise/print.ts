// Chains → the text of a program.
import { format } from '../../grammar/format.ts';
import { sourceFile } from '../../grammar/source.ts';
import { KEYWORDS } from '../ops/index.ts';
import { addNew } from '../support/add-new.ts';
import { invariant } from '../support/assert.ts';
import { isName } from './paths.ts';
import type { Arg, BlockPhrase, Chain, Item } from './phrase.ts';

/** What the file's `default` lines say, by word and argument. */
type Defaults = ReadonlyMap<string, ReadonlyMap<string, string>>;

export interface Draft {
  readonly blocks: readonly BlockPhrase[];
  readonly chains: readonly Chain[];
}

/** The program, laid out as `cnnc fmt` does it; class names stand in a file of their own. */
export function print(draft: Draft, labelsFile: string): string {
  const defaults = commonArguments(draft);
  const printer = new Printer({ defaults, names: namesOf(draft.chains), labelsFile });
  const lines = [
    'cnn 1',
    ...[...defaults].map(
      ([word, args]) => `default ${word}(${[...args].map(([name, text]) => `${name}=${text}`).join(', ')})`,
    ),
    '',
    ...draft.blocks.flatMap((block) => [printer.block(block), '']),
    ...draft.chains.flatMap((chain) => [printer.chain(chain), '']),
  ];
  const result = format(sourceFile(lines.join('\n'), 'raised.cnn'));
  invariant('text' in result, () => `a raised program has a syntax: ${lines.join('\n')}`);
  return result.text;
}

/** How values are called: like the layer that they come from, else x1, x2, … in the order of the program. */
function namesOf(chains: readonly Chain[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set(chains.flatMap(pathsIn));
  let number = 1;
  const next = (): string => {
    while (!addNew(taken, `x${number}`)) number++;
    return `x${number}`;
  };
  for (const chain of chains)
    for (const [i, item] of chain.entries()) {
      if (item.kind !== 'name') continue;
      const path = pathOf(chain[i - 1]);
      names.set(item.name, path !== undefined && isName(path) ? path : next());
    }
  return names;
}

const pathOf = (item: Item | undefined): string | undefined =>
  item && 'path' in item ? item.path : undefined;

/** Paths of layers, blocks and repeats, each of which is a name as well. */
const pathsIn = (chain: Chain): string[] =>
  chain.flatMap((item) => {
    const inside = item.kind === 'branch' ? item.arms : item.kind === 'repeat' ? [item.items] : [];
    return [pathOf(item) ?? [], ...inside.map(pathsIn)].flat();
  });

interface Printing {
  readonly defaults: Defaults;
  readonly names: ReadonlyMap<string, string>;
  readonly labelsFile: string;
}

class Printer {
  readonly #defaults: Defaults;
  readonly #names: ReadonlyMap<string, string>;
  readonly #labelsFile: string;

  constructor({ defaults, names, labelsFile }: Printing) {
    this.#defaults = defaults;
    this.#names = names;
    this.#labelsFile = labelsFile;
  }

  block({ name, params, body }: BlockPhrase): string {
    return `block ${name}${params.length > 0 ? `(${params.join(', ')})` : ''} = ${this.chain(body)}`;
  }

  chain(chain: Chain): string {
    const texts = chain.map((item, i) => {
      if (item.kind === 'name') return this.#naming(item.name, chain[i - 1]);
      return `${i === 0 ? '' : ' -> '}${this.#item(item)}`;
    });
    return texts.join('');
  }

  /** ` as x1` behind what has no name yet, ` -> SKIP as x1` behind what has another or can have none. */
  #naming(value: string, before: Item | undefined): string {
    const name = this.#name(value);
    if (pathOf(before) === name) return '';
    const isFree = before !== undefined && 'path' in before && before.path === undefined;
    return `${isFree ? '' : ' -> SKIP'} as ${name}`;
  }

  #name(name: string): string {
    return this.#names.get(name) ?? name;
  }

  #item(item: Exclude<Item, { kind: 'name' }>): string {
    switch (item.kind) {
      case 'phrase': {
        const { phrase, args, operands, path } = item;
        const values = operands.map((operand) => this.#name(operand));
        return `${phrase.word}${list([...values, ...this.#args(phrase.word, args)])}${as(path)}`;
      }
      case 'value':
        return this.#name(item.name);
      case 'output':
        return `OUTPUT(name=${JSON.stringify(item.name)}${item.hasLabels ? `, labels=${JSON.stringify(this.#labelsFile)}` : ''})`;
      case 'branch':
        return `{ ${item.arms.map((arm) => this.chain(arm)).join(' | ')} }`;
      case 'block':
        return `${item.block.name}${list(item.args.map(({ text }) => text))}${as(item.path)}`;
      case 'repeat': {
        const [only, ...more] = item.items;
        const body =
          only && more.length === 0 && only.kind !== 'branch'
            ? this.chain([only])
            : `[${this.chain(item.items)}]`;
        return `${body}*${item.times}${as(item.path)}`;
      }
    }
  }

  #args(word: string, args: readonly Arg[]): string[] {
    const positional = word === 'INPUT' ? ['shape'] : (KEYWORDS.get(word)?.positional ?? []);
    const written = args.filter(({ name, text, standard }) => {
      const ofFile = this.#defaults.get(word)?.get(name);
      return text !== (ofFile === undefined || isSettled(standard, name, ofFile) ? standard : ofFile);
    });
    let isPrefix = true;
    return written.map(({ name, text }, i) => {
      isPrefix &&= positional[i] === name;
      return isPrefix ? text : `${name}=${text}`;
    });
  }
}

/** The rules drop a default activation, whatever it is. Where that would be warned about, there is no standard. */
const isSettled = (standard: string | undefined, name: string, ofFile: string): boolean =>
  name === 'act' && (standard === 'none' || (standard === undefined && ofFile !== 'none'));

const list = (args: readonly string[]): string => (args.length === 0 ? '' : `(${args.join(', ')})`);
const as = (path: string | undefined): string => (path === undefined ? '' : ` as ${path}`);

/** Arguments that a `default` line may say for all. */
const GENERAL = new Set(['act', 'bias', 'pad', 'norm', 'corners', 'eps']);

/** What most uses of a word have, and the word's own default is not. */
function commonArguments({ blocks, chains }: Draft): Defaults {
  const counts = new Map<string, Map<string, Map<string, number>>>();
  let total = 0;
  for (const item of [...blocks.map(({ body }) => body), ...chains].flatMap(flat)) {
    if (item.kind !== 'phrase') continue;
    for (const { name, text, standard } of item.args) {
      if (!GENERAL.has(name) || (name === 'act' && standard === 'none' && text === 'none')) continue;
      const ofWord = counts.get(item.phrase.word) ?? new Map<string, Map<string, number>>();
      counts.set(item.phrase.word, ofWord);
      const ofName = ofWord.get(name) ?? new Map<string, number>();
      ofWord.set(name, ofName);
      ofName.set(text, (ofName.get(text) ?? 0) + 1);
      total++;
    }
  }
  if (total === 0) return new Map();
  const defaults = new Map<string, Map<string, string>>();
  for (const [word, names] of counts)
    for (const [name, texts] of names) {
      const all = [...texts.values()].reduce((a, b) => a + b, 0);
      const [text, count] = [...texts].reduce((a, b) => (b[1] > a[1] ? b : a));
      if (count < 3 || 2 * count <= all || text === standardOf(word, name)) continue;
      const ofWord = defaults.get(word) ?? new Map<string, string>();
      defaults.set(word, ofWord.set(name, text));
    }
  return defaults;
}

function standardOf(word: string, name: string): string | undefined {
  const spec = KEYWORDS.get(word)?.args[name];
  if (name === 'bias') return 'true';
  return spec?.default === undefined ? undefined : spec.show(spec.default);
}

function flat(chain: Chain): Item[] {
  return chain.flatMap((item) => {
    if (item.kind === 'branch') return item.arms.flatMap(flat);
    return item.kind === 'repeat' ? flat(item.items) : [item];
  });
}
