// Nodes → phrases: which word says a node, or several of them, with which arguments. How a word says a node
// by itself stands in its operator's file (`says`); here is what several nodes make together.
import type { ImageSpec } from '../../runtime/program.ts';
import { KEYWORDS } from '../ops/index.ts';
import { oneForAll, type ArgSpec } from '../ops/argument.ts';
import { INPUT_ARGS } from '../ops/input.ts';
import type { Keyword, Said } from '../ops/keyword.ts';
import {
  inputsOf,
  isConstant,
  isLayer,
  isOp,
  type ConstantNode,
  type Graph,
  type GraphInput,
  type Layer,
  type Node,
  type OpNode,
} from '../ir/graph.ts';
import { mapOperands, operatorOf } from '../ir/semantics.ts';
import { invariant } from '../support/assert.ts';
import { refuse, Refusal } from '../support/refusal.ts';
import { sameShape } from '../tensor/types.ts';
import { spatialOf } from '../tensor/window.ts';
import { spellNumber } from './numbers.ts';
import { weightsOwnNorm } from './paths.ts';
import { weightPhrase, type Arg, type Phrase } from './phrase.ts';

/** The phrases of a canonical graph, operands before their users. Throws a `Refusal` for what cannot be said. */
export function say(graph: Graph): Phrase[] {
  const saying = new Saying(graph);
  return graph.nodes.flatMap((node) => saying.phrases(node));
}

/** Which words say an operator; one of several looks at the attributes. */
const WORDS = new Map<string, Keyword[]>();
const wordsFor = (op: string): readonly Keyword[] => WORDS.get(op) ?? [];
for (const keyword of KEYWORDS.values())
  if (keyword.says) WORDS.set(keyword.says.op, [...wordsFor(keyword.says.op), keyword]);

const wordsWith = (trait: 'weighted' | 'activates'): ReadonlySet<string> =>
  new Set([...KEYWORDS.values()].flatMap((word) => (word[trait] && word.says ? word.says.op : [])));

const WEIGHTED = wordsWith('weighted');
/** Operators before which CONV and FC drop their default activation. */
const ACTIVATING = wordsWith('activates');
/** Operators that `act=` names. */
const ACTIVATIONS = new Set(KEYWORDS.get('CONV')!.args['act']!.words);

const size = (name: string, text: string): Arg => ({ name, text, standard: undefined, isSize: true });
const word = (name: string, text: string, standard?: string): Arg => ({
  name,
  text,
  standard,
  isSize: false,
});

/** What INPUT says about pictures. */
function pictureArgs({ scale, mean, std, order, resize, crop, fit }: ImageSpec): Arg[] {
  const args = INPUT_ARGS;
  const plain = <T>(name: string, spec: ArgSpec<T> & { readonly default: T }, value: T): Arg =>
    word(name, spec.show(value), spec.show(spec.default));
  const divisor = 1 / scale;
  return [
    divisor > 1 && Number.isInteger(divisor)
      ? word('scale', `1/${divisor}`, '1')
      : plain('scale', args.scale, scale),
    plain('mean', args.mean, oneForAll(mean)),
    plain('std', args.std, oneForAll(std)),
    // One channel is always grey.
    plain('order', args.order, order === 'grey' ? args.order.default : order),
    plain('resize', args.resize, resize),
    plain('crop', args.crop, crop),
    plain('fit', args.fit, fit),
  ];
}

class Saying {
  readonly #readers = new Map<Node, OpNode[]>();
  readonly #inputs: ReadonlyMap<Node, GraphInput>;
  readonly #outputs: ReadonlySet<Node>;
  /** Nodes whose result reaches a weighted operator. */
  readonly #beforeWeighted = new Set<Node>();
  /** Nodes that a phrase before them has said. */
  readonly #said = new Set<Node>();

