// The table of operators, and the table of the language's words. Adding one here is the only
// registration that there is.
import * as activation from './activation.ts';
import { add, ADD } from './add.ts';
import { arg, ARGMAX, ARGMIN } from './arg.ts';
import * as arithmetic from './arithmetic.ts';
import { batchNorm, BN } from './batch-norm.ts';
import * as bits from './bits.ts';
import * as comparison from './comparison.ts';
import { concat, CONCAT } from './concat.ts';
import { CONV, DWCONV } from './conv-keyword.ts';
import { conv } from './conv.ts';
import { crop, CROP } from './crop.ts';
import { DECONV } from './deconv-keyword.ts';
import { deconv } from './deconv.ts';
import type { AttrsOf, OperandsOf } from './define.ts';
import { dropout, DROPOUT } from './dropout.ts';
import { expand, EXPAND } from './expand.ts';
import { extend, EXTEND } from './extend.ts';
import { fc, FC } from './fc.ts';
import { fround, FROUND } from './fround.ts';
import * as functions from './functions.ts';
import { gather, GATHER } from './gather.ts';
import { gridSample, GRID_SAMPLE } from './grid-sample.ts';
import { GAP } from './gap.ts';
import type { Keyword } from './keyword.ts';
import { LAST } from './last.ts';
import { lrn, LRN } from './lrn.ts';
import { matmul, MATMUL } from './matmul.ts';
import { maxIndices, MAX_INDICES } from './max-indices.ts';
import { mul, MUL } from './mul.ts';
import { pad, PAD } from './pad.ts';
import { pool, POOL } from './pool.ts';
import { reduce, REDUCE } from './reduce.ts';
import { reshape, RESHAPE } from './reshape.ts';
import { resize, UP } from './resize.ts';
import { scatter, SCATTER } from './scatter.ts';
import { slice, SLICE } from './slice.ts';
import { softmax, SOFTMAX } from './softmax.ts';
import { tile, TILE } from './tile.ts';
import { topK, TOP_K } from './top-k.ts';
import { transpose, TRANSPOSE } from './transpose.ts';
import * as trigonometry from './trigonometry.ts';
import { WEIGHT } from './weight.ts';

const { relu, relu6, tanh, sigmoid, swish, hswish, gelu, leaky, prelu } = activation;
const { RELU, RELU6, TANH, SIGMOID, SWISH, HSWISH, GELU, LEAKY, PRELU } = activation;

const { sub, div, min, max, pow, remainder } = arithmetic;
const { equal, less, lessOrEqual, and, or, xor, where } = comparison;
const { neg, abs, exp, log, sqrt, floor, ceil, round, sign, sin, cos, erf, not, trunc } = functions;
const { tan, asin, acos, atan, sinh, cosh, asinh, acosh, atanh } = trigonometry;
const { bitwiseAnd, bitwiseOr, bitwiseXor, isNaN, isInf } = bits;
const { softplus, softsign, mish, geluTanh, clip, hardSigmoid, elu, thresholded } = functions;

const { SUB, DIV, MIN, MAX, POW, MOD } = arithmetic;
const { EQUAL, LESS, LESS_EQUAL, AND, OR, XOR, WHERE } = comparison;
const { NEG, ABS, EXP, LOG, SQRT, FLOOR, CEIL, ROUND, TRUNC, SIGN, SIN, COS, ERF, NOT } = functions;
const { TAN, ASIN, ACOS, ATAN, SINH, COSH, ASINH, ACOSH, ATANH } = trigonometry;
const { BIT_AND, BIT_OR, BIT_XOR, IS_NAN, IS_INF } = bits;
const { SOFTPLUS, SOFTSIGN, MISH, GELU_TANH, CLIP, HARD_SIGMOID, ELU, THRESHOLDED } = functions;

