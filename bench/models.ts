// Real models from ../shared/data/models: how large a bundle is, how long it takes, and how far it is from what
// ONNX Runtime gave. The column webgpu needs an adapter: `node scripts/with-gpu.ts npm run bench -- --models`.
import { gzipSync } from 'node:zlib';
import * as ort from 'onnxruntime-web';
import { formatTable } from '../compiler/cli/table.ts';
import type { Model } from '../runtime/index.ts';
import { writeBundle } from '../test/support/bundle.ts';
import {
  largestError,
  modelBytes,
  modelShapes,
  MODELS,
  recordedInputs,
  type ModelName,
} from '../test/support/onnx-models.ts';
import { measure } from './measure.ts';
import { median } from './median.ts';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

interface Row {
  readonly model: string;
  /** Bytes: of the ONNX file; of the module alone, and compressed; of the weights. */
  readonly onnx: number;
  readonly module: number;
  readonly gzip: number;
  readonly weights: number;
  /** Steps of the plan. */
  readonly kernels: number;
  /** Milliseconds per run. */
  readonly js: number;
  readonly webgpu?: number;
  readonly onnxruntime: number;
  /** Largest difference, as a share of the output's largest number. */
  readonly error: number;
}

export async function benchModels(
  names: readonly string[],
  { json, rounds }: { json: boolean; rounds: number },
): Promise<void> {
  const rows: Row[] = [];
  for (const name of MODELS.filter((each) => names.length === 0 || names.includes(each))) {
    rows.push(await benchModel(name, rounds));
    if (!json) console.error(`${name} …`);
  }
  console.log(json ? JSON.stringify(rows, undefined, 2) : table(rows));
}

async function benchModel(name: ModelName, rounds: number): Promise<Row> {
  const onnx = modelBytes(name);
  const options = { onnx, path: `${name}.onnx`, shapes: modelShapes(name) };
  const onJs = await writeBundle({ ...options, targets: ['js'] });
  const { createModel } = await writeBundle(options);
  const js = await onJs.createModel();
  const inputs = recordedInputs(name, js);
  const error = largestError(name, js, await js.run(inputs));
  const webgpu = await createModel({ target: 'webgpu' }).catch(() => undefined);
  const peer = await openPeer(name, onnx, js, inputs);
  const { timings } = await measure(
    [
      { name: 'js', run: () => js.run(inputs) },
      { name: 'onnxruntime', run: peer.run },
    ],
    { rounds, seconds: 20, peak: () => 0 },
  );
  const gpuMs = webgpu && (await wallMs(webgpu, inputs));
  peer.dispose();
  js.dispose();
  webgpu?.dispose();
  const fileOf = (end: string) => [...onJs.files].find(([file]) => file.endsWith(end))![1];
  const manifest = JSON.parse(new TextDecoder().decode(fileOf('.json'))) as { plan: { steps: unknown[] } };
  return {
    model: name,
    onnx: onnx.length,
    module: fileOf('.js').length,
    gzip: gzipSync(fileOf('.js')).length,
    weights: fileOf('.weights.bin').length,
    kernels: manifest.plan.steps.length,
    js: timings.get('js')!.median,
    ...(gpuMs !== undefined && { webgpu: gpuMs }),
    onnxruntime: timings.get('onnxruntime')!.median,
    error,
  };
}

/** ONNX Runtime's WASM build, one thread, on the file itself. */
async function openPeer(
  name: ModelName,
  onnx: Uint8Array,
  model: Model,
  inputs: Readonly<Record<string, Float32Array>>,
) {
  const session = await ort.InferenceSession.create(onnx, { graphOptimizationLevel: 'all' });
  const shapes = Object.values(modelShapes(name));
  const isHalf = name.endsWith('fp16');
  const feeds = session.inputNames.map((input, i) => {
    const data = inputs[model.inputs[i]!.name]!;
    return [
      input,
      isHalf
        ? new ort.Tensor('float16', Float16Array.from(data) as never, shapes[i]!)
        : new ort.Tensor('float32', data, shapes[i]!),
    ] as const;
  });
  return {
    run: () => session.run(Object.fromEntries(feeds)),
    dispose: () => void session.release(),
  };
}

/** The median of some runs by the clock on the wall: a GPU works beside the thread. */
async function wallMs(model: Model, inputs: Readonly<Record<string, Float32Array>>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const begin = performance.now();
    await model.run(inputs);
    times.push(performance.now() - begin);
  }
  return median(times);
}

function table(rows: readonly Row[]): string {
  const kb = (bytes: number) => `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} kB`;
  const ms = (value: number | undefined) => (value === undefined ? '–' : value.toPrecision(3));
  return formatTable(
    [
      ['model', 'ONNX', 'module', 'gzip', 'weights', 'kernels', 'js ms', 'webgpu ms', 'ORT-web ms', 'error'],
      ...rows.map((row) => [
        row.model,
        kb(row.onnx),
        kb(row.module),
        kb(row.gzip),
        kb(row.weights),
        String(row.kernels),
        ms(row.js),
        ms(row.webgpu),
        ms(row.onnxruntime),
        row.error.toExponential(0),
      ]),
    ],
    ['left', 'right', 'right', 'right', 'right', 'right', 'right', 'right', 'right', 'right'],
  );
}
