import { compile } from '../../compiler/index.ts';
import { buildProgram, type BuiltProgram } from '../../compiler/frontend/program.ts';
import { Diagnostics } from '../../compiler/frontend/diagnostics.ts';
import { isConstant } from '../../compiler/ir/graph.ts';

/** The files that a program may use, by path. */
export type Files = Readonly<Record<string, string>>;

const reader = (files: Files) => (path: string) => {
  const text = files[path];
  return text === undefined
    ? Promise.reject(new Error('no such file'))
    : Promise.resolve(new TextEncoder().encode(text));
};

/** A program that must have no errors. */
export async function build(text: string, files: Files = {}): Promise<BuiltProgram> {
  const diagnostics = new Diagnostics();
  const built = await buildProgram({ text, path: 'net.cnn', name: 'net', read: reader(files) }, diagnostics);
  if (!built) throw new Error(diagnostics.list.map(({ message }) => message).join('\n'));
  return built;
}

/** The codes of what is wrong with a program. */
export async function codesOf(text: string, files: Files = {}): Promise<readonly string[]> {
  const { diagnostics } = await compile({
    source: text,
    path: 'net.cnn',
    read: reader(files),
    weights: { random: 1 },
  });
  return diagnostics.map(({ code }) => code);
}

/** `conv1.weight 64×3×3×3` for every weight, in the order of the network. */
export async function weightsOf(text: string): Promise<string[]> {
  const { graph } = await build(text);
  return graph.nodes
    .filter(isConstant)
    .map(
      ({ name, type, isStatistic }) => `${name} ${type.shape.join('×')}${isStatistic ? ' statistic' : ''}`,
    );
}

/** `relu1 32×32×64` for every layer. */
export async function layersOf(text: string, files: Files = {}): Promise<string[]> {
  const { layers } = await build(text, files);
  return layers.map(({ instance, result }) => `${instance.path} ${result!.type.shape.slice(1).join('×')}`);
}

/** The settings of the layer at a path, as they would be written. */
export async function settingsOf(text: string, path: string): Promise<Readonly<Record<string, string>>> {
  const { layers } = await build(text);
  const layer = layers.find(({ instance }) => instance.path === path);
  if (!layer) throw new Error(`no layer ${path}`);
  return Object.fromEntries([...layer.settings].map(([name, { text }]) => [name, text]));
}
