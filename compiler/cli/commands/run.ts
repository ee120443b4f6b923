import { Command, Option } from 'commander';
import type { Model, NetworkSize, TensorSpec } from '../../../runtime/index.ts';
import { isList } from '../../../runtime/scores.ts';
import { TARGETS } from '../../index.ts';
import { InputError } from '../failure.ts';
import { formatJson } from '../json.ts';
import { writeNpy } from '../npy.ts';
import { withOnnxFlags, type OnnxFlags } from '../onnx-flags.ts';
import { openModel } from '../open-model.ts';
import { readTensor } from '../read-tensor.ts';
import { withSizeFlags, type SizeFlags } from '../size-flags.ts';
import { formatTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { topClasses } from '../top-classes.ts';
import { parseInteger, withWeightsFlags, type WeightsFlags } from '../weights-flags.ts';
import { STDOUT, writeOutput } from '../write-files.ts';

interface Flags extends WeightsFlags, SizeFlags, OnnxFlags {
  readonly target?: (typeof TARGETS)[number] | 'auto';
  readonly input: readonly string[];
  readonly top: number;
  readonly output?: string;
  readonly json?: true;
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

export const runCommand = (terminal: Terminal): Command =>
  withSizeFlags(
    withWeightsFlags(
      withOnnxFlags(
        new Command('run')
          .summary('run a bundle, or a program, on pictures or arrays')
          .description(
            'Runs a bundle (its folder or module), or compiles and runs a program. Pictures are prepared as\n' +
              "the program's INPUT says; .npy arrays are taken as prepared.",
          )
          .argument('<model>', "a bundle's folder or .js file, a .cnn program or an .onnx model"),
      ),
    ),
  )
    .requiredOption(
      '-i, --input <file>',
      'a .png, .jpg or .npy file; may be given several times; NAME=FILE for networks with several inputs',
      collect,
    )
    .addOption(new Option('--target <name>', 'where to run; by default on js').choices([...TARGETS, 'auto']))
    .option('-k, --top <count>', 'how many classes to print', parseInteger, 5)
    .option(
      '--output <file>',
      'write the first output as .npy; - writes it to standard output, and the text to standard error',
    )
    .option('--json', 'print every result as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  cnnc run out --input examples/digits/3-a.png\n' +
        '  cnnc run examples/lenet5.cnn --weights examples/lenet5.safetensors --input examples/digits/7-a.png --top 3',
    )
    .action(async (path: string, flags: Flags) => {
      const model = await openModel(path, flags, terminal);
      const size = sizeOf(model, path, flags);
      const runs = await readInputs(flags.input, size);
      const results: Result[] = [];
      for (const { title, inputs } of runs)
        results.push({ title, outputs: await runModel(model, inputs, size) });
      const print = flags.output === STDOUT ? terminal.err : terminal.out;
      for (const result of results) if (!flags.json) print(text(result, size, flags.top));
      if (flags.json) print(formatJson(asJson(results, size, flags.top)));
      if (flags.output !== undefined) await writeResults(flags.output, results, size.outputs[0]!, terminal);
    });

/** The size that --at chooses among those of a bundle; its first where nothing is said. */
function sizeOf(model: Model, path: string, { at }: Flags): NetworkSize {
  const [wanted] = at ?? [];
  if (wanted === undefined) return model;
  const spatialSize = ({ inputs }: NetworkSize) =>
    inputs.map(({ shape }) => shape.slice(0, -1).join('x')).find((size) => size !== '');
  const found = model.sizes.find((size) => spatialSize(size) === wanted.join('x'));
  if (found) return found;
  throw new InputError(
    `${path}: has no network for ${wanted.join('x')}; it has ${model.sizes.map(spatialSize).join(', ')}`,
  );
}

type Arrays = Readonly<Record<string, Float32Array>>;

interface Result {
  readonly title: string;
  readonly outputs: Arrays;
}

/** One run for each file; with several inputs, one run of them all. */
async function readInputs(
  files: readonly string[],
  model: NetworkSize,
): Promise<{ title: string; inputs: Arrays }[]> {
  if (model.inputs.length === 1) {
    const spec = model.inputs[0]!;
    return Promise.all(
      files.map(async (file) => {
        const path = file.startsWith(`${spec.name}=`) ? file.slice(spec.name.length + 1) : file;
        return { title: path, inputs: { [spec.name]: await readTensor(path, spec) } };
      }),
    );
  }
  const inputs: Record<string, Float32Array> = {};
  for (const file of files) {
    // Names may have a = of their own.
    const spec = model.inputs.findLast(({ name }) => file.startsWith(`${name}=`));
    if (!spec)
      throw new InputError(
        `${file}: the network has the inputs ${model.inputs.map(({ name }) => name).join(', ')}; write NAME=FILE`,
      );
    if (Object.hasOwn(inputs, spec.name)) throw new InputError(`${file}: ${spec.name} is given twice`);
    inputs[spec.name] = await readTensor(file.slice(spec.name.length + 1), spec);
  }
  return [{ title: files.join(' '), inputs }];
}

async function runModel(model: Model, inputs: Arrays, size: NetworkSize): Promise<Arrays> {
  const sized = () =>
    Object.fromEntries(size.inputs.map(({ name, shape }) => [name, { data: inputs[name]!, shape }] as const));
  try {
    return await model.run(model.sizes.length > 1 ? sized() : inputs);
  } catch (error) {
    throw new InputError(error instanceof Error ? error.message : String(error));
  }
}

/** Items of the batch in an output. */
function* itemsOf(data: Float32Array, { shape }: TensorSpec): Generator<Float32Array> {
  const length = shape.reduce((product, size) => product * size, 1);
  for (let at = 0; at < data.length; at += length) yield data.subarray(at, at + length);
}

function text({ title, outputs }: Result, model: NetworkSize, top: number): string {
  const parts = model.outputs.flatMap((spec) =>
    [...itemsOf(outputs[spec.name]!, spec)].map((item) =>
      itemText(item, spec, top, model.outputs.length > 1),
    ),
  );
  return `${title}\n${parts.join('')}`;
}

function itemText(item: Float32Array, spec: TensorSpec, top: number, isNamed: boolean): string {
  const name = isNamed ? `  ${spec.name} ` : '  ';
  if (!isList(spec)) return `${name}${spec.shape.join('×')}: ${statistics(item)}\n`;
  const ranked = topClasses(item, top, spec.labels);
  if (ranked.some(({ probability }) => Number.isNaN(probability))) {
    const count = item.filter((value) => !Number.isFinite(value)).length;
    return `${name}no probabilities: ${count} of ${item.length} scores are NaN or infinite\n`;
  }
  const rows = ranked.map(({ index, label, probability }) => [
    '',
    label === undefined ? String(index) : `${index} ${label}`,
    `${(100 * probability).toFixed(1)} %`,
  ]);
  return (isNamed ? `${name}\n` : '') + formatTable(rows, ['left', 'left', 'right']);
}

/** What can be said of a map in one line. */
function statistics(values: Float32Array): string {
  const [least, most] = values.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)] as const, [
    Infinity,
    -Infinity,
  ] as const);
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return `from ${least.toPrecision(5)} to ${most.toPrecision(5)}, mean ${mean.toPrecision(5)}`;
}

const asJson = (results: readonly Result[], model: NetworkSize, top: number) =>
  results.map(({ title, outputs }) => ({
    input: title,
    outputs: Object.fromEntries(
      model.outputs.map((spec) => [
        spec.name,
        [...itemsOf(outputs[spec.name]!, spec)].map((item) => ({
          shape: spec.shape,
          ...(isList(spec) && { top: topClasses(item, top, spec.labels) }),
          values: [...item],
        })),
      ]),
    ),
  }));

/** All results one behind the other, with the number of items in front of the shape. */
async function writeResults(
  path: string,
  results: readonly Result[],
  spec: TensorSpec,
  terminal: Terminal,
): Promise<void> {
  const items = results.flatMap(({ outputs }) => [...itemsOf(outputs[spec.name]!, spec)]);
  const data = new Float32Array(items.length * (items[0]?.length ?? 0));
  items.forEach((item, i) => data.set(item, i * item.length));
  await writeOutput(path, writeNpy({ shape: [items.length, ...spec.shape], data }), terminal);
}