  constructor(graph: Graph) {
    this.#inputs = new Map(graph.inputs.map((input) => [input.node, input]));
    this.#outputs = new Set(graph.outputs.map(({ node }) => node));
    for (const node of graph.nodes)
      if (isOp(node))
        for (const input of inputsOf(node)) {
          const readers = this.#readers.get(input);
          if (readers) readers.push(node);
          else this.#readers.set(input, [node]);
        }
    for (const node of graph.nodes.toReversed())
      if (WEIGHTED.has(node.op) || this.#beforeWeighted.has(node))
        for (const input of inputsOf(node)) this.#beforeWeighted.add(input);
  }

  /** One phrase, or several for what no word says alone; none for what a phrase before has said. */
  phrases(node: Node): readonly Phrase[] {
    if (this.#said.has(node)) return [];
    if (isConstant(node)) return this.#standsAlone(node) ? [weightPhrase(node)] : [];
    return isOp(node) ? [this.#operator(node)] : this.#input(node);
  }

  /** A weight that an output is, or that a merge joins with numbers, which have no arm: it gets a name. */
  #standsAlone(node: ConstantNode): boolean {
    if (this.#outputs.has(node)) return true;
    return (this.#readers.get(node) ?? []).some((reader) => {
      const inputs = wordsFor(reader.op).some(({ merges }) => merges) ? joined(reader) : [];
      return inputs.includes(node) && inputs.some((input) => typeof input === 'string');
    });
  }

  /** The one node that reads this one, which nothing else sees. */
  #only(node: Node): OpNode | undefined {
    const readers = this.#readers.get(node) ?? [];
    return readers.length === 1 && !this.#outputs.has(node) ? readers[0] : undefined;
  }

  #take(node: Node): Node {
    this.#said.add(node);
    return node;
  }

  #input(node: Node): readonly Phrase[] {
    const item = node.type.shape.slice(1);
    const { name: called, image } = this.#inputs.get(node)!;
    const more = [word('name', JSON.stringify(called)), ...(image ? pictureArgs(image) : [])];
    const phrase = { word: 'INPUT', inputs: [], weights: {}, named: node };
    const only = this.#only(node);
    const [channels, ...spatial] = item;
    // Nothing moves where there is one channel, or one pixel.
    const isFlat = channels === 1 || spatial.every((length) => length === 1);
    const isMoved =
      only !== undefined &&
      spatial.length > 0 &&
      (isFlat
        ? only.op === 'reshape' &&
          only.attrs.batch === 0 &&
          sameShape(only.attrs.shape, [...spatial, channels!])
        : only.op === 'transpose' &&
          only.attrs.perm.join() === [0, ...spatial.map((_, i) => i + 2), 1].join());
    if (!isMoved && image?.channels !== 'first')
      return [{ ...phrase, args: [size('shape', item.join('x')), ...more], result: node }];
    const args = [
      size('shape', [...spatial, channels!].join('x')),
      word('channels', 'first', 'last'),
      ...more,
    ];
    if (isMoved) return [{ ...phrase, args, result: this.#take(only) }];
    // A picture whose channels stay first is brought to the order of pictures, and back.
    const picture: Node = { ...node, type: { ...node.type, shape: [1, ...spatial, channels!] } };
    const back = isFlat
      ? { word: 'RESHAPE', args: [size('shape', item.join('x')), word('batch', '0', '0')] }
      : {
          word: 'TRANSPOSE',
          args: [word('perm', `(${[0, spatial.length + 1, ...spatial.map((_, i) => i + 1)].join(', ')})`)],
        };
    return [
      { ...phrase, args, result: picture },
      { ...back, inputs: [picture], weights: {}, result: node, named: node },
    ];
  }

  #operator(node: OpNode): Phrase {
    const plain = this.#plain(node);
    if (isLayer(node)) return this.#finished(plain, node);
    return node.op === 'pool' ? this.#overAll(plain, node) : plain;
  }

