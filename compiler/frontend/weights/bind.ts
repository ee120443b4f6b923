// A file's tensors → the graph's constants. Everything that does not match is said at once.
import { isWeight, type ConstantNode, type Graph, type Node } from '../../ir/graph.ts';
import { rebuild } from '../../ir/rebuild.ts';
import { Refusal, type Complaint } from '../../support/refusal.ts';
import { suggest } from '../../support/suggest.ts';
import { sameShape, type Shape } from '../../tensor/types.ts';
import { readBindMap, type BindMap, type Pair, type PlacedComplaint } from './bind-map.ts';
import { LAYOUTS, layoutIn, storedForms, toCanonical, type Layout, type StoredForm } from './layout.ts';
import type { NamedTensor, NamedTensors } from './named-tensors.ts';
import { pairWeights, weightsInOrder, type Bind } from './pair.ts';
import { showName } from '../../support/show-name.ts';

/** PyTorch counts batches beside the running statistics; inference has no use for it. */
const IGNORED = /(^|\.)num_batches_tracked$/;

export interface Binding {
  /** The graph with data in every constant that was found. */
  readonly graph: Graph;
  readonly complaints: readonly PlacedComplaint[];
}

/** How a file is to be understood. */
export interface BindOptions {
  /** Default: what the file's metadata say, else torch. */
  readonly layout?: Layout;
  /** Default: by name. */
  readonly bind?: Bind;
  /** A text of pairs in place of `bind`: lines `program.path = file.name`. */
  readonly bindMap?: BindMap;
}

/** A weight that has a tensor. */
interface Match {
  readonly weight: ConstantNode;
  readonly name: string;
  readonly tensor: NamedTensor;
}

/** Missing, misshapen and surplus tensors make one complaint each, listing all of them. */
export function bindWeights(
  graph: Graph,
  { tensors, metadata }: NamedTensors,
  { layout = layoutIn(metadata) ?? 'torch', bind = 'name', bindMap }: BindOptions = {},
): Binding {
  const { pairs, complaints: unreadableLines } = bindMap
    ? readBindMap(bindMap)
    : { pairs: pairsOf(bind), complaints: [] };
  if (unreadableLines.length > 0) return { graph, complaints: atMost(unreadableLines) };
  const weights = weightsInOrder(graph);
  const forms = storedForms(graph, layout);
  const names = [...tensors.keys()].filter((name) => !IGNORED.test(name));
  const pairing = pairWeights(weights, names, bind === 'order' ? bind : pairs);
  if (pairing.complaints.length > 0) return { graph, complaints: atMost(pairing.complaints) };

  const matches = weights.flatMap((weight): Match[] => {
    const name = pairing.nameOf.get(weight);
    const tensor = name === undefined ? undefined : tensors.get(name);
    return tensor ? [{ weight, name: name!, tensor }] : []; // a tensor was found by its name
  });
  const found = new Map(matches.map((match) => [match.weight, match]));
  const used = new Set(matches.map(({ name }) => name));
  const surplus = names.filter((name) => !used.has(name));
  const missing = weights.filter((weight) => !found.has(weight));
  const misshapen = matches.filter(({ weight, tensor }) => !fits(tensor, forms.get(weight)));
  const howToPair =
    'pair them in a file (--bind map.txt: program.path = file.name) or by order (--bind order)';
  const complaints = [
    complain('the weights file lacks', missing, {
      show: (weight) => {
        const candidates = surplus.filter((name) => fits(tensors.get(name)!, forms.get(weight)));
        const near = nearest(weight.name, candidates);
        const shape = showShape(forms.get(weight)!.shapes[0]);
        return `${weight.name} (${shape}${near === undefined ? '' : `; the file has ${showName(near)}`})`;
      },
      help: surplus.length > 0 ? howToPair : undefined,
    }),
    complain('the weights file has another shape for', misshapen, {
      show: ({ weight, name, tensor }) => {
        const [expected, given] = [forms.get(weight)!.shapes[0], tensor.shape].map(showShape);
        const where = name === weight.name ? '' : ` in ${showName(name)}`;
        return `${weight.name} (${expected} expected, ${given} found${where})`;
      },
      help: otherLayout(graph, layout, misshapen),
    }),
    complain('the program has no place for', surplus, { show: showName }),
  ].filter((complaint) => complaint !== undefined);
  if (complaints.length > 0) return { graph, complaints };

  const { data, unreadable } = readAll(matches, forms);
  if (unreadable.length > 0) return { graph, complaints: atMost(unreadable) };
  const bound = rebuild(graph, (node) =>
    isWeight(node) ? ({ ...node, data: data.get(node)! } satisfies ConstantNode) : node,
  );
  return { graph: bound, complaints };
}

const pairsOf = (bind: Bind): ReadonlyMap<string, Pair> =>
  new Map(typeof bind === 'string' ? [] : Object.entries(bind).map(([path, tensor]) => [path, { tensor }]));

/** The elements of all weights; tensors of types that are not read, and damaged ones, make one complaint each. */
function readAll(matches: readonly Match[], forms: ReadonlyMap<Node, StoredForm>) {
  const data = new Map<Node, Float32Array>();
  const unreadable: Complaint[] = [];
  for (const { weight, tensor } of matches) {
    try {
      data.set(weight, toCanonical(tensor.read(), forms.get(weight)!));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      unreadable.push(error.complaint);
    }
  }
  return { data, unreadable };
}

const fits = ({ shape }: NamedTensor, form: StoredForm | undefined): boolean =>
  form?.shapes.some((each) => sameShape(each, shape)) === true;

const showShape = (shape: Shape): string => (shape.length === 0 ? 'a number' : shape.join('×'));

/** The name with something in front (`model.conv1.weight`), or one that is spelled alike. */
const nearest = (path: string, names: readonly string[]): string | undefined =>
  names.find((name) => name.endsWith(`.${path}`) || path.endsWith(`.${name}`)) ?? suggest(path, names);

/** Advice where every shape that is wrong would be right in another layout. */
function otherLayout(graph: Graph, layout: Layout, misshapen: readonly Match[]): string | undefined {
  const other = LAYOUTS.filter((each) => each !== layout).find((each) => {
    const forms = storedForms(graph, each);
    return misshapen.every(({ weight, tensor }) => fits(tensor, forms.get(weight)));
  });
  return other && `all of these have the shapes of the layout ${other}: give --layout ${other}`;
}

/** So many are listed; of the others their number is said. */
const LISTED = 8;

function complain<T>(
  what: string,
  items: readonly T[],
  { show, help }: { readonly show: (item: T) => string; readonly help?: string | undefined },
): Complaint | undefined {
  if (items.length === 0) return undefined;
  const listed = items.slice(0, LISTED).map(show);
  const others = items.length - listed.length;
  const noun = items.length === 1 ? 'a tensor' : `${items.length} tensors`;
  return {
    code: 'E061',
    message: `${what} ${noun}: ${listed.join(', ')}${others > 0 ? `, and ${others} more` : ''}`,
    ...(help !== undefined && { help }),
  };
}

function atMost(complaints: readonly PlacedComplaint[]): readonly PlacedComplaint[] {
  const others = complaints.length - LISTED;
  if (others <= 0) return complaints;
  const { code } = complaints[0]!; // there are more than are listed
  return [...complaints.slice(0, LISTED), { code, message: `and ${others} more like these` }];
}
