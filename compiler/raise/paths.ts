// Paths of weights: those that a model's own names say, where they say some.
import { isConstant, type ConstantNode, type OpNode } from '../ir/graph.ts';
import type { Phrase } from './phrase.ts';

/** A path, and whether the model's weights are called exactly so. */
export interface Wish {
  readonly path: string;
  readonly isExact: boolean;
}

/** The path of a phrase's weights, by the names of the weights or of the operator. */
export function wishOf({ weights, named }: Phrase): Wish | undefined {
  const exact = exactPath(weights);
  if (exact !== undefined) return { path: exact, isExact: true };
  const [first] = Object.values(weights);
  if (!first) return undefined;
  const path = readable(withoutEnd(first.name)) ?? readable(ofOperator(named.origins[0]?.path ?? ''));
  return path === undefined ? undefined : { path, isExact: false };
}

/** `layer1.0.conv1` where the weights are `layer1.0.conv1.weight`, … */
function exactPath(weights: Readonly<Record<string, ConstantNode>>): string | undefined {
  const paths = Object.entries(weights).map(([end, { name }]) => {
    const plain = name.replace(/_\d+$/, '');
    const own = [name, plain].find((each) => each.endsWith(`.${end}`));
    return own?.slice(0, -end.length - 1);
  });
  const [path] = paths;
  return path !== undefined && isPath(path) && paths.every((each) => each === path) ? path : undefined;
}

/** A batch normalisation has no names of its own, or `conv1.norm.weight`. */
export function weightsOwnNorm(weight: ConstantNode, norm: OpNode<'batch_norm'>): boolean {
  const { weight: scale } = norm.operands;
  if (!isConstant(scale)) return false;
  const own = /^(.*)\.weight$/.exec(weight.name)?.[1];
  return !/\.(weight|gamma)$/.test(scale.name) || scale.name === `${own}.norm.weight`;
}

/** No name and no path begins with one of these. */
const WORDS = new Set(['as', 'block', 'cnn', 'default', 'use', 'with']);
/** What has a name from the start: the value that a block works on, and the one that flows. */
const TAKEN = new Set(['in', '_']);

/** Whether a value can be called so. */
export const isName = (name: string): boolean =>
  /^[a-z_]\w*$/.test(name) && !WORDS.has(name) && !TAKEN.has(name);

/** Whether a layer can have this path: `conv1`, `layer1.0.conv1`. */
export const isPath = (path: string): boolean =>
  isName(path) || (/^\w+(\.\w+)+$/.test(path) && !WORDS.has(path.split('.')[0]!));

/** `fire2.squeeze1x1_w_0` → `fire2.squeeze1x1` */
const withoutEnd = (name: string): string =>
  name
    .replace(/[._](ReadVariableOp|read)(\.\d+)?(_\d+)?$/, '')
    .replace(/[._](MatMul|Conv2D|BiasAdd|depthwise)$/, '')
    .replace(/[._](weights?|kernel|w|W|quantized|gamma|scale)(_\d+)*$/, '');

/** `layer1.layer1.0.conv1.Conv` → `layer1.0.conv1` */
const ofOperator = (path: string): string => {
  const parts = path.split('.').filter((part, i, all) => part !== all[i + 1]);
  const last = parts.at(-1) ?? '';
  return (/^[A-Z]\w*$/.test(last) ? parts.slice(0, -1) : parts).join('.');
};

/** A path that somebody chose, and no number of a tool. */
function readable(path: string): string | undefined {
  const plain = path
    .replaceAll('-', '_')
    .replaceAll(/(^|\.)([A-Z])/g, (_, dot: string, letter: string) => dot + letter.toLowerCase());
  if (!isPath(plain) || plain.length > 60) return undefined;
  const isTool =
    /^(onnx|const_fold|value|node|op|n|parameter|constant|initializer|tensor|v)?[._]*\d*$/i.test(plain) ||
    /(^|\.)(const_fold|onnx\.|parameter\d|conv(olution)?_+\d+$|gemm_*\d+$|matmul_*\d+$|times\d|batchnormalization_*\d+)/.test(
      plain,
    ) ||
    /^\d/.test(plain);
  return isTool ? undefined : plain;
}