  /** The one word that says this node alone. */
  #plain(node: OpNode): Phrase {
    const types = mapOperands(node.operands, ({ type }) => type);
    for (const keyword of wordsFor(node.op)) {
      const args = this.#saying(node, () => argsOf(keyword, node.attrs, types));
      if (!args) continue;
      const inputs = keyword.merges ? joined(node) : [inputsOf(node)[0]!];
      const weights = this.#weights(node, keyword.says!.weights);
      return { word: keyword.keyword, args, inputs, weights, result: node, named: node };
    }
    return this.#refuse(node, 'the language has no word for it');
  }

  #saying<T>(node: OpNode, say: () => T): T {
    try {
      return say();
    } catch (error) {
      if (error instanceof Refusal) this.#refuse(node, error.complaint.message);
      throw error;
    }
  }

  #refuse(node: OpNode, why: string): never {
    const { keyword, path } = node.origins[0] ?? { keyword: node.op, path: node.name };
    return refuse(
      'E047',
      `${keyword} ${JSON.stringify(path)} (${node.op}) cannot be said in a program: ${why}`,
    );
  }

  #weights(node: OpNode, names: Readonly<Record<string, string>>, prefix = ''): Record<string, ConstantNode> {
    const operands: Readonly<Record<string, unknown>> = node.operands;
    const weights: Record<string, ConstantNode> = {};
    for (const operand in names) {
      const weight = operands[operand] as Node | undefined; // those that are weights are no lists
      if (weight === undefined) continue;
      weights[prefix + names[operand]!] = isConstant(weight)
        ? weight
        : this.#refuse(node, 'its weights are computed');
    }
    return weights;
  }

  /** A layer with its normalisation and its activation. */
  #finished(plain: Phrase, node: Layer): Phrase {
    const { args } = KEYWORDS.get(plain.word)!;
    const weights = { ...plain.weights };
    let result: Node = node;
    const norm = this.#only(node);
    const hasNorm =
      'norm' in args &&
      norm?.op === 'batch_norm' &&
      norm.attrs.eps === 1e-5 &&
      weightsOwnNorm(weights['weight']!, norm);
    if (hasNorm) {
      Object.assign(weights, this.#weights(norm, KEYWORDS.get('BN')!.says!.weights, 'norm.'));
      result = this.#take(norm);
    }
    const next = this.#only(result);
    const isNamed = next && ACTIVATIONS.has(next.op) && (next.op !== 'leaky' || next.attrs.slope === 0.01);
    const act = isNamed ? next.op : 'none';
    if (isNamed) result = this.#take(next);
    const follower = this.#only(result);
    const isFollowed = ACTIVATING.has(follower?.op ?? '');
    const isLastFc = node.op === 'fc' && !this.#beforeWeighted.has(node);
    const standardAct = this.#isBareNorm(follower)
      ? undefined
      : isFollowed || isLastFc
        ? 'none'
        : String(args['act']!.default);
    const finish = [
      word('norm', hasNorm ? 'bn' : 'none', 'none'),
      word('bias', String(weights['bias'] !== undefined), String(!hasNorm)),
      word('act', act, standardAct),
    ];
    return { ...plain, args: [...plain.args, ...finish.filter(({ name }) => name in args)], weights, result };
  }

  /** A normalisation that nothing activates: who leaves `act=none` unsaid before it is warned (W101). */
  #isBareNorm(node: OpNode | undefined): boolean {
    const readers = (node && this.#readers.get(node)) ?? [];
    return node?.op === 'batch_norm' && !readers.some(({ op }) => ACTIVATING.has(op));
  }

  /** A pool over the whole map has a word of its own. */
  #overAll(plain: Phrase, node: OpNode<'pool'>): Phrase {
    const { mode, kernel, pad, dilation } = node.attrs;
    const isWhole =
      sameShape(kernel, spatialOf(node.operands.x.type.shape)) &&
      pad.every((amount) => amount === 0) &&
      dilation.every((each) => each === 1);
    if (!isWhole) return plain;
    const flat = this.#only(node);
    const isFlat = flat?.op === 'reshape' && flat.attrs.batch === 0 && flat.attrs.shape.length === 1;
    const args = [word('mode', mode, 'avg'), word('keep', String(!isFlat), 'false')];
    return { ...plain, word: 'GAP', args, result: isFlat ? this.#take(flat) : node };
  }
}

/** The arguments with which a word says a node; undefined where it does not say it. */
function argsOf({ says, args }: Keyword, attrs: unknown, types: unknown): Arg[] | undefined {
  const said = says!.args(attrs, types);
  return (
    said &&
    Object.entries(said).flatMap(([name, given]) => {
      const spec = args[name];
      invariant(spec, () => `${name} is an argument of the word that says ${says!.op}`);
      return argOf(name, spec, given);
    })
  );
}

function argOf(name: string, spec: ArgSpec<unknown>, given: Said<unknown>): Arg | [] {
  const isRuled = typeof given === 'object' && given !== null && 'is' in given && 'unless' in given;
  const { is, unless } = isRuled ? given : { is: given, unless: spec.default };
  if (is === undefined) return [];
  const isWord = spec.words?.includes(spec.show(is)) === true;
  const text =
    typeof is === 'number' && !isWord
      ? (spellNumber(is) ?? refuse('E047', `the language has no number ${is}`))
      : spec.show(is);
  return {
    name,
    text,
    standard: unless === undefined ? undefined : spec.show(unless),
    isSize: spec.isSize === true,
  };
}

/** What a merge joins. Element by element a number may stand among the values, and is said in its place. */
const joined = (node: OpNode): (Node | string)[] =>
  inputsOf(node).map((input) => {
    const isNumber = isConstant(input) && input.data && input.type.shape.join() === '1';
    const takesNumbers = operatorOf(node.op).kind === 'scalar';
    return (isNumber && takesNumbers && spellNumber(input.data[0]!)) || input;
  });
