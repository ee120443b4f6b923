// Graph → program: what `cnnc import` writes.
//
// The graph is brought into the shape that words of the language give it (canonical.ts), said in phrases
// (say.ts), which are put into chains (structure.ts), where blocks and repeats are looked for (fold/). The text
// is then read back, and its graph compared with the one that was meant: that is what finds each weight its
// path, and a program that says something else is never given.
import { Diagnostics } from '../frontend/diagnostics.ts';
import { buildProgram } from '../frontend/program.ts';
import type { Graph } from '../ir/graph.ts';
import type { Shape } from '../tensor/types.ts';
import { refuse, Refusal, type Complaint } from '../support/refusal.ts';
import { canonical } from './canonical.ts';
import { compare } from './compare.ts';
import { fold } from './fold/index.ts';
import { place } from './place.ts';
import { print, type Draft } from './print.ts';
import { say } from './say.ts';
import { structure } from './structure.ts';

export interface Raised {
  readonly text: string;
  /** Class names, where the graph has some, and the file in which the text looks for them. */
  readonly labels?: { readonly file: string; readonly text: string };
  /** The weights by their paths in the program. */
  readonly weights: readonly RaisedWeight[];
}

export interface RaisedWeight {
  readonly name: string;
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** The program for a graph with its weights; or the complaint that names what cannot be said. */
export async function raise(graph: Graph): Promise<Raised | Complaint> {
  try {
    const meant = canonical(graph);
    const phrases = say(meant);
    const chains = structure(phrases, meant.outputs);
    let failure = '';
    for (const draft of drafts(chains)) {
      const raised = await readBack(print(draft, labelsFileOf(meant)), meant);
      if (typeof raised !== 'string') return raised;
      failure = raised;
    }
    return refuse('E047', `the language does not say this network: as a program it differs in ${failure}`);
  } catch (error) {
    if (error instanceof Refusal) return error.complaint;
    throw error;
  }
}

const labelsFileOf = ({ name }: Graph): string => `${name}.labels.txt`;

/** The best first. */
function* drafts(chains: ReturnType<typeof structure>): Generator<Draft> {
  const folded = fold(chains);
  yield { ...folded, chains: place(folded.chains) };
  yield { blocks: [], chains: place(chains) };
}

/** The program's weights, if it says the graph that was meant; else where it differs. */
async function readBack(text: string, meant: Graph): Promise<Raised | string> {
  const diagnostics = new Diagnostics();
  const [names] = meant.outputs.flatMap(({ labels }) => (labels ? [labels] : []));
  const labels = names && { file: labelsFileOf(meant), text: `${names.join('\n')}\n` };
  const built = await buildProgram(
    {
      text,
      path: 'raised.cnn',
      name: meant.name,
      read: async () => new TextEncoder().encode(labels?.text),
      openSizes: undefined,
      needsTrainedSize: false,
    },
    diagnostics,
  );
  if (!built) return diagnostics.list.map(({ code, message }) => `${code} ${message}`).join('; ');
  const pairs = compare(canonical(built.graph), meant);
  if (typeof pairs === 'string') return pairs;
  const weights = [...pairs].map(([name, { type, data }]) => ({ name, shape: type.shape, data: data! }));
  return { text, weights, ...(labels && { labels }) };
}
