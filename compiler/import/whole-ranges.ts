// What to try an input with that a model takes as whole numbers or truth values: numbers that float32 has exactly,
// that lie within what they index, and that nothing is divided by zero with.
import type { WholeRange } from '../../runtime/program.ts';
import { RANGES } from './elements.ts';
import type { OnnxNode } from './model.ts';
import type { Value } from './value.ts';

/** Small enough for sums of products to be exact. */
const WIDE: WholeRange = { low: -100, high: 100 };

/** Operators whose results are numbers of their inputs. */
const KEEPING = new Set(
  `Cast CastLike Concat Expand Flatten Gather Identity Pad Reshape Slice Split Squeeze Tile Transpose Unsqueeze
   Where`.split(/\s+/),
);

/** Operators whose second input is indices along one axis of the first; 0 where they do not say which. */
const ALONG_AXIS = new Set(['Gather', 'GatherElements', 'Scatter', 'ScatterElements']);
/** Operators whose second input is indices along several axes of the first. */
const ALONG_AXES = new Set(['GatherND', 'ScatterND']);
const DIVIDING = new Set(['Div', 'Mod']);

/**
 * The range of each value of a graph, by name; undefined where values are fractions, or nothing is known of them.
 * `nodes` stand operands first.
 */
export function wholeRanges(
  nodes: readonly OnnxNode[],
  valueOf: (name: string) => Value | undefined,
): (name: string) => WholeRange | undefined {
  const limits = new Map<string, WholeRange>();
  const limit = (name: string, { low, high }: WholeRange): void => {
    const before = limits.get(name) ?? { low: -Infinity, high: Infinity };
    limits.set(name, { low: Math.max(before.low, low), high: Math.min(before.high, high) });
  };
  for (const node of nodes.toReversed()) {
    const { op, inputs, outputs } = node;
    if (KEEPING.has(op))
      for (const output of outputs) {
        const after = limits.get(output);
        if (after) for (const input of inputs) limit(input, after);
      }
    const [first, second] = inputs;
    if (first === undefined || second === undefined) continue;
    const length = indexedLength(node, valueOf(first));
    if (length !== undefined) limit(second, { low: 0, high: Math.max(0, length - 1) });
    if (DIVIDING.has(op)) limit(second, { low: 1, high: Infinity });
  }
  return (name) => {
    const value = valueOf(name);
    if (!value || value.sort === 'float') return undefined;
    const own = rangeOf(value);
    const { low, high } = limits.get(name) ?? own;
    const most = Number.isFinite(high) ? Math.min(high, largestOf(value)) : own.high;
    return { low: Math.min(Math.max(low, own.low), most), high: most };
  };
}

/** How many places the second input of a node says, where it says places. */
function indexedLength({ op, attributes }: OnnxNode, indexed: Value | undefined): number | undefined {
  if (!indexed) return undefined;
  if (ALONG_AXES.has(op)) return Math.min(...indexed.dims);
  if (!ALONG_AXIS.has(op)) return undefined;
  const axis = attributes.get('axis');
  return indexed.dims.at(axis?.kind === 'int' ? Number(axis.value) : 0);
}

/** The numbers of a narrow type; of wider ones, a few. */
function rangeOf({ sort, type = '' }: Value): WholeRange {
  if (sort === 'bool') return { low: 0, high: 1 };
  if (type === 'int8' || type === 'uint8') return RANGES.get(type)!;
  return type.startsWith('u') ? { ...WIDE, low: 0 } : WIDE;
}

/** The largest number of a type, as far as float32 has all below it. */
const largestOf = ({ sort, type = '' }: Value): number =>
  sort === 'bool' ? 1 : (RANGES.get(type)?.high ?? 2 ** 24);