/** Every operator of the graph. */
export const OPS = {
  add,
  batch_norm: batchNorm,
  concat,
  conv,
  crop,
  deconv,
  dropout,
  fc,
  gelu,
  hswish,
  leaky,
  lrn,
  mul,
  pad,
  pool,
  prelu,
  relu,
  relu6,
  reshape,
  resize,
  sigmoid,
  softmax,
  swish,
  tanh,
  transpose,

  // Moving elements.
  expand,
  extend,
  gather,
  grid_sample: gridSample,
  scatter,
  slice,
  tile,

  // Reductions and products.
  arg,
  matmul,
  max_indices: maxIndices,
  reduce,
  top_k: topK,

  // Arithmetic, comparisons and functions of numbers.
  abs,
  acos,
  acosh,
  and,
  asin,
  asinh,
  atan,
  atanh,
  bit_and: bitwiseAnd,
  bit_or: bitwiseOr,
  bit_xor: bitwiseXor,
  ceil,
  clip,
  cos,
  cosh,
  div,
  elu,
  equal,
  erf,
  exp,
  floor,
  fround,
  gelu_tanh: geluTanh,
  hard_sigmoid: hardSigmoid,
  is_inf: isInf,
  is_nan: isNaN,
  less,
  less_or_equal: lessOrEqual,
  log,
  max,
  min,
  mish,
  neg,
  not,
  or,
  pow,
  remainder,
  round,
  sign,
  sin,
  sinh,
  softplus,
  softsign,
  sqrt,
  sub,
  tan,
  thresholded,
  trunc,
  where,
  xor,
} as const;

/** Every word of the language that stands for operators of the graph. */
const WORDS: readonly Keyword[] = [
  CONV,
  DWCONV,
  DECONV,
  FC,
  POOL,
  GAP,
  BN,
  LRN,
  ADD,
  MUL,
  CONCAT,
  UP,
  CROP,
  PAD,
  LAST,
  RELU,
  RELU6,
  TANH,
  SIGMOID,
  SWISH,
  HSWISH,
  GELU,
  LEAKY,
  PRELU,
  SOFTMAX,
  DROPOUT,
  WEIGHT,

  // Moving elements.
  RESHAPE,
  TRANSPOSE,
  SLICE,
  EXPAND,
  TILE,
  EXTEND,
  GATHER,
  GRID_SAMPLE,
  SCATTER,

  // Reductions and products.
  REDUCE,
  ARGMAX,
  ARGMIN,
  TOP_K,
  MAX_INDICES,
  MATMUL,

  // Arithmetic, comparisons and functions of numbers.
  SUB,
  DIV,
  MIN,
  MAX,
  POW,
  MOD,
  EQUAL,
  LESS,
  LESS_EQUAL,
  AND,
  OR,
  XOR,
  WHERE,
  BIT_AND,
  BIT_OR,
  BIT_XOR,
  IS_NAN,
  IS_INF,
  NEG,
  ABS,
  EXP,
  LOG,
  SQRT,
  FLOOR,
  CEIL,
  ROUND,
  TRUNC,
  FROUND,
  SIGN,
  SIN,
  COS,
  TAN,
  ASIN,
  ACOS,
  ATAN,
  SINH,
  COSH,
  ASINH,
  ACOSH,
  ATANH,
  ERF,
  NOT,
  SOFTPLUS,
  SOFTSIGN,
  MISH,
  GELU_TANH,
  CLIP,
  HARD_SIGMOID,
  ELU,
  THRESHOLDED,
];
export const KEYWORDS: ReadonlyMap<string, Keyword> = new Map(WORDS.map((word) => [word.keyword, word]));

export type OpName = keyof typeof OPS;
export type OpAttrs<K extends OpName> = AttrsOf<(typeof OPS)[K]['attrs']>;
export type OpOperands<K extends OpName, T> = OperandsOf<(typeof OPS)[K]['operands'], T>;

/** Operators of one kind. */
export type OpsOfKind<Kind> = { [K in OpName]: (typeof OPS)[K]['kind'] extends Kind ? K : never }[OpName];
