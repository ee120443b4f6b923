import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Command, Option } from 'commander';
import type { Model } from '../../../runtime/index.ts';
import type { NumericClass } from '../../../runtime/tolerance.ts';
import {
  bisect,
  compile,
  modelOf,
  reopenBundle,
  TARGETS,
  verifyModel,
  type CompileOptions,
  type Divergence,
  type Finding,
  type Graph,
  type SourceOptions,
  type Verification,
} from '../../index.ts';
import { quoted } from '../../support/quoted.ts';
import { InputError, ReportedError } from '../failure.ts';
import { formatJson } from '../json.ts';
import { ONNX_FLAGS, onnxOptions, withOnnxFlags, type OnnxFlags } from '../onnx-flags.ts';
import { loadOnnxRuntime } from '../onnx-runtime.ts';
import { bundleModule, importFiles } from '../open-model.ts';
import { programSource } from '../program-source.ts';
import { readBeside, readBytes } from '../read-input.ts';
import { reportResult } from '../report.ts';
import { sizeOptions, withSizeFlags, type SizeFlags } from '../size-flags.ts';
import { formatTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { parseCount, readWeights, withWeightsFlags, type WeightsFlags } from '../weights-flags.ts';

interface Flags extends WeightsFlags, SizeFlags, OnnxFlags {
  readonly against: 'reference' | 'onnxruntime';
  readonly inputs: number;
  readonly target: (typeof TARGETS)[number];
  readonly model?: string;
  readonly bisect?: true;
  readonly json?: true;
}

export const verifyCommand = (terminal: Terminal): Command =>
  withSizeFlags(
    withWeightsFlags(
      withOnnxFlags(
        new Command('verify')
          .summary('compare what a bundle computes with an oracle')
          .description(
            'Runs a bundle (its folder or module), or what it makes of a program or model, on random inputs, and compares\n' +
              "every output with what the operators' definitions give, before any pass, or ONNX Runtime.",
          )
          .argument(
            '<model>',
            "a bundle's folder or .js file, a .cnn program or an .onnx model; - reads a program",
          ),
      ),
    ),
  )
    .addOption(
      new Option('--against <oracle>', 'what is right')
        .choices(['reference', 'onnxruntime'])
        .default('reference'),
    )
    .option('--inputs <count>', 'how many random inputs', parseCount, 1)
    .addOption(new Option('--target <name>', 'what to verify').choices(TARGETS).default('js'))
    .option('--model <file>', 'the .onnx model that a bundle was made of; default: where its manifest says')
    .option('--bisect', 'name the first layer that diverges, and where it stands')
    .option('--json', 'print { "ok", "outputs", … }')
    .addHelpText(
      'after',
      '\nA bundle does not tell what its weights were before normalisation was folded into them: with --weights,\n' +
        'its program is verified as written. What was made of an ONNX model is compared with that model, which it\n' +
        'knows by its hash.\n' +
        '\nExamples:\n' +
        '  cnnc verify out --inputs 3\n' +
        '  cnnc verify out --model squeezenet.onnx --against onnxruntime\n' +
        '  cnnc verify examples/lenet5.cnn --weights examples/lenet5.safetensors --against onnxruntime',
    )
    .action(async (path: string, flags: Flags) => {
      const subject = await openSubject(path, flags, terminal);
      const seeds = Array.from({ length: flags.inputs }, (_, i) => i + 1);
      const { graph, model } = subject;
      const numeric = numericOf(flags);
      const onnxRuntime = flags.against === 'onnxruntime' ? await loadOnnxRuntime() : undefined;
      const verification = await verifyModel({
        graph,
        run: (inputs) => model.run(inputs),
        seeds,
        numeric,
        onnxRuntime,
        onnx: subject.options.onnx,
        constants: subject.constants,
      }).catch((error: unknown) => {
        throw new InputError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
      });
      const wrong = verification.outputs.find(({ ok }) => !ok);
      const finding =
        wrong && flags.bisect
          ? await bisect({
              graph,
              files: subject.files,
              options: subject.options,
              target: flags.target,
              open: opener(flags),
              seed: wrong.seed,
              numeric,
            })
          : undefined;
      terminal.out(
        flags.json
          ? formatJson({
              ...verification,
              against: flags.against,
              target: model.target,
              seeds,
              isFolded: subject.isFolded,
              ...finding,
            })
          : text(verification, { flags, seeds, subject, finding }),
      );
      model.dispose();
      if (!verification.ok) throw new ReportedError();
    });

interface Subject {
  readonly model: Model;
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What the bundle should compute. */
  readonly graph: Graph;
  readonly options: CompileOptions;
  /** What the graph was made with where its ONNX model leaves something open. */
  readonly constants?: CompileOptions['constants'];
  /** Passes have changed the weights, and these are what the oracle has too. */
  readonly isFolded: boolean;
}

async function openSubject(path: string, flags: Flags, terminal: Terminal): Promise<Subject> {
  const module = await bundleModule(path);
  const options = { ...(await readWeights(flags)), ...sizeOptions(flags) };
  const open = opener(flags);
  if (module === undefined) {
    if (flags.model !== undefined) throw new InputError(`${path}: is no bundle; --model is for bundles`);
    const program = { ...(await programSource(path, terminal, flags)), ...options };
    const result = await compile({ ...program, targets: [flags.target] });
    reportResult(result, terminal, flags.json ? 'json' : 'text');
    const { files, graph } = result;
    const { constants } = program;
    // There is a graph when all is well.
    return { files, graph: graph!, options: program, constants, isFolded: false, ...(await open(files)) };
  }
  const files = await readBundle(module);
  const source = { path: module.replace(/\.m?js$/, '.json'), ...(await modelSource(module, files, flags)) };
  const all = { ...options, ...source };
  const reopened = await reopenBundle({ ...all, files });
  reportResult(reopened, terminal, flags.json ? 'json' : 'text');
  return { files, ...reopened, graph: reopened.graph!, options: all, ...(await open(files)) };
}

/** The ONNX model that a bundle was made of: where `--model` says, or where the bundle does. */
async function modelSource(
  module: string,
  files: ReadonlyMap<string, Uint8Array>,
  flags: Flags,
): Promise<Partial<SourceOptions>> {
  const model = modelOf(files);
  const flag = ONNX_FLAGS.find((name) => flags[name] !== undefined);
  if (flag && (!model || flag === 'image' || flag === 'labels'))
    throw new InputError(`${module}: is compiled already; --${flag} is for ONNX models`);
  if (!model && flags.model === undefined) return {};
  const path = flags.model ?? join(dirname(module), model!.file);
  if (flags.model === undefined && !(await isThere(path, model!.bytes)))
    throw new InputError(
      `${module}: was made of an ONNX model that is not at ${path} any more; say where it is: --model FILE`,
    );
  return {
    onnx: await readBytes(path),
    path,
    read: readBeside(path, readBytes),
    ...(await onnxOptions(flags)),
  };
}

/** Whether a file is there, and has that size: what a manifest names may be anything. */
async function isThere(path: string, size: number): Promise<boolean> {
  try {
    const found = await stat(path);
    return found.isFile() && found.size === size;
  } catch {
    return false;
  }
}

const opener =
  ({ target }: Flags) =>
  async (files: ReadonlyMap<string, Uint8Array>) => {
    const { model, module } = await importFiles(files, { target });
    return { model, module, run: (inputs: Readonly<Record<string, Float32Array>>) => model.run(inputs) };
  };

/** Module, manifest and weights. */
async function readBundle(module: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const name = basename(module).replace(/\.m?js$/, '');
  const own = [basename(module), `${name}.json`, `${name}.weights.bin`];
  const there = (await readdir(dirname(module))).filter((file) => own.includes(file));
  if (!there.includes(`${name}.json`))
    throw new InputError(`${module}: is no bundle to verify: there is no ${name}.json beside it`);
  return new Map(
    await Promise.all(
      there.map(
        async (file) =>
          [file.replace(/\.mjs$/, '.js'), await readBytes(join(dirname(module), file))] as const,
      ),
    ),
  );
}

/** Shaders sum in single precision, and by Winograd; ONNX Runtime in an order of its own. */
const numericOf = ({ target, against }: Flags): NumericClass =>
  target === 'webgpu' ? 'winogradNetwork' : against === 'onnxruntime' ? 'imported' : 'network';

interface Shown {
  readonly flags: Flags;
  readonly seeds: readonly number[];
  readonly subject: Subject;
  readonly finding: Finding | undefined;
}

function text({ outputs }: Verification, { flags, seeds, subject, finding }: Shown): string {
  const rows = outputs.map(({ name, shape, maxAbsolute, maxRelative, allowed, ok }) => [
    name,
    shape.join('×'),
    ...[maxAbsolute, maxRelative, allowed].map((value) => value.toExponential(1)),
    ok ? 'ok' : 'DIVERGES',
  ]);
  const oracle = flags.against === 'onnxruntime' ? 'ONNX Runtime' : "the operators' definitions";
  const which =
    seeds.length === 1
      ? 'a random input, seed 1'
      : `${seeds.length} random inputs, seeds 1 to ${seeds.length}`;
  const folded = subject.isFolded
    ? ', with the weights as passes left them (--weights gives the program its own)'
    : '';
  return [
    `${subject.model.target} against ${oracle}, on ${which}${folded}\n`,
    formatTable(
      [['output', 'shape', 'absolute', 'relative', 'allowed', ''], ...rows],
      ['left', 'left', 'right', 'right', 'right', 'left'],
    ),
    finding ? `\n${describe(finding)}\n` : '',
  ].join('');
}

/** As terminals and editors open it: `net.cnn:3:8: `; a model has no lines. */
function placeIn({ file, line, column }: Divergence): string {
  if (file === undefined) return '';
  return line === undefined ? `${file}: ` : `${file}:${line}:${column}: `;
}

function describe({ layer, pass }: Finding): string {
  if (layer) {
    const { name, path, keyword, node, maxAbsolute, allowed } = layer;
    const called = node === undefined || node === path ? '' : `, the node ${quoted(node)}`;
    const as = name === path ? '' : `, compiled as ${name}`;
    return `${placeIn(layer)}${path} (${keyword}${called}${as}) is the first layer that diverges: ${maxAbsolute.toExponential(1)} off, ${allowed.toExponential(1)} allowed`;
  }
  return pass === undefined
    ? 'every layer, looked at alone, gives what it should'
    : `every layer gives what it should, but not what the program says: the pass ${pass} changed it`;
}
