// Weights by path → the graph's constants. Everything that does not match is said at once.
import type { ConstantNode, Graph } from '../../ir/graph.ts';
import { isConstant } from '../../ir/graph.ts';
import { rebuild } from '../../ir/rebuild.ts';
import type { Complaint } from '../../support/refusal.ts';
import { suggest } from '../../support/suggest.ts';
import { sameShape } from '../../tensor/types.ts';
import type { NamedTensors } from './named-tensors.ts';

/** PyTorch counts batches beside the running statistics; inference has no use for it. */
const IGNORED = /(^|\.)num_batches_tracked$/;

export interface Binding {
  /** The graph with data in every constant that was found. */
  readonly graph: Graph;
  readonly complaints: readonly Complaint[];
}

/** Missing, misshapen and surplus tensors make one complaint each, listing all of them. */
export function bindWeights(graph: Graph, { tensors }: NamedTensors): Binding {
  const constants = graph.nodes.filter(isConstant);
  const paths = new Set(constants.map(({ name }) => name));
  const surplus = [...tensors.keys()].filter((name) => !paths.has(name) && !IGNORED.test(name));
  const missing = constants.filter(({ name }) => !tensors.has(name));
  const misshapen = constants.filter(({ name, type }) => {
    const found = tensors.get(name);
    return found !== undefined && !sameShape(found.shape, type.shape);
  });

  const complaints = [
    complain('the weights file lacks', missing, ({ name, type }) => {
      const near = suggest(name, surplus);
      return `${name} (${type.shape.join('×')}${near === undefined ? '' : `; the file has ${near}`})`;
    }),
    complain('the weights file has another shape for', misshapen, ({ name, type }) => {
      return `${name} (${type.shape.join('×')} expected, ${tensors.get(name)!.shape.join('×')} found)`;
    }),
    complain('the program has no place for', surplus, (name) => name),
  ].filter((complaint) => complaint !== undefined);
  if (complaints.length > 0) return { graph, complaints };

  const bound = rebuild(graph, (node) =>
    isConstant(node) ? ({ ...node, data: tensors.get(node.name)!.data } satisfies ConstantNode) : node,
  );
  return { graph: bound, complaints };
}

/** So many are listed; of the others their number is said. */
const LISTED = 8;

function complain<T>(what: string, items: readonly T[], show: (item: T) => string): Complaint | undefined {
  if (items.length === 0) return undefined;
  const listed = items.slice(0, LISTED).map(show);
  const others = items.length - listed.length;
  const noun = items.length === 1 ? 'a tensor' : `${items.length} tensors`;
  return {
    code: 'E061',
    message: `${what} ${noun}: ${listed.join(', ')}${others > 0 ? `, and ${others} more` : ''}`,
  };
}
