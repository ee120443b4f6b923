import { receptiveFields } from './dense/receptive-field.ts';
import { isConstant, isOp, inputsOf, type Graph, type Node, type Origin } from './ir/graph.ts';
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
  /** Input positions that one position of the result looks at, along each axis. */
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
  readonly weights: Set<Node>;
  macs: number;
}

/** Shapes and costs, layer by layer, of a graph as the program says it (before any pass). */
export function summarizeGraph(graph: Graph): Summary {
  const layers = collectLayers(graph);
  const params = sum(
    [...layers.values()].flatMap(({ weights }) => [...weights].map(({ type }) => sizeOf(type.shape))),
  );
  const outputs = [...layers].map(([{ path }, { last }]) => ({ name: path, node: last }));
  const fields = receptiveFields({ ...graph, outputs });
  const rows = [...layers].map(([{ path, keyword }, { last, weights, macs }]) => {
    const own = sum([...weights].map(({ type }) => sizeOf(type.shape)));
    return {
      name: path,
      op: keyword,
      output: last.type.shape.slice(1),
      params: own,
      share: params === 0 ? 0 : own / params,
      macs,
      receptiveField: fields.get(path)?.size ?? [],
      activationBytes: 4 * sizeOf(last.type.shape),
    };
  });
  const frames = [...layers.keys()].flatMap(({ blocks }) => blocks.map(({ path, block }) => [path, block]));
  return {
    layers: rows,
    params,
    macs: sum(rows.map(({ macs }) => macs)),
    activationBytes: sum(rows.map(({ activationBytes }) => activationBytes)),
    blocks: Object.fromEntries(frames),
  };
}

function collectLayers(graph: Graph): Map<Origin, Collected> {
  const layers = new Map<Origin, Collected>();
  const counted = new Set<Node>();
  for (const node of graph.nodes) {
    if (!isOp(node)) continue;
    const origin = node.origins[0]!;
    const layer = layers.get(origin) ?? { last: node, weights: new Set<Node>(), macs: 0 };
    layers.set(origin, layer);
    layer.last = node;
    layer.macs += macsOf(node);
    for (const input of inputsOf(node)) {
      if (!isConstant(input) || input.isStatistic || counted.has(input)) continue;
      counted.add(input);
      layer.weights.add(input);
    }
  }
  return layers;
}

/** The summary with everything whose path begins with the same `depth` names in one row. */
export function groupSummary(summary: Summary, depth: number): Summary {
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
