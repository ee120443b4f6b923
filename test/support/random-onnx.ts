// Random ONNX models of many operators, as other tools write them: values meet in several axis orders, are split,
// joined, multiplied by themselves, and several are outputs. Everything follows from the seed.
import { mulberry32 } from '../../compiler/frontend/weights/random.ts';
import type { OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from '../../compiler/export/onnx/model.ts';
import type { Pick } from '../../compiler/ops/define.ts';
import type { OnnxAttributes } from '../../compiler/ops/onnx.ts';
import { range } from '../../compiler/support/numbers.ts';
import { sizeOf } from '../../compiler/tensor/types.ts';
import { pickFrom } from './arbitrary.ts';

interface Value {
  readonly name: string;
  readonly dims: readonly number[];
}

/** Above this, values stop growing: an oracle has to compute them too. */
const LARGEST = 4000;

export interface RandomOptions {
  /** Steps, each one or a few nodes. */
  readonly length?: number;
  /** The first axis counts items, any number of them, and no node looks at several. */
  readonly openBatch?: boolean;
}

/** A model whose input has three or four axes. */
export function randomOnnx(seed: number, { length = 10, openBatch = false }: RandomOptions = {}): OnnxModel {
  const growing = new GrowingModel(pickFrom(mulberry32(seed)), openBatch);
  for (let i = 0; i < length; i++) growing.grow();
  return growing.finish(`random${seed}`);
}

class GrowingModel {
  readonly #pick: Pick;
  readonly #inputs: OnnxValue[] = [];
  readonly #initializers: OnnxTensor[] = [];
  readonly #nodes: OnnxNode[] = [];
  /** What later nodes may read. */
  readonly #values: Value[] = [];

  readonly #openBatch: boolean;

  constructor(pick: Pick, openBatch: boolean) {
    this.#pick = pick;
    this.#openBatch = openBatch;
    const dims = pick.of([
      () => [1, pick.int(1, 4), pick.int(3, 7), pick.int(3, 7)],
      // Square, so that what is in the wrong order has the right shape.
      () => [1, 3, 4, 4],
      () => [1, 4, 4],
      () => [openBatch ? 1 : pick.int(1, 3), pick.int(2, 5), pick.int(2, 5)],
    ])();
    this.#inputs.push({ name: 'x', shape: this.#shown(dims) });
    this.#values.push({ name: 'x', dims });
  }

  grow(): void {
    const value = this.#pick.of(this.#values.slice(-5));
    // Of each item one number: nothing is left to do anything with.
    if (this.#openBatch && value.dims.length === 1) return;
    const grown = this.#pick.of(STEPS)(value, this.#tools());
    this.#values.push(...grown.filter(({ dims }) => sizeOf(dims) <= LARGEST));
  }

  /** Outputs are what nothing reads, and now and then something in the middle. */
  finish(name: string): OnnxModel {
    const read = new Set(this.#nodes.flatMap(({ inputs }) => inputs));
    const computed = this.#values.filter((value) => value.name !== 'x');
    const outputs = computed.filter((value) => !read.has(value.name) || this.#pick.int(0, 5) === 0);
    return {
      name,
      producerVersion: 'test',
      opset: 19,
      inputs: this.#inputs,
      outputs: outputs.map(({ name, dims }) => ({ name, shape: this.#shown(dims) })),
      initializers: this.#initializers,
      nodes: this.#nodes,
    };
  }

  #shown(dims: readonly number[]): OnnxValue['shape'] {
    return this.#openBatch ? ['N', ...dims.slice(1)] : dims;
  }

  #tools(): Tools {
    const first = this.#openBatch ? 1 : 0;
    return {
      pick: this.#pick,
      first,
      others: this.#values,
      node: (op, inputs, dims, attributes = {}) => {
        const output = `${op.toLowerCase()}${this.#nodes.length}`;
        const names = inputs.map((input) => input?.name ?? '');
        this.#nodes.push({ name: output, op, inputs: names, output, attributes });
        return { name: output, dims };
      },
      weight: (...dims) => {
        const data = Float32Array.from({ length: sizeOf(dims) }, () => this.#pick.int(-8, 8) / 8);
        return this.#initializer(dims, data);
      },
      whole: (...numbers) => this.#initializer([numbers.length], BigInt64Array.from(numbers, BigInt)),
      // As many items as there were, or what is left.
      sizes: (dims) => {
        const written = first === 0 ? dims : [this.#pick.of([0, -1]), ...dims.slice(1)];
        return this.#initializer([dims.length], BigInt64Array.from(written, BigInt));
      },
    };
  }

  #initializer(dims: readonly number[], data: OnnxTensor['data']): Value {
    const name = `w${this.#initializers.length}`;
    this.#initializers.push({ name, shape: dims, data });
    return { name, dims };
  }
}

interface Tools {
  readonly pick: Pick;
  readonly others: readonly Value[];
  /** The first axis that nodes may do anything with. */
  readonly first: number;
  /** A node's one output, of these dimensions. */
  node(
    op: string,
    inputs: readonly (Value | undefined)[],
    dims: readonly number[],
    attributes?: OnnxAttributes,
  ): Value;
  /** A known tensor of halves, quarters and eighths. */
  weight(...dims: number[]): Value;
  /** A known list of whole numbers. */
  whole(...numbers: number[]): Value;
  /** A known shape to give a value. */
  sizes(dims: readonly number[]): Value;
}

/** Adds what it can do with `value`, which is nothing where the shape does not permit it. */
type Step = (value: Value, tools: Tools) => readonly Value[];

const isMap = ({ dims }: Value): boolean => dims.length === 4;

const unary: Step = (x, { pick, node }) => [
  node(pick.of(['Relu', 'Sigmoid', 'Tanh', 'Abs', 'Neg', 'Softplus', 'HardSwish']), [x], x.dims),
];

const orders: Step = (x, { pick, node, first }) => {
  const perm = range(x.dims.length);
  for (let i = perm.length - 1; i > first; i--) {
    const j = pick.int(first, i);
    [perm[i], perm[j]] = [perm[j]!, perm[i]!];
  }
  const turned = perm.map((axis) => x.dims[axis]!);
  return [node('Transpose', [x], turned, { perm })];
};

/** Its last two axes exchanged. */
const turn = (x: Value, { node }: Tools): Value => {
  const perm = [...range(x.dims.length - 2), x.dims.length - 1, x.dims.length - 2];
  const turned = perm.map((axis) => x.dims[axis]!);
  return node('Transpose', [x], turned, { perm });
};

/** A matrix by itself, turned: self-attention without its weights. */
const gram: Step = (x, tools) => {
  if (x.dims.length < tools.first + 2) return [];
  const rows = x.dims.at(-2)!;
  const scores = tools.node('MatMul', [x, turn(x, tools)], [...x.dims.slice(0, -1), rows]);
  const shares = tools.node('Softmax', [scores], scores.dims, { axis: -1 });
  return [scores, tools.node('MatMul', [shares, x], x.dims)];
};

const linear: Step = (x, { pick, node, weight }) => {
  const features = pick.int(1, 5);
  return [node('MatMul', [x, weight(x.dims.at(-1)!, features)], [...x.dims.slice(0, -1), features])];
};

const convolution: Step = (x, { pick, node, weight }) => {
  if (!isMap(x)) return [];
  const [items, channels, ...sizes] = x.dims;
  const [kernel, filters] = [pick.of([1, 2, 3]), pick.int(1, 5)];
  if (sizes.some((size) => size < kernel)) return [];
  const spatial = sizes.map((size) => size - kernel + 1);
  const operands = [x, weight(filters, channels!, kernel, kernel), weight(filters)];
  return [node('Conv', operands, [items!, filters, ...spatial])];
};

const pool: Step = (x, { pick, node }) => {
  const [items, channels, ...sizes] = x.dims;
  if (!isMap(x) || sizes.some((size) => size < 2)) return [];
  const spatial = sizes.map((size) => Math.floor(size / 2));
  const attributes = { kernel_shape: [2, 2], strides: [2, 2] };
  return [node(pick.of(['MaxPool', 'AveragePool']), [x], [items!, channels!, ...spatial], attributes)];
};

const instanceNorm: Step = (x, { node, weight }) => {
  if (x.dims.length < 3) return [];
  const channels = x.dims[1]!;
  return [node('InstanceNormalization', [x, weight(channels), weight(channels)], x.dims)];
};

/** With an earlier value that broadcasts to the same rank, or with numbers. */
const pairs: Step = (x, { pick, node, others, weight }) => {
  const op = pick.of(['Add', 'Sub', 'Mul', 'Max']);
  const fits = ({ dims }: Value) =>
    dims.length === x.dims.length &&
    dims.every((size, i) => size === x.dims[i] || size === 1 || x.dims[i] === 1);
  const partner = pick.of([...others.filter(fits), weight(...x.dims.slice(pick.int(0, x.dims.length - 1)))]);
  const wide = x.dims.map((size, i) =>
    Math.max(size, partner.dims[i - x.dims.length + partner.dims.length] ?? 1),
  );
  return [
    node(
      op,
      pick.of([
        [x, partner],
        [partner, x],
      ]),
      wide,
    ),
  ];
};

const joins: Step = (x, { pick, node, others, first }) => {
  const axis = pick.int(first, x.dims.length - 1);
  const fits = ({ dims }: Value) =>
    dims.length === x.dims.length && dims.every((size, i) => i === axis || size === x.dims[i]);
  const partner = pick.of(others.filter(fits));
  return [node('Concat', [x, partner], x.dims.with(axis, x.dims[axis]! + partner.dims[axis]!), { axis })];
};

const slices: Step = (x, { pick, node, whole, first }) => {
  const axis = pick.int(first, x.dims.length - 1);
  const size = x.dims[axis]!;
  const start = pick.int(0, size - 1);
  const end = pick.int(start + 1, size);
  return [node('Slice', [x, whole(start), whole(end), whole(axis)], x.dims.with(axis, end - start))];
};

const pads: Step = (x, { pick, node, whole, first }) => {
  const [before, after] = [range(x.dims.length), range(x.dims.length)].map((axes) =>
    axes.map((axis) => (axis < first ? 0 : pick.of([0, 0, 1, 2]))),
  );
  const dims = x.dims.map((size, i) => size + before![i]! + after![i]!);
  return [node('Pad', [x, whole(...before!, ...after!)], dims, { mode: pick.of(['constant', 'edge']) })];
};

const reductions: Step = (x, { pick, node, whole, first }) => {
  const axes = range(x.dims.length).filter((axis) => axis >= first && pick.int(0, 1) === 0);
  const kept = pick.int(0, 1);
  if (axes.length === 0 || axes.length === x.dims.length) return [];
  const dims = x.dims.flatMap((size, i) => (!axes.includes(i) ? [size] : kept ? [1] : []));
  const attributes = { keepdims: kept };
  return [node(pick.of(['ReduceMean', 'ReduceMax']), [x, whole(...axes)], dims, attributes)];
};

/** Two neighbouring axes become one. */
const merges: Step = (x, { pick, node, sizes, first }) => {
  if (x.dims.length < 3) return [];
  const axis = pick.int(first, x.dims.length - 2);
  const dims = x.dims.toSpliced(axis, 2, x.dims[axis]! * x.dims[axis + 1]!);
  return [node('Reshape', [x, sizes(dims)], dims)];
};

/** An axis becomes two, which change places in half of the cases: a shuffle. */
const splits: Step = (x, tools) => {
  const { pick, node, sizes, first } = tools;
  const axis = pick.int(first, x.dims.length - 1);
  const size = x.dims[axis]!;
  const parts = range(size).filter((part) => part > 1 && size % part === 0);
  if (parts.length === 0 || x.dims.length > 4) return [];
  const part = pick.of(parts);
  const dims = x.dims.toSpliced(axis, 1, part, size / part);
  const split = node('Reshape', [x, sizes(dims)], dims);
  if (pick.int(0, 1) === 0) return [split];
  const perm = range(dims.length)
    .with(axis, axis + 1)
    .with(axis + 1, axis);
  const turned = perm.map((from) => dims[from]!);
  const shuffled = node('Transpose', [split], turned, { perm });
  return [shuffled, node('Reshape', [shuffled, sizes(x.dims)], x.dims)];
};

const softmax: Step = (x, { pick, node, first }) => [
  node('Softmax', [x], x.dims, { axis: pick.int(first, x.dims.length - 1) }),
];

const unsqueeze: Step = (x, { pick, node, whole, first }) => {
  const axis = pick.int(first, x.dims.length);
  return x.dims.length > 4 ? [] : [node('Unsqueeze', [x, whole(axis)], x.dims.toSpliced(axis, 0, 1))];
};

const gathers: Step = (x, { pick, node, whole, first }) => {
  const axis = pick.int(first, x.dims.length - 1);
  const indices = range(pick.int(1, 3)).map(() => pick.int(0, x.dims[axis]! - 1));
  return [node('Gather', [x, whole(...indices)], x.dims.with(axis, indices.length), { axis })];
};

const shuffles: Step = (x, { pick, node }) => {
  const [items, channels, height, width] = x.dims;
  if (!isMap(x) || channels! % 4 > 0) return [];
  const dims = [items!, channels! / 4, 2 * height!, 2 * width!];
  return [node('DepthToSpace', [x], dims, { blocksize: 2, mode: pick.of(['DCR', 'CRD']) })];
};

/** What values are turned, multiplied and joined by comes more often than its share. */
const FREQUENT: readonly Step[] = [orders, convolution, pairs];
const STEPS: readonly Step[] = [
  unary,
  orders,
  gram,
  linear,
  convolution,
  pool,
  instanceNorm,
  pairs,
  joins,
  slices,
  pads,
  reductions,
  merges,
  splits,
  softmax,
  unsqueeze,
  gathers,
  shuffles,
  ...FREQUENT,
];
