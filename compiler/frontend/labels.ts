// SOFTMAX(labels="names.txt"), OUTPUT(labels="names.txt"): class names, one per line, travel with the output that
// they are for.
import type { Span } from '../../grammar/source.ts';
import type { Graph, GraphOutput } from '../ir/graph.ts';
import { classesOf } from '../tensor/types.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { Expansion } from './instance.ts';
import type { Layer } from './lower.ts';
import { projectPath } from './project-path.ts';
import { readText, type Read } from './read-text.ts';

interface Labelled {
  readonly graph: Graph;
  readonly layers: readonly Layer[];
  readonly expansion: Expansion;
}

/** The graph with labels at its outputs. */
export async function attachLabels(
  { graph, layers, expansion }: Labelled,
  root: string,
  read: Read | undefined,
  diagnostics: Diagnostics,
): Promise<Graph> {
  const files = new Map<unknown, { name: string; span: Span }>();
  for (const { instance, settings, result } of layers) {
    const labels = settings.get('labels');
    if (typeof labels?.value === 'string' && result)
      files.set(result, { name: labels.value, span: labels.span ?? instance.span });
  }
  // Parallel to the graph's, unless something was wrong.
  const own = expansion.outputs.map(({ labels }) => labels && { name: labels.text, span: labels.span });
  if (files.size === 0 && own.every((labels) => labels === undefined)) return graph;
  const outputs: GraphOutput[] = [];
  for (const [i, output] of graph.outputs.entries()) {
    const file = own[i] ?? files.get(output.node);
    files.delete(output.node);
    const labels = file && (await readLabels(file, classesOf(output.node.type)));
    outputs.push(labels ? { ...output, labels } : output);
  }
  for (const { span } of files.values())
    diagnostics.report('W103', span, 'these labels go nowhere: they are for an output of the network');
  return { ...graph, outputs };

  async function readLabels({ name, span }: { name: string; span: Span }, classes: number) {
    const target = projectPath(root, span.source.path, name);
    const wrong = (message: string, help?: string): undefined => {
      diagnostics.report('E049', span, message, { help });
    };
    if (target === undefined)
      return wrong(`'${name}' lies outside the program's folder`, 'copy it beside the program');
    if (!read) return wrong(`'${name}' cannot be read: this compilation was given no way to read files`);
    const found = await readText(read, target);
    if ('reason' in found)
      return wrong(`'${name}' cannot be read as text: ${found.reason}`, `it should lie at ${target}`);
    const lines = found.text.replace(/\r?\n$/, '').split(/\r?\n/);
    if (lines.length !== classes)
      return wrong(
        `'${name}' has ${lines.length} lines for ${classes} classes`,
        'write one class name on each line, in the order of the classes',
      );
    return lines;
  }
}
