// Nodes → phrases: which word says a node, or several of them, with which arguments.
import { resolvePadding } from '../ops/padding.ts';
import {
  inputsOf,
  isConstant,
  isOp,
  type ConstantNode,
  type Graph,
  type Node,
  type OpNode,
} from '../ir/graph.ts';
import { refuse } from '../support/refusal.ts';
import { sameShape } from '../tensor/types.ts';
import { channelsOf, spatialOf } from '../tensor/window.ts';
import { spellNumber } from './numbers.ts';
import { weightsOwnNorm } from './paths.ts';
import type { Arg, Phrase } from './phrase.ts';

/** The phrases of a canonical graph, operands before their users. Throws a `Refusal` for what cannot be said. */
export function say(graph: Graph): Phrase[] {
  const saying = new Saying(graph);
  return graph.nodes.filter((node) => !isConstant(node)).flatMap((node) => saying.phrase(node) ?? []);
}

const ACTIVATIONS = new Set(['relu', 'relu6', 'tanh', 'sigmoid', 'swish', 'hswish', 'gelu']);
/** Words before which CONV and FC drop their default activation. */
const ACTIVATING = new Set(
  (
    'relu relu6 tanh sigmoid swish hswish gelu leaky prelu softmax batch_norm ' +
    'softplus softsign mish gelu_tanh clip hard_sigmoid elu thresholded'
  ).split(' '),
);
const WEIGHTED = new Set(['conv', 'deconv', 'fc']);

/** Operators of one value without arguments. */
const PLAIN: ReadonlyMap<string, string> = new Map(
  (
    'relu relu6 tanh sigmoid swish hswish gelu neg abs exp log sqrt floor ceil round trunc fround sign sin cos erf not ' +
    'softplus softsign mish gelu_tanh softmax'
  )
    .split(' ')
    .map((op) => [op, op.toUpperCase()]),
);

/** Merges of values without arguments. */
const MERGES: Readonly<Record<string, string>> = {
  add: 'ADD',
  sub: 'SUB',
  mul: 'MUL',
  div: 'DIV',
  min: 'MIN',
  max: 'MAX',
  pow: 'POW',
  remainder: 'MOD',
  equal: 'EQUAL',
  less: 'LESS',
  less_or_equal: 'LESS_EQUAL',
  and: 'AND',
  or: 'OR',
  xor: 'XOR',
  where: 'WHERE',
  concat: 'CONCAT',
  matmul: 'MATMUL',
};

const size = (name: string, text: string | number, standard?: string | number): Arg => ({
  name,
  text: String(text),
  standard: standard === undefined ? undefined : String(standard),
  isSize: true,
});
const word = (name: string, text: string | boolean, standard?: string | boolean): Arg => ({
  ...size(name, String(text), standard === undefined ? undefined : String(standard)),
  isSize: false,
});
const number = (name: string, value: number, standard?: number): Arg =>
  word(
    name,
    spellNumber(value) ?? refuse('E047', `the language has no number ${value}`),
    standard === undefined ? undefined : String(standard),
  );

const tuple = (values: readonly number[]): string =>
  values.length === 1 ? String(values[0]) : `(${values.join(', ')})`;
/** One number where all are the same. */
const perAxis = (values: readonly number[]): string =>
  values.every((value) => value === values[0]) ? String(values[0]) : `(${values.join(', ')})`;
const dims = (values: readonly number[]): string => values.join('x');

class Saying {
  readonly #readers = new Map<Node, OpNode[]>();
  readonly #outputs: ReadonlySet<Node>;
  /** Nodes whose result reaches a weighted operator. */
  readonly #beforeWeighted = new Set<Node>();
  /** Nodes that a phrase before them has said. */
  readonly #said = new Set<Node>();

