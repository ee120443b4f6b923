// What an ONNX model does not say about itself: how pictures become its input, and what its classes are called.
import type { Diagnostics } from './frontend/diagnostics.ts';
import { buildProgram } from './frontend/program.ts';
import type { Graph, GraphInput } from './ir/graph.ts';
import type { ImageSpec } from '../runtime/program.ts';
import { isColours } from './ops/input.ts';
import type { SourceOptions } from './options.ts';
import { refuse } from './support/refusal.ts';
import { classesOf } from './tensor/types.ts';

/** Undefined when an error was reported. Throws a `Refusal` (E047) where the model has no place for what is said. */
export async function withPictures(
  graph: Graph,
  { image, labels }: Pick<SourceOptions, 'image' | 'labels'>,
  diagnostics: Diagnostics,
): Promise<Graph | undefined> {
  const named = labels === undefined ? graph : withLabels(graph, labels);
  return image === undefined ? named : withImage(named, image, diagnostics);
}

async function withImage(graph: Graph, text: string, diagnostics: Diagnostics): Promise<Graph | undefined> {
  const [picture, ...others] = graph.inputs.flatMap((input) => {
    const sides = sidesOf(input);
    return sides ? [{ input, sides }] : [];
  });
  if (!picture || others.length > 0)
    return refuse(
      'E047',
      `the model has ${picture ? 'several inputs' : 'no input'} that could be a picture`,
      {
        help: 'a picture is C×H×W or H×W×C with 1 or 3 channels; cnnc import makes a program, whose INPUTs say it each',
      },
    );
  const image = await readImage(picture.sides, text, diagnostics);
  const inputs = graph.inputs.map((input) =>
    image && input === picture.input ? { ...input, image } : input,
  );
  return image && { ...graph, inputs };
}

/** `224x224x3, channels=first`: an input as INPUT says it, where it could be a picture. */
function sidesOf({ node, dims }: GraphInput): string | undefined {
  const [a, b, c, ...more] = node.type.shape.slice(1);
  if (!dims || a === undefined || b === undefined || c === undefined || more.length > 0) return undefined;
  if (isColours(a)) return `${b}x${c}x${a}, channels=first`;
  return isColours(c) ? `${a}x${b}x${c}` : undefined;
}

/** The attributes as INPUT takes them: what is wrong with them is said as of a program. */
async function readImage(
  sides: string,
  text: string,
  diagnostics: Diagnostics,
): Promise<ImageSpec | undefined> {
  const source = `INPUT(${[sides, text].filter((part) => part.trim() !== '').join(', ')})`;
  const program = { text: source, path: '--image', name: 'image', read: undefined };
  const built = await buildProgram(
    { ...program, openSizes: undefined, needsTrainedSize: false },
    diagnostics,
  );
  if (built && built.layers.length !== 1)
    refuse('E047', `--image '${text}' is more than attributes of INPUT`, {
      help: 'write them as in a program: --image "scale=1/255, mean=(0.485, 0.456, 0.406), order=rgb"',
    });
  return built?.graph.inputs[0]!.image;
}

function withLabels(graph: Graph, labels: readonly string[]): Graph {
  const found = graph.outputs.find(({ node }) => classesOf(node.type) === labels.length);
  if (!found) {
    const counts = graph.outputs.map(({ name, node }) => `${JSON.stringify(name)} ${classesOf(node.type)}`);
    refuse(
      'E047',
      `there are ${labels.length} labels; the outputs have these numbers of classes: ${counts.join(', ')}`,
      {
        help: 'write one class name on each line, in the order of the classes',
      },
    );
  }
  const outputs = graph.outputs.map((output) => (output === found ? { ...output, labels } : output));
  return { ...graph, outputs };
}
