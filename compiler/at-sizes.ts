import type { ReceptiveField } from '../runtime/program.ts';
import { evaluateAt, receptiveFields } from './dense/index.ts';
import type { Diagnostics } from './frontend/diagnostics.ts';
import type { Graph } from './ir/graph.ts';
import type { SourceOptions } from './options.ts';
import { refuse, Refusal } from './support/refusal.ts';

/** A network at one input size. */
export interface PlacedNetwork {
  readonly graph: Graph;
  /** What each output looks at, by name. */
  readonly receptiveFields: ReadonlyMap<string, ReceptiveField>;
}

type Sizes = Pick<SourceOptions, 'at' | 'dense' | 'stride' | 'method'>;

/**
 * The network at each size that was asked for, or as it was trained where none was. What cannot be is
 * reported, and undefined given.
 */
export function atSizes(
  graph: Graph,
  options: Sizes,
  diagnostics: Diagnostics,
): readonly [PlacedNetwork, ...PlacedNetwork[]] | undefined {
  const [first, ...others] = sizesOf(options);
  try {
    return [
      placed(graph, first, options, diagnostics),
      ...others.map((size) => placed(graph, size, options, diagnostics)),
    ];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    diagnostics.list.push({ severity: 'error', labels: [], ...error.complaint });
    return undefined;
  }
}

/** Each size once. */
const sizesOf = ({ at = [] }: Sizes): (readonly number[])[] => [
  ...new Map(at.map((size) => [size.join(), size])).values(),
];

function placed(
  graph: Graph,
  size: readonly number[] | undefined,
  { dense = false, stride, method }: Sizes,
  diagnostics: Diagnostics,
): PlacedNetwork {
  if (size === undefined) {
    if (dense !== false) refuse('E071', 'dense evaluation needs a size', { help: 'give one: --at 384x384' });
    if (stride !== undefined || method) refuseScanning();
    return asTrained(graph);
  }
  if (dense === false && (stride !== undefined || method)) refuseScanning();
  const { warnings, ...result } = evaluateAt(graph, {
    size,
    ...(dense !== false && { dense: dense === true ? 'map' : dense }),
    ...(stride !== undefined && { stride }),
    ...(method && { method }),
  });
  for (const warning of warnings) diagnostics.list.push({ severity: 'warning', labels: [], ...warning });
  return result;
}

const refuseScanning = (): never =>
  refuse('E071', 'a stride and a method are for dense evaluation', { help: 'add --dense' });

/** Not every use of a network asks for its fields, and they take a walk over it. */
const asTrained = (graph: Graph): PlacedNetwork => ({
  graph,
  get receptiveFields() {
    return receptiveFields(graph);
  },
});
