import { gzipSync } from 'node:zlib';
import { join, relative, sep } from 'node:path';
import { Command, Option } from 'commander';
import { compile, type CompileOptions, type CompileResult } from '../../index.ts';
import { parseBytes } from '../bytes-flag.ts';
import { formatJson } from '../json.ts';
import { withOnnxFlags, type OnnxFlags } from '../onnx-flags.ts';
import { FILE_HELP, isOnnx, programSource } from '../program-source.ts';
import { reportResult } from '../report.ts';
import { sizeOptions, withSizeFlags, type SizeFlags } from '../size-flags.ts';
import { formatCount, formatTable } from '../table.ts';
import { parseTargets, type TargetFlag } from '../targets-flag.ts';
import type { Terminal } from '../terminal.ts';
import { parseInteger, readWeights, withWeightsFlags, type WeightsFlags } from '../weights-flags.ts';
import { STDOUT, writeFiles } from '../write-files.ts';

interface Flags extends WeightsFlags, SizeFlags, OnnxFlags {
  readonly output: string;
  readonly name?: string;
  readonly inlineWeights?: true;
  readonly targets?: TargetFlag;
  readonly conv: CompileOptions['conv'] & string;
  readonly winograd: CompileOptions['winograd'] & string;
  readonly passes?: string;
  readonly html?: true;
  readonly selfTest?: true;
  readonly maxPipelines?: number;
  readonly annotate?: true;
  readonly profile?: true;
  readonly budgetMemory?: number;
  readonly budgetSize?: number;
  readonly json?: true;
}

export const compileCommand = (terminal: Terminal): Command =>
  withSizeFlags(
    withWeightsFlags(
      withOnnxFlags(
        new Command('compile')
          .summary('turn a program and its weights into a standalone module')
          .description(
            'Compiles a program into NAME.js (one ES module), NAME.d.ts, NAME.weights.bin and NAME.json.\n' +
              'Writes all of them or none.',
          )
          .argument('<file>', FILE_HELP),
      ),
    ),
  )
    .option('-o, --output <dir>', 'folder for the bundle; made if need be', '.')
    .option('-n, --name <name>', "the model's name; by default that of the file")
    .option('--inline-weights', 'put the weights into the module')
    .option('--html', 'write a page as well, to try a network for pictures')
    .option('--self-test', 'give models selfTest(), which says how exact they are where they run')
    .option('--targets <list>', 'what to generate, best first, separated by commas: webgpu,js', parseTargets)
    .addOption(
      new Option('--conv <how>', 'how convolutions are computed: by loops, or as a matrix product')
        .choices(['auto', 'direct', 'im2col'])
        .default('auto'),
    )
    .addOption(
      new Option(
        '--winograd <how>',
        "Winograd's 3×3 convolution where it pays: never, F(2,3) alone, F(4,3) too",
      )
        .choices(['off', 'f2', 'auto'])
        .default('auto'),
    )
    .option(
      '--passes <list>',
      'which to run, in order, separated by commas; default stands for the usual ones, and cnnc opt --help lists all',
    )
    .option('--max-pipelines <n>', 'shaders that a GPU may have to compile', parseInteger)
    .option('--annotate', 'put the source line, weights and cost of a layer above its kernel')
    .option('--profile', 'show every layer of every run in the performance timeline')
    .option(
      '--budget-memory <size>',
      'fail when activations, and the scratch of JavaScript kernels, need more: 8MB, 500kB; weights, and what kernels make of them when they load, are not counted',
      parseBytes,
    )
    .option('--budget-size <size>', 'fail when the files are larger: 200kB', parseBytes)
    .option('--json', 'print { "files": [{ "path", "bytes", "gzip" }], "targets": { … } }')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  cnnc compile examples/lenet5.cnn --weights examples/lenet5.safetensors -o out\n' +
        '  cnnc compile net.cnn --random-weights 1 --name demo\n' +
        '  cnnc compile examples/models/02b-vgg16.cnn --random-weights 1 --at 384x384 --dense',
    )
    .action(async (file: string, flags: Flags, command: Command) => {
      if (flags.output === STDOUT)
        command.error('error: a bundle is several files; give a folder with -o, not standard output');
      const result = await compile({
        ...(await programSource(file, terminal, flags)),
        ...(await readWeights(flags)),
        ...sizeOptions(flags),
        ...(flags.name !== undefined && { name: flags.name }),
        ...(isOnnx(file) && { modelFile: relative(flags.output, file).replaceAll(sep, '/') }),
        ...(flags.targets && { targets: flags.targets }),
        conv: flags.conv,
        winograd: flags.winograd,
        ...(flags.passes !== undefined && { passes: flags.passes }),
        html: flags.html === true,
        selfTest: flags.selfTest === true,
        ...(flags.maxPipelines !== undefined && { maxPipelines: flags.maxPipelines }),
        annotate: flags.annotate === true,
        profile: flags.profile === true,
        ...(flags.budgetMemory !== undefined && { budgetMemory: flags.budgetMemory }),
        ...(flags.budgetSize !== undefined && { budgetSize: flags.budgetSize }),
        inlineWeights: flags.inlineWeights === true,
      });
      reportResult(result, terminal, flags.json ? 'json' : 'text');
      await writeFiles(flags.output, result.files);
      const written = [...result.files].map(([name, bytes]) => ({
        path: join(flags.output, name),
        bytes: bytes.length,
        gzip: gzipSync(bytes).length,
      }));
      const { targets } = result;
      terminal.out(
        flags.json ? formatJson({ files: written, targets }) : `${table(written)}${gpuCosts(targets)}`,
      );
    });

/** `webgpu: pipelines 5, bytes of WGSL 9,728, dispatches 8`, where there is that target. */
function gpuCosts({ webgpu }: CompileResult['targets']): string {
  const { pipelines, wgslBytes, dispatches } = webgpu ?? {};
  if (pipelines === undefined || wgslBytes === undefined || dispatches === undefined) return '';
  return `webgpu: pipelines ${formatCount(pipelines)}, bytes of WGSL ${formatCount(wgslBytes)}, dispatches ${formatCount(dispatches)}\n`;
}

function table(written: readonly { path: string; bytes: number; gzip: number }[]): string {
  const rows = written.map(({ path, bytes, gzip }) => [path, formatCount(bytes), formatCount(gzip)]);
  return formatTable([['file', 'bytes', 'gzip'], ...rows], ['left', 'right', 'right']);
}
