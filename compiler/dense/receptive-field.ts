// What positions look at (Araujo et al., "Computing Receptive Fields of Convolutional Neural Networks", 2019),
// followed tap by tap. A field moves with its position by the stride; behind layers that enlarge only every
// so many positions look alike, so one period of fields is kept:
//
//   POOL → UP     position 0 and 1 both see pixels 0–1, 2 and 3 see 2–3:   stride 1, period 2
import type { ReceptiveField } from '../../runtime/program.ts';
import { inputsOf, isConstant, isOp, type Graph, type Node, type OpNode } from '../ir/graph.ts';
import type { OpName } from '../ops/index.ts';
import { spatialOf } from '../tensor/window.ts';
import { inputAxesOf, movedAxes } from './input-axes.ts';
import { isSpatial, positionsOf, readingOf } from './reading.ts';
import { slidingOf, stretchOf, tapsOf, type Sliding } from './taps.ts';
import { commonDivisor, range } from '../support/numbers.ts';

/** Along one axis of an input: position i, for all i of one period, sees input positions `first[i]` to `last[i]`. */
interface Field {
  readonly along: number;
  readonly stride: number;
  readonly first: readonly number[];
  readonly last: readonly number[];
  /** Positions have become channels, which see parts of the field each. */
  readonly isInParts: boolean;
}

/**
 * What each output looks at, in input positions: the smallest window that, moved by the stride from one position to the
 * next, holds what each of them sees. An output that is a vector has one position, and a stride of 0.
 */
export function receptiveFields(graph: Graph): ReadonlyMap<string, ReceptiveField> {
  const fieldsOf = fieldsIn(graph);
  return new Map(
    graph.outputs.flatMap(({ name, node }) => {
      const windows = fieldsOf(mapOf(node))?.map(around);
      if (!windows) return [];
      const field = {
        size: windows.map(({ first, last }) => last - first + 1),
        stride: windows.map(({ stride }) => (node.type.shape.length > 2 ? stride : 0)),
        offset: windows.map(({ first }) => first),
      };
      return [[name, field] as const];
    }),
  );
}

/**
 * How many input positions, along each axis, that position of a node looks at which looks at the most of them; undefined
 * where that is unknown, or depends on weights only.
 */
export function fieldSizeOf(graph: Graph): (node: Node) => readonly number[] | undefined {
  const fieldsOf = fieldsIn(graph);
  return (node) => {
    const map = mapOf(node);
    return fieldsOf(map)?.map(({ first, last }, axis) => {
      const sizes = first.slice(0, positionsOf(map, axis)).map((from, i) => last[i]! - from + 1);
      return Math.round(sizes.reduce((most, size) => Math.max(most, size), 0));
    });
  };
}

/** What values whose channels are last look at, where that is known. */
function fieldsIn(graph: Graph): (node: Node) => readonly Field[] | undefined {
  const fields = new Map<Node, Fields>();
  const inputAxes = new Map<Node, readonly number[]>();
  for (const node of graph.nodes) {
    const own = inputAxesOf(node, inputAxes);
    if (own) inputAxes.set(node, own);
    const axes = own ? itself(node, own) : seenBy(node, fields);
    if (axes.length > 0) fields.set(node, axes);
  }
  return (node) => {
    const found = fields.get(node);
    return found === UNKNOWN || !found?.every(isInOrder) ? undefined : found;
  };
}

/** Axes of an input that have changed places are no height and width any more. */
const isInOrder = ({ along }: Field, i: number, all: readonly Field[]): boolean =>
  i === 0 || all[i - 1]!.along < along;

/** One field per axis of the input. */
type Fields = readonly Field[] | typeof UNKNOWN;

const UNKNOWN = 'unknown';
const NONE: readonly Field[] = [];

/** Each position sees that of the input. */
const itself = ({ type }: Node, inputAxes: readonly number[]): Fields =>
  spatialOf(type.shape).map((_, axis) => ({
    along: inputAxes[axis + 1]!,
    stride: 1,
    first: [0],
    last: [0],
    isInParts: false,
  }));

/** The map whose channels an output has first. A list of one position is as well one of many. */
function mapOf(node: Node): Node {
  const map = inChannelsLast(node);
  if (map === node) return node;
  return spatialOf(map.type.shape).every((positions) => positions === 1) ? node : map;
}

/** What a value is before its channels are put first, as callers want some outputs, and vectors some maps. */
function inChannelsLast(node: Node): Node {
  const moved = isOp(node) ? movedAxes(node) : undefined;
  if (!moved) return node;
  const axes = range(node.type.shape.length);
  const channelsFirst = [0, axes.length - 1, ...axes.slice(1, -1)];
  return axes.length > 2 && moved.axes.join() === channelsFirst.join() ? moved.from : node;
}

/** None for what depends on weights only. */
function seenBy(node: Node, known: ReadonlyMap<Node, Fields>): Fields {
  if (!isOp(node)) return NONE;
  let all = NONE;
  const isVector = node.op === 'reshape' && node.type.shape.length < 3;
  for (const given of inputsOf(node)) {
    const operand = isVector ? inChannelsLast(given) : given;
    const axes = isConstant(operand) ? undefined : known.get(operand);
    if (!axes) continue;
    const seen = axes === UNKNOWN ? UNKNOWN : seenOf(node, operand, axes);
    if (seen === UNKNOWN || (all !== NONE && !areAlongSame(all, seen))) return UNKNOWN;
    all = all === NONE ? seen : all.map((field, axis) => both(field, seen[axis]!));
  }
  return joinsChannels(node) ? all.map(asWhole) : all;
}

