// The example programs, and variants of them that are small enough for the reference to run.
import { readFileSync } from 'node:fs';
import { Diagnostics } from '../../compiler/frontend/diagnostics.ts';
import { buildProgram } from '../../compiler/frontend/program.ts';
import { mulberry32, randomWeights } from '../../compiler/frontend/weights/random.ts';
import { isConstant, type Graph } from '../../compiler/ir/graph.ts';
import { rebuild } from '../../compiler/ir/rebuild.ts';

/** What to replace in a program so that it keeps every layer and loses most of its work. */
const SMALLER: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  '00-mission': [],
  '01-seed-a': [],
  '02-seed-b': [['INPUT', 'default CONV(filters=12)\nINPUT']],
  '02b-vgg16': [
    ['INPUT(224x224x3)', 'default CONV(filters=12)\nINPUT(32x32x3)'],
    ['FC(4096)', 'FC(32)'],
  ],
  '03-lenet5': [],
  '04-alexnet': [
    ['227x227x3', '67x67x3'],
    ['FC(4096)', 'FC(32)'],
  ],
  '05-inception': [['28x28x192', '7x7x192']],
  '06-resnet18': [['224x224x3', '12x12x3']],
  '07-mobilenetv2': [['224x224x3', '20x20x3']],
  '08-tcn': [['784x1', '150x1']],
  '09-aspp': [['65x65x2048', '9x9x32']],
  '10-unet': [
    ['256x256x1', '16x16x1'],
    ['CONV(f)*2', 'CONV(f/8)*2'],
  ],
};

export const PROGRAMS = Object.keys(SMALLER);

export const programText = (name: string): string => readFileSync(`examples/models/${name}.cnn`, 'utf8');

/** A program at a size that the reference can run. */
export const smallText = (name: string): string =>
  SMALLER[name]!.reduce((text, [from, to]) => text.replaceAll(from, to), programText(name));

/** The same as a graph, with numbers in its weights. */
export const smallGraph = async (name: string, seed = 1): Promise<Graph> =>
  networkWeights(await graphOfText(smallText(name)), seed);

/** The graph that a program says, without numbers. Throws with its messages where it does not compile. */
export async function graphOfText(text: string): Promise<Graph> {
  const diagnostics = new Diagnostics();
  const source = { text, path: 'test.cnn', name: 'test', read: undefined };
  const built = await buildProgram(source, diagnostics);
  if (!built) throw new Error(diagnostics.list.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return built.graph;
}

/** He-uniform weights; biases, scales and statistics near where they begin, but never exactly there. */
export function networkWeights(graph: Graph, seed: number): Graph {
  const next = mulberry32(seed ^ 0xa5a5);
  return rebuild(randomWeights(graph, seed), (node) =>
    isConstant(node) && node.init !== 'he'
      ? { ...node, data: node.data!.map((v) => v + 0.4 * (next() - 0.5)) }
      : node,
  );
}