  constructor(graph: Graph) {
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

  phrase(node: Node): Phrase | undefined {
    if (this.#said.has(node) || isConstant(node)) return undefined;
    return isOp(node) ? this.#operator(node) : this.#input(node);
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

  #input(node: Node): Phrase {
    const item = node.type.shape.slice(1);
    if (node.type.shape[0] !== 1 || item.length > 3 || item.length === 0)
      refuse('E047', `the language has no INPUT of ${node.type.shape.join('×')}: ${node.name}`);
    const name = word('name', JSON.stringify(node.name), undefined);
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
    if (!isMoved) return { ...phrase, args: [size('shape', dims(item)), name], result: node };
    const shape = size('shape', dims(only.type.shape.slice(1)));
    return { ...phrase, args: [shape, word('channels', 'first', 'last'), name], result: this.#take(only) };
  }

  #operator(node: OpNode): Phrase {
    const phrase = (
      written: string,
      args: readonly Arg[],
      more: Partial<Pick<Phrase, 'inputs' | 'weights' | 'result'>> = {},
    ): Phrase => ({
      word: written,
      args,
      inputs: [inputsOf(node)[0]!],
      weights: {},
      result: node,
      named: node,
      ...more,
    });

    const plain = PLAIN.get(node.op);
    if (plain !== undefined) return phrase(plain, []);
    const merge = MERGES[node.op];
    if (merge !== undefined) return phrase(merge, [], { inputs: this.#joined(node) });

    switch (node.op) {
      case 'conv':
      case 'deconv':
      case 'fc':
        return this.#layer(node);
      case 'pool':
        return this.#pool(node);
      case 'max_indices': {
        const { kernel, stride, pad, dilation, ceil, columns } = node.attrs;
        const spatial = spatialOf(node.operands.x.type.shape);
        const window = perAxis(kernel);
        return phrase('MAX_INDICES', [
          size('window', window, 2),
          size('stride', perAxis(stride), window),
          size('pad', padText(pad, { spatial, kernel, stride, dilation }, '0'), '0'),
          size('dilation', perAxis(dilation), 1),
          word('ceil', ceil, false),
          word('columns', columns, false),
        ]);
      }
      case 'batch_norm':
        return phrase('BN', [number('eps', node.attrs.eps, 1e-5)], { weights: normWeights(node, '') });
      case 'prelu':
        return phrase('PRELU', [], { weights: { weight: this.#weight(node, node.operands.slope) } });
      case 'leaky':
        return phrase('LEAKY', [number('slope', node.attrs.slope, 0.01)]);
      case 'clip':
        return phrase('CLIP', [number('low', node.attrs.low, 0), number('high', node.attrs.high, 1)]);
      case 'hard_sigmoid':
        return phrase('HARD_SIGMOID', [
          number('slope', node.attrs.slope, 0.2),
          number('offset', node.attrs.offset, 0.5),
        ]);
      case 'elu': {
        const { alpha, scale, width } = node.attrs;
        return phrase('ELU', [
          number('alpha', alpha, 1),
          number('scale', scale, 1),
          number('width', width, 1),
        ]);
      }
      case 'thresholded':
        return phrase('THRESHOLDED', [number('threshold', node.attrs.threshold, 1)]);
      case 'lrn': {
        const { alpha, beta, k } = node.attrs;
        return phrase('LRN', [
          size('size', node.attrs.size, 5),
          number('alpha', alpha, 1e-4),
          number('beta', beta, 0.75),
          number('k', k, 1),
        ]);
      }
      case 'resize':
        return phrase('UP', this.#resize(node));
      case 'crop':
        return phrase('CROP', [size('amounts', sidesOf(node.attrs.amounts), 1)]);
      case 'pad': {
        const { amounts, mode, value } = node.attrs;
        return phrase('PAD', [
          size('amounts', sidesOf(amounts), 1),
          word('mode', mode, 'zero'),
          number('value', value, 0),
        ]);
      }
      case 'reshape':
        return phrase('RESHAPE', [
          size('shape', dims(node.attrs.shape)),
          word('batch', String(node.attrs.batch), '0'),
        ]);
      case 'transpose':
        return phrase('TRANSPOSE', [word('perm', tuple(node.attrs.perm))]);
      case 'slice': {
        const { axes, start, size: taken, step } = node.attrs;
        const last = String(node.operands.x.type.shape.length - 1);
        return phrase('SLICE', [
          size('start', tuple(start)),
          size('size', tuple(taken)),
          word('step', tuple(step), step.every((each) => each === 1) ? tuple(step) : undefined),
          word('axes', tuple(axes), last),
        ]);
      }
      case 'expand':
        return phrase('EXPAND', [size('shape', dims(this.#item(node, node.attrs.shape)))]);
      case 'tile':
        return phrase('TILE', [size('repeats', tuple(this.#item(node, node.attrs.repeats)))]);
      case 'extend': {
        const { mode, value } = node.attrs;
        const [before, after] = [node.attrs.before, node.attrs.after].map((amounts) => {
          if (amounts[0] !== 0) this.#refuse(node, 'it extends the batch');
          return tuple(amounts.slice(1));
        });
        return phrase('EXTEND', [
          size('before', before!),
          size('after', after!),
          word('mode', mode, 'constant'),
          number('value', value, 0),
        ]);
      }
      case 'gather':
        return phrase(
          'GATHER',
          [word('axis', String(node.attrs.axis), String(node.operands.x.type.shape.length - 1))],
          {
            inputs: this.#joined(node),
          },
        );
      case 'reduce': {
        const last = String(node.operands.x.type.shape.length - 1);
        return phrase('REDUCE', [
          word('axes', tuple(node.attrs.axes), last),
          word('mode', node.attrs.mode, 'sum'),
        ]);
      }
      case 'arg': {
        const last = String(node.operands.x.type.shape.length - 1);
        return phrase(node.attrs.mode === 'max' ? 'ARGMAX' : 'ARGMIN', [
          word('axis', String(node.attrs.axis), last),
          word('last', node.attrs.last, false),
        ]);
      }
      default:
        return this.#refuse(node, 'the language has no word for it');
    }
  }

  #refuse(node: OpNode, why: string): never {
    const { keyword, path } = node.origins[0] ?? { keyword: node.op, path: node.name };
    return refuse(
      'E047',
      `${keyword} ${JSON.stringify(path)} (${node.op}) cannot be said in a program: ${why}`,
    );
  }

  /** A shape without its batch, which must be left as it is. */
  #item(node: OpNode, shape: readonly number[]): readonly number[] {
    if (shape[0] !== 1) this.#refuse(node, 'it changes the batch');
    return shape.slice(1);
  }

  /** What a merge joins: numbers are said in their place. */
  #joined(node: OpNode): (Node | string)[] {
    return inputsOf(node).map((input) => {
      const isNumber = isConstant(input) && input.data && input.type.shape.join() === '1';
      return (isNumber && OPERAND_NUMBERS.has(node.op) && spellNumber(input.data[0]!)) || input;
    });
  }

  #weight(node: OpNode, operand: Node): ConstantNode {
    return isConstant(operand) ? operand : this.#refuse(node, 'its weights are computed');
  }

  // ---- layers with weights

  #layer(node: OpNode<'conv' | 'deconv' | 'fc'>): Phrase {
    const weights: Record<string, ConstantNode> = { weight: this.#weight(node, node.operands.weight) };
    const { bias } = node.operands;
    if (bias) weights['bias'] = this.#weight(node, bias);
    let result: Node = node;
    const norm = this.#only(node);
    const hasNorm =
      node.op !== 'fc' &&
      norm?.op === 'batch_norm' &&
      norm.attrs.eps === 1e-5 &&
      weightsOwnNorm(weights['weight']!, norm);
    if (hasNorm) {
      Object.assign(weights, normWeights(norm, 'norm.'));
      result = this.#take(norm);
    }
    const next = this.#only(result);
    const isLeaky = next?.op === 'leaky' && next.attrs.slope === 0.01;
    const act = next && (ACTIVATIONS.has(next.op) || isLeaky) ? next.op : 'none';
    if (act !== 'none') result = this.#take(next!);
    const plainAct = node.op === 'deconv' ? 'none' : 'relu';
    const isFollowed = ACTIVATING.has(this.#only(result)?.op ?? '');
    const isLastFc = node.op === 'fc' && !this.#beforeWeighted.has(node);
    const args = [
      ...this.#sizes(node),
      word('norm', hasNorm ? 'bn' : 'none', 'none'),
      word('bias', bias !== undefined, !hasNorm),
      word('act', act, isFollowed || isLastFc ? 'none' : plainAct),
    ].filter(({ name }) => node.op !== 'fc' || name !== 'norm');
    return { word: wordOf(node), args, inputs: [node.operands.x], weights, result, named: node };
  }

  #sizes(node: OpNode<'conv' | 'deconv' | 'fc'>): Arg[] {
    if (node.op === 'fc') return [size('units', channelsOf(node.type.shape))];
    const { weight, x } = node.operands;
    const kernel = weight.type.shape.slice(2);
    const spatial = spatialOf(x.type.shape);
    const filters = channelsOf(node.type.shape);
    const { stride, dilation, groups } = node.attrs;
    const pad = padText(
      node.attrs.pad,
      { spatial, kernel, stride, dilation },
      node.op === 'conv' ? 'half' : '0',
    );
    const window = [
      size('stride', perAxis(stride), node.op === 'conv' ? 1 : 2),
      size('pad', pad, node.op === 'conv' ? 'half' : '0'),
      size('dilation', perAxis(dilation), 1),
    ];
    if (node.op === 'deconv')
      return [
        size('filters', filters),
        size('kernel', perAxis(kernel)),
        ...window,
        size('output_pad', perAxis(node.attrs.outputPad), 0),
        size('groups', groups, 1),
      ];
    const flip = word('flip', node.attrs.flip, false);
    if (wordOf(node) === 'DWCONV')
      return [size('kernel', perAxis(kernel)), ...window, size('multiplier', filters / groups, 1), flip];
    return [
      size('filters', filters),
      size('kernel', perAxis(kernel), 3),
      ...window,
      size('groups', groups, 1),
      flip,
    ];
  }

  #pool(node: OpNode<'pool'>): Phrase {
    const { mode, kernel, stride, pad, dilation, ceil, countPad } = node.attrs;
    const { x } = node.operands;
    const spatial = spatialOf(x.type.shape);
    const phrase = { inputs: [x], weights: {}, named: node };
    if (sameShape(kernel, spatial) && pad.every((amount) => amount === 0) && dilation.every((d) => d === 1)) {
      const flat = this.#only(node);
      const isFlat = flat?.op === 'reshape' && flat.attrs.batch === 0 && flat.attrs.shape.length === 1;
      const result = isFlat ? this.#take(flat) : node;
      return {
        ...phrase,
        word: 'GAP',
        args: [word('mode', mode, 'avg'), word('keep', !isFlat, false)],
        result,
      };
    }
    const window = perAxis(kernel);
    const args = [
      size('window', window, 2),
      word('mode', mode, 'max'),
      size('stride', perAxis(stride), window),
      size('pad', padText(pad, { spatial, kernel, stride, dilation }, '0'), '0'),
      size('dilation', perAxis(dilation), 1),
      word('ceil', ceil, false),
      word('count_pad', countPad, false),
    ];
    return { ...phrase, word: 'POOL', args, result: node };
  }

  #resize({ attrs: { size: to, mode, corners }, operands: { x } }: OpNode<'resize'>): Arg[] {
    const factors = to.map((length, axis) => length / spatialOf(x.type.shape)[axis]!);
    const isWhole = factors.every((factor) => Number.isInteger(factor));
    return [
      isWhole ? size('factor', perAxis(factors), 2) : size('size', tuple(to)),
      word('mode', mode, 'nearest'),
      word('corners', corners, 'half'),
    ];
  }
}

/** Operators in which a number may stand among the values. */
const OPERAND_NUMBERS = new Set(Object.keys(MERGES).filter((op) => op !== 'concat' && op !== 'matmul'));

function wordOf(node: OpNode<'conv' | 'deconv' | 'fc'>): string {
  if (node.op !== 'conv') return node.op.toUpperCase();
  const channels = channelsOf(node.operands.x.type.shape);
  return node.attrs.groups === channels && channels > 1 ? 'DWCONV' : 'CONV';
}

function normWeights({ operands }: OpNode<'batch_norm'>, prefix: string): Record<string, ConstantNode> {
  const { weight, bias, mean, variance } = operands;
  const named = { weight, bias, running_mean: mean, running_var: variance };
  return Object.fromEntries(
    Object.entries(named).map(([name, node]) => [
      prefix + name,
      isConstant(node)
        ? node
        : refuse('E047', `${node.name} is computed, and normalises: that cannot be said`),
    ]),
  );
}

const sidesOf = (amounts: readonly number[]): string => {
  const half = amounts.length / 2;
  const isEven = amounts.every((amount, i) => amount === amounts[i % half]);
  if (amounts.every((amount) => amount === amounts[0])) return String(amounts[0]);
  return tuple(isEven && half === 2 ? amounts.slice(0, half) : amounts);
};

/** The padding as people write it. */
function padText(
  pad: readonly number[],
  around: Parameters<typeof resolvePadding>[1],
  standard: 'half' | '0',
): string {
  const is = (mode: 'half' | 'valid' | 'same_upper' | 'same_lower' | 'causal') =>
    sameShape(resolvePadding(mode, around), pad);
  if (standard === 'half' && is('half')) return 'half';
  if (pad.every((amount) => amount === 0)) return standard === 'half' ? 'valid' : '0';
  if (standard === 'half' && pad.length === 2 && is('causal')) return 'causal';
  const text = sidesOf(pad);
  if (/^\d+$/.test(text)) return text;
  if (standard === 'half' && is('same_upper')) return 'same_upper';
  if (standard === 'half' && is('same_lower')) return 'same_lower';
  return text;
}
