import { Command } from 'commander';
import type { Model } from '../../../runtime/index.ts';
import { compile } from '../../index.ts';
import { formatJson } from '../json.ts';
import { openFiles } from '../open-model.ts';
import { withOnnxFlags, type OnnxFlags } from '../onnx-flags.ts';
import { FILE_HELP, isOnnx, programSource } from '../program-source.ts';
import { reportResult } from '../report.ts';
import { oneSize, withSizeFlags, type SizeFlags } from '../size-flags.ts';
import { formatTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { scalarPeak } from '../thread-time.ts';
import { parseCount, readWeights, withWeightsFlags, type WeightsFlags } from '../weights-flags.ts';

interface Flags extends WeightsFlags, SizeFlags, OnnxFlags {
  readonly layers?: true;
  readonly runs?: number;
  readonly json?: true;
}

export const benchCommand = (terminal: Terminal): Command =>
  withSizeFlags(
    withWeightsFlags(
      withOnnxFlags(
        new Command('bench')
          .summary('time a program on this machine')
          .description(
            'Compiles a program to JavaScript, with random weights unless others are given, and times it: the\n' +
              "whole, and with --layers every layer, beside the machine's scalar peak.",
          )
          .argument('<file>', FILE_HELP),
      ),
    ),
  )
    .option('--layers', 'time every layer')
    .option(
      '--runs <count>',
      'runs that are measured, after as many to warm up; by default 5 or more, for half a second',
      parseCount,
    )
    .option('--json', 'print { "ms", "peak", "layers" }')
    .addHelpText('after', '\nExample:\n  cnnc bench examples/models/06-resnet18.cnn --layers')
    .action(async (file: string, flags: Flags) => {
      const result = await compile({
        ...(await programSource(file, terminal, flags)),
        ...oneSize(flags),
        ...(isOnnx(file) ? {} : { weights: { random: 1 } }),
        ...(await readWeights(flags)),
        targets: ['js'],
        profile: true,
      });
      reportResult(result, terminal, flags.json ? 'json' : 'text');
      const measured = await measure(await openFiles(result.files), flags.runs);
      const costs = layerCosts(result.files);
      const layers = [...measured.layers].map(([name, ms]) => ({ name, ms, ...costs.get(name)! }));
      const { ms, peak } = measured;
      terminal.out(
        flags.json
          ? formatJson({ ms, peak, ...(flags.layers && { layers }) })
          : table({ ms, peak, layers }, flags.layers === true),
      );
    });

interface Cost {
  readonly op: string;
  /** How a convolution is computed: direct, depthwise, im2col, or Winograd's way. */
  readonly kernel?: string;
  readonly macs: number;
}

interface Layer extends Cost {
  readonly name: string;
  readonly ms: number;
}

interface Measured {
  /** Milliseconds of the best run. */
  readonly ms: number;
  /** GFLOP/s in float64 registers: the best of measurements among the runs. */
  readonly peak: number;
}

/** Bundles made with `profile` put every layer into the performance timeline. */
async function measure(
  model: Model,
  count: number | undefined,
): Promise<Measured & { readonly layers: ReadonlyMap<string, number> }> {
  const inputs = Object.fromEntries(
    model.inputs.map(({ name, shape }) => [name, pattern(shape.reduce((a, b) => a * b, 1))]),
  );
  const runs = count ?? (await runsFor(500, () => model.run(inputs)));
  for (let run = 0; run < runs; run++) await model.run(inputs);
  const totals: number[] = [];
  const peaks: number[] = [];
  const layers = new Map<string, number>();
  scalarPeak();
  for (let run = 0; run < runs; run++) {
    if (run % Math.ceil(runs / MOST_PEAKS) === 0) peaks.push(scalarPeak());
    performance.clearMeasures();
    const begin = performance.now();
    await model.run(inputs);
    totals.push(performance.now() - begin);
    for (const { name, duration } of performance.getEntriesByType('measure'))
      layers.set(name, Math.min(layers.get(name) ?? Infinity, duration));
  }
  model.dispose();
  return { ms: Math.min(...totals), peak: Math.max(...peaks), layers };
}

/** Times that the peak is measured among the runs; each takes some 20 ms. */
const MOST_PEAKS = 20;

/** How many runs take so long; a few for slow networks. */
async function runsFor(ms: number, run: () => Promise<unknown>): Promise<number> {
  const end = performance.now() + ms;
  let runs = 0;
  while (runs < 5 || performance.now() < end) {
    await run();
    runs++;
  }
  return runs;
}

/** Numbers in [−1, 1] that are as often negative as positive. */
const pattern = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => (((i + 1) * 7919) % 2003) / 1001 - 1);

/** What the manifest's plan says of every step. */
function layerCosts(files: ReadonlyMap<string, Uint8Array>): Map<string, Cost> {
  const [, manifest] = [...files].find(([name]) => name.endsWith('.json'))!; // every bundle has one
  const { plan }: { plan: { steps: readonly (Cost & { name: string })[] } } = JSON.parse(
    new TextDecoder().decode(manifest),
  );
  return new Map(
    plan.steps.map(({ name, op, kernel, macs }) => [
      name,
      { op, macs, ...(kernel !== undefined && { kernel }) },
    ]),
  );
}

function table({ ms, peak, layers }: Measured & { layers: readonly Layer[] }, isLong: boolean): string {
  const row = (
    name: string,
    [op, kernel = '']: readonly [string, (string | undefined)?],
    time: number,
    macs: number,
  ) => {
    const rate = (2 * macs) / time / 1e6;
    const share = `${((100 * rate) / peak).toFixed(0)} %`;
    return [name, op, kernel, time.toFixed(3), ...(macs > 0 ? [rate.toFixed(2), share] : ['', ''])];
  };
  const macs = layers.reduce((sum, layer) => sum + layer.macs, 0);
  const rows = [
    ['layer', 'operator', 'kernel', 'ms', 'GFLOP/s', 'of peak'],
    ...(isLong ? layers.map((layer) => row(layer.name, [layer.op, layer.kernel], layer.ms, layer.macs)) : []),
    row('a run', [''], ms, macs),
  ];
  const head = `best of all runs; scalar peak ${peak.toFixed(2)} GFLOP/s\n`;
  return head + formatTable(rows, ['left', 'left', 'left', 'right', 'right', 'right']);
}
