import { fieldSizeOf } from './dense/receptive-field.ts';
import {
  forEachInput,
  isOp,
  isWeight,
  type ConstantNode,
  type Graph,
  type Node,
  type OpNode,
  type Origin,
} from './ir/graph.ts';
import { macsOf } from './ir/semantics.ts';
import { sizeOf } from './tensor/types.ts';

/** One layer: one use of an operator in the program; or, grouped, all layers of one block. */
export interface LayerSummary {
  /** Its path: `layer1.0.conv1`. */
  readonly name: string;
  /** The word of the language: `CONV`; for a group its block, if it is one. */
  readonly op: string;
  /** Sizes of its result, without the batch: height, width, channels. */
  readonly output: readonly number[];
  /** Learned numbers; running statistics are not counted. */
  readonly params: number;
  /** Part of the parameters of the whole network, 0 to 1. */
  readonly share: number;
  /** Multiply-accumulates for one item. */
  readonly macs: number;
  /** Input positions that one position of the result looks at, along each axis; behind UP and DECONV the most of any. */
  readonly receptiveField: readonly number[];
  /** Bytes of its result, for one item in float32. */
  readonly activationBytes: number;
}

export interface Summary {
  readonly layers: readonly LayerSummary[];
  readonly params: number;
  readonly macs: number;
  /** Of all results together; a plan needs less, for it uses memory again. */
  readonly activationBytes: number;
  /** Names of the blocks that were used, by path. */
  readonly blocks: Readonly<Record<string, string>>;
}

interface Collected {
  last: Node;
  params: number;
  macs: number;
}

/** Shapes and costs, layer by layer, of a graph as the program says it (before any pass). */
export function summarizeGraph(graph: Graph): Summary {
  const layers = collectLayers(graph);
  const fieldSize = fieldSizeOf(graph);
  const total = sum([...layers.values()].map(({ params }) => params));
  const blocks = new Map<string, string>();
  const rows: LayerSummary[] = [];
  for (const [origin, { last, params, macs }] of layers) {
    rows.push({
      name: origin.path,
      op: origin.keyword,
      output: last.type.shape.slice(1),
      params,
      share: total === 0 ? 0 : params / total,
      macs,
      receptiveField: fieldSize(last) ?? [],
      activationBytes: 4 * sizeOf(last.type.shape),
    });
    for (const { path, block } of origin.blocks) blocks.set(path, block);
  }
  return {
    layers: rows,
    params: total,
    macs: sum(rows.map(({ macs }) => macs)),
    activationBytes: sum(rows.map(({ activationBytes }) => activationBytes)),
    blocks: Object.fromEntries(blocks),
  };
}

function collectLayers(graph: Graph): Map<Origin, Collected> {
  const layers = new Map<Origin, Collected>();
  /** Weights that no layer has taken yet: each counts for the first that does, which mostly stands right behind it. */
  const untaken = new Set<Node>();
  for (const node of graph.nodes) {
    if (isWeight(node)) untaken.add(node);
    if (!isOp(node)) continue;
    const origin = node.origins[0]!;
    if (origin.keyword === 'INPUT') continue; // what stitching crops is no layer
    let layer = layers.get(origin);
    if (!layer) layers.set(origin, (layer = { last: node, params: 0, macs: 0 }));
    layer.last = node;
    layer.macs += macsOf(node);
    forEachInput(node, (input) => {
      if (isWeight(input) && !isStatistic(input, node) && untaken.delete(input))
        layer.params += sizeOf(input.type.shape);
    });
  }
  return layers;
}

/** ONNX does not say of its weights what they are: those that a normalisation takes for statistics are. */
const isStatistic = (weight: ConstantNode, reader: OpNode): boolean =>
  weight.isStatistic ||
  (reader.op === 'batch_norm' && (weight === reader.operands.mean || weight === reader.operands.variance));

/**
 * The summary with everything whose path begins with the same `depth` names in one row. Throws a `RangeError`
 * where `depth` is no whole number of at least 1.
 */
export function groupSummary(summary: Summary, depth: number): Summary {
  if (!Number.isSafeInteger(depth) || depth < 1)
    throw new RangeError(`depth is ${String(depth)}; it must be a whole number, 1 or more`);
  const groups = new Map<string, LayerSummary[]>();
  for (const layer of summary.layers) {
    const path = layer.name.split('.').slice(0, depth).join('.');
    const group = groups.get(path);
    if (group) group.push(layer);
    else groups.set(path, [layer]);
  }
  const layers = [...groups].map(([name, members]) => {
    const last = members.at(-1)!;
    return members.length === 1 && last.name === name
      ? last
      : {
          ...last,
          name,
          op: summary.blocks[name] ?? `${members.length} layers`,
          params: sum(members.map(({ params }) => params)),
          share: sum(members.map(({ share }) => share)),
          macs: sum(members.map(({ macs }) => macs)),
          activationBytes: sum(members.map(({ activationBytes }) => activationBytes)),
        };
  });
  return { ...summary, layers };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