const asWhole = (field: Field): Field => (field.isInParts ? { ...field, isInParts: false } : field);

/** Whether each channel of the result is made of all channels. */
const joinsChannels = (node: OpNode): boolean =>
  node.op === 'fc' || ((node.op === 'conv' || node.op === 'deconv') && node.attrs.groups === 1);

const areAlongSame = (a: readonly Field[], b: readonly Field[]): boolean =>
  a.length === b.length && a.every(({ along }, axis) => along === b[axis]!.along);

/** What a node's positions look at by way of one operand. */
function seenOf(node: OpNode, operand: Node, x: readonly Field[]): Fields {
  const seen = x.map((field, axis) => seenAlong(node, operand, { axis, x: field }));
  return seen.every((along) => along !== undefined) ? seen : UNKNOWN;
}

function seenAlong(
  node: OpNode,
  operand: Node,
  { axis, x }: { readonly axis: number; readonly x: Field },
): Field | undefined {
  if (isSpatial(node, axis) && (node.op === 'conv' || node.op === 'pool') && x.first.length === 1)
    return slide(x, slidingOf(node, axis));
  const taps = tapsOf(node, axis);
  if (!taps) {
    const count = positionsOf(operand, axis);
    switch (readingOf(node, operand, axis)) {
      case 'own':
        return count === 1 && positionsOf(node, axis) > 1 ? onlyOne(x) : x;
      case 'whole':
        if (count === 1 && x.isInParts && positionsOf(node, axis) > 1) return undefined;
        return {
          ...ofTaps(x, { stride: 0, period: 1, taps: () => range(count) }),
          isInParts: x.isInParts || (count > 1 && MOVES.has(node.op)),
        };
      case 'unknown':
        return undefined;
    }
  }
  const [advance, per] = advanceOf(node, axis);
  if (advance < 0) return undefined;
  // The first number of positions that advances by whole periods of x.
  const whole = per * x.first.length;
  const period = whole / commonDivisor(advance, whole);
  return ofTaps(x, { stride: (x.stride * advance) / per, period, taps });
}

/** Operators that only give elements other places. */
const MOVES: ReadonlySet<string> = new Set(['reshape', 'transpose'] satisfies OpName[]);

/** Where all positions look alike, the first and the last element of the window say it all. */
function slide(x: Field, { step, first, elements, apart }: Sliding): Field {
  const last = first + (elements - 1) * apart;
  if (step === 1 && first === 0 && last === 0) return x;
  return { ...x, stride: x.stride * step, first: [sees(x, 'first', first)], last: [sees(x, 'last', last)] };
}

/** Positions of the operand per positions of the result. */
function advanceOf(node: OpNode, axis: number): readonly [number, number] {
  switch (node.op) {
    case 'conv':
    case 'max_indices':
    case 'pool':
      return [node.attrs.stride[axis]!, 1];
    case 'slice':
      return [node.attrs.step[node.attrs.axes.indexOf(axis + 1)]!, 1];
    case 'deconv':
      return [1, node.attrs.stride[axis]!];
    case 'resize': {
      const [from, to] = stretchOf(node, axis);
      return [from / commonDivisor(from, to), to / commonDivisor(from, to)];
    }
    default:
      return [1, 1];
  }
}

interface Reading {
  readonly stride: number;
  readonly period: number;
  taps(i: number): readonly number[];
}

/** The smallest field around all that is read. Where nothing is, as between the windows of DECONV, there is none. */
function ofTaps(x: Field, { stride, period, taps }: Reading): Field {
  const read = range(period).map(taps);
  return {
    ...x,
    stride,
    first: read.map((at) => at.reduce((least, each) => Math.min(least, sees(x, 'first', each)), Infinity)),
    last: read.map((at) => at.reduce((most, each) => Math.max(most, sees(x, 'last', each)), -Infinity)),
  };
}

/** An end of what position i of x sees. */
function sees(x: Field, end: 'first' | 'last', i: number): number {
  const ends = x[end];
  const turns = Math.floor(i / ends.length);
  return ends[i - turns * ends.length]! + turns * ends.length * x.stride;
}

/** What stretches over all positions of a result is the same for each of them, and counts as the first one's. */
const onlyOne = (x: Field): Field => ({ ...x, stride: 0, first: [x.first[0]!], last: [x.last[0]!] });

/** The smallest field around both. What is the same for all positions takes the other's stride. */
function both(a: Field, b: Field): Field {
  if (a.stride !== b.stride) {
    const [one, other] = [around(a), around(b)];
    return {
      along: a.along,
      isInParts: a.isInParts || b.isInParts,
      stride: Math.max(a.stride, b.stride),
      first: [Math.min(one.first, other.first)],
      last: [Math.max(one.last, other.last)],
    };
  }
  const [m, n] = [a.first.length, b.first.length];
  const period = range((m * n) / commonDivisor(m, n));
  return {
    ...a,
    isInParts: a.isInParts || b.isInParts,
    first: period.map((i) => Math.min(sees(a, 'first', i), sees(b, 'first', i))),
    last: period.map((i) => Math.max(sees(a, 'last', i), sees(b, 'last', i))),
  };
}

/** One window around what all positions of a period see, moved by the stride from one to the next. */
function around({ stride, first, last }: Field): { stride: number; first: number; last: number } {
  const least = first.reduce((least, at, i) => Math.min(least, at - i * stride), Infinity);
  const most = last.reduce((most, at, i) => Math.max(most, at - i * stride), -Infinity);
  return { stride, first: Math.floor(least + 1e-9), last: Math.ceil(most - 1e-9) };
}
