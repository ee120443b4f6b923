// `cnnc export --pytorch`: how it reads, that it is Python, and, where there is PyTorch, what it computes.
import { describe, expect, test } from 'vitest';
import { deviation } from '../../runtime/tolerance.ts';
import { compile, exportPytorch } from '../../compiler/index.ts';
import { writeTorch } from '../../compiler/export/torch/index.ts';
import { mulberry32 } from '../../compiler/frontend/weights/random.ts';
import { interpret } from '../../compiler/ir/interpret.ts';
import { isConstant, type Graph } from '../../compiler/ir/graph.ts';
import { rebuild } from '../../compiler/ir/rebuild.ts';
import { graphOf, OP_NAMES, picker, randomInputs, sampleUse } from '../support/arbitrary.ts';
import { modelBytes, modelPath, MODELS, modelShapes, recorded } from '../support/onnx-models.ts';
import { floats, ints, model, node, value } from '../support/onnx-writer.ts';
import { describeWithShared } from '../support/shared.ts';
import { graphOfText, PROGRAMS, programText, smallGraph } from '../support/programs.ts';
import { mismatch } from '../support/tolerance.ts';
import { compilePython, noPython, noTorch, runTorch, type TorchJob } from '../support/torch.ts';

const torchOf = async (name: string): Promise<string> => {
  const { ok, text } = await exportPytorch({ source: programText(name), name: name.replace(/^\d+\w?-/, '') });
  expect(ok).toBe(true);
  return text!;
};

test.each(['03-lenet5', '05-inception', '06-resnet18', '07-mobilenetv2', '10-unet'])(
  '%s as a module of PyTorch',
  async (name) => {
    await expect(await torchOf(name)).toMatchFileSnapshot(`torch/${name}.py`);
  },
);

/** A number, constants with and without elements, and a constant that is read as well, as outputs. */
const ODD_OUTPUTS = model({
  nodes: [
    node('Add', ['x', 'known'], ['sum']),
    node('ReduceMax', ['sum'], ['largest'], { keepdims: 0 }),
    node('EyeLike', ['x'], ['eye']),
    node('Slice', ['x', 'at', 'at'], ['nothing']),
  ],
  initializers: [floats('known', [2, 3, 4], [...Array(24).keys()]), ints('at', [1])],
  inputs: [value('x', [3, 4])],
  outputs: ['largest', 'eye', 'nothing', 'known'].map((name) => value(name)),
});

/** Names that Python or PyTorch would take for something else. */
const ODD_NAMES = `
INPUT(8x8x2) -> CONV(4, act=none) as class -> CONV(4) as train -> CONV(4) as type
  -> { CONV(4) as forward | CONV(4, norm=bn) as _modules } as __init__ -> CONCAT
  -> [CONV(4) -> RELU -> CONV(3)] as keys -> FC(2) as x
`;

test.skipIf(noPython !== '')(`every example is Python, with odd names too${noPython}`, async () => {
  const texts = await Promise.all(PROGRAMS.map(async (name) => [name, await torchOf(name)] as const));
  const odd = writeTorch(await graphOfText(ODD_NAMES), 'test').text;
  await expect(compilePython({ ...Object.fromEntries(texts), odd })).resolves.toBeUndefined();
});

test('names of a program can do nothing in Python', async () => {
  const name = '"""\nimport os #\\';
  const graph = rebuild(await graphOfText('INPUT(4x4x1) -> CONV(2)'), (node) =>
    isConstant(node) ? { ...node, name: node.name.replace('conv1', name) } : node,
  );
  const { text } = writeTorch({ ...graph, name }, 'test');
  expect(text.split('\n').filter((line) => /^\s*import os/.test(line))).toEqual([]);
  expect(text).toContain(`self._modules[${JSON.stringify(name)}] = nn.Conv2d(1, 2, 3, padding=1)`);
});

test('an input of one channel is read as it is given, by as many layers as like', async () => {
  const first = 'INPUT(8x8x1, channels=first)';
  const readers = ['CONV(2, act=none)', 'CONV(2, 5, act=none)'];
  const { text } = await exportPytorch({ source: `${first} -> { ${readers.join(' | ')} } -> ADD -> RELU` });
  expect(text!.slice(text!.indexOf('# x: N×1×8×8'))).toMatchInlineSnapshot(`
    "# x: N×1×8×8; pixels are grey, 0 to 255
            y = self.conv1(x)  # 2×8×8
            x = self.conv2(x)
            x = y + x
            x = F.relu(x)
            return x
    "
  `);
});

test('a layer that PyTorch could not hold is refused', async () => {
  const { ok, diagnostics } = await exportPytorch({ source: 'INPUT(4x4x1) -> CONV(2) as training' });
  expect(ok).toBe(false);
  expect(diagnostics.at(-1)).toMatchObject({
    code: 'E047',
    message: expect.stringContaining('training (CONV)'),
  });
});

test('what PyTorch cannot say is refused with the layer that says it', () => {
  const graph = opGraph('pool', 1, { mode: 'avg', dilation: [2, 2], kernel: [2, 2] });
  expect(graph.complaints).toMatchObject([
    { code: 'E047', message: 'use (TEST): PyTorch has no mean of dilated windows' },
  ]);
});

function opGraph(op: 'pool', seed: number, attrs: object) {
  const use = sampleUse(op, picker(seed));
  const shapes = { x: [1, 8, 8, 2] };
  const all = { stride: [1, 1], pad: [0, 0, 0, 0], ceil: false, countPad: false, ...attrs };
  return writeTorch(graphOf({ ...use, attrs: all, shapes, batch: 1 }), 'test');
}

describe(`in PyTorch${noTorch}`, { skip: noTorch !== '' }, () => {
  test('every example gives what its definition gives, from the same paths', async () => {
    const jobs = await Promise.all(
      PROGRAMS.map(async (name): Promise<TorchJob> => {
        const graph = await smallGraph(name);
        return { name, graph, inputs: randomInputs(graph, 1) };
      }),
    );
    const odd = await graphOfText(ODD_NAMES).then((graph) => withNumbers(graph, 1));
    const all = [...jobs, { name: 'odd', graph: odd, inputs: randomInputs(odd, 1) }];
    expect(await wrongOnes(all, 'network')).toEqual([]);
  });

  test('every operator gives what its definition gives', async () => {
    const jobs = OP_NAMES.flatMap((op) =>
      Array.from({ length: 20 }, (_, seed) => {
        const use = sampleUse(op, picker(seed + 1));
        const graph = named(graphOf(use, { seed }));
        return { name: `${op}_${seed}`, graph, inputs: randomInputs(graph, seed) };
      }),
    );
    const said = jobs.filter(({ graph }) => writeTorch(graph, 'test').complaints.length === 0);
    // There is no mean of dilated windows.
    expect(said.length).toBeGreaterThan(0.98 * jobs.length);
    expect(await wrongOnes(said, 'operator')).toEqual([]);
  });
});

describe(`outputs of models in PyTorch${noTorch}`, { skip: noTorch !== '' }, () => {
  test('numbers and constants are what they are by definition', async () => {
    const { graph } = await compile({ onnx: ODD_OUTPUTS, targets: ['js'] });
    const { text, weights } = await exportPytorch({ onnx: ODD_OUTPUTS });
    const inputs = randomInputs(graph!, 1);
    const job = { name: 'odd', graph: graph!, inputs, exported: { text: text!, weights: weights! } };
    const { error, outputs } = (await runTorch([job])).get('odd')!;
    expect(error).toBeUndefined();
    expect(outputs).toEqual(interpret(graph!, inputs));
  });
});

describeWithShared(`trained ONNX models in PyTorch${noTorch}`, MODELS.map(modelPath), () => {
  test.skipIf(noTorch !== '').each(MODELS)(
    '%s gives what ONNX Runtime gave',
    { timeout: 120_000 },
    async (name) => {
      const options = { onnx: modelBytes(name), shapes: modelShapes(name), name };
      const { graph } = await compile({ ...options, targets: ['js'] });
      const { text, weights, diagnostics } = await exportPytorch(options);
      expect(diagnostics).toEqual([]);
      const { inputs, outputs } = recorded(name);
      const job = { name, graph: graph!, inputs, exported: { text: text!, weights: weights! } };
      const { error, outputs: actual } = (await runTorch([job])).get(name)!;
      expect(error).toBeUndefined();
      const shares = Object.entries(outputs).map(([output, expected]) => {
        const most = expected.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
        const { maxAbsolute } = deviation(actual[output]!, expected, 'imported');
        return maxAbsolute / most;
      });
      // Half precision was computed in half precision there.
      expect(Math.max(...shares)).toBeLessThan(name === 'squeezenet-fp16' ? 2e-3 : 1e-4);
    },
  );
});

test('axes that are turned and turned back stay, and one channel may be first or last', async () => {
  const source = 'INPUT(4x6x3) -> TRANSPOSE((0, 3, 1, 2)) -> RESHAPE((12, 6, 1)) -> CONV(1)';
  const { text } = await exportPytorch({ source });
  expect(text).toContain('x = x.reshape(-1, 1, 12, 6)');
  expect(text).not.toContain('permute');
});

test('weights that no layer owns are parameters with their paths, and numbers stay numbers', async () => {
  const { text } = await exportPytorch({
    source:
      'INPUT(4x4x3) -> { SKIP | WEIGHT(4x4x3) as scale } -> MUL -> { SKIP | WEIGHT(3) as head.shift } -> ADD -> MAX(_, 0.5)',
  });
  expect(text).toContain('self.scale = nn.Parameter(torch.ones(4, 4, 3))');
  expect(text).toContain('self.head.shift = nn.Parameter(torch.ones(3))');
  expect(text).toContain('x + self.head.shift.reshape(-1, 1, 1)');
  expect(text).toContain('torch.maximum(x, torch.tensor(0.5))');
});

test('an output may be a number, or a constant, which is a buffer where nothing learns it', async () => {
  const { ok, text } = await exportPytorch({ onnx: ODD_OUTPUTS, name: 'odd' });
  expect(ok).toBe(true);
  expect(text!.slice(text!.indexOf('        super'))).toMatchInlineSnapshot(`
    "        super().__init__()
            self.known = nn.Parameter(torch.ones(2, 3, 4))
            self.register_buffer("eye", torch.ones(1, 3, 4))
            self.register_buffer("nothing", torch.ones(1, 0, 4))
            self.register_buffer("known_2", torch.ones(1, 2, 3, 4))

        def forward(self, x):
            # x: 3×4
            x = x.reshape(-1, 3, 4).permute(0, 2, 1) + self.known.permute(0, 2, 1)  # 4×3
            x = x.amax((0, 2, 1,), keepdim=True)  # 1×1
            x = x.flatten(1)  # 1
            return {"largest": x.reshape(()), "eye": self.eye.reshape(-1, 4), "nothing": self.nothing.reshape(0, 4), "known": self.known_2.reshape(-1, 3, 4)}
    "
  `);
});

/** Weights as those of one layer, as PyTorch calls them. */
const named = (graph: Graph): Graph =>
  rebuild(graph, (node) =>
    isConstant(node) ? { ...node, name: `layer.${KEYS[node.name] ?? node.name}` } : node,
  );
const KEYS: Readonly<Record<string, string>> = {
  mean: 'running_mean',
  variance: 'running_var',
  slope: 'weight',
};

const withNumbers = (graph: Graph, seed: number): Graph => {
  const next = mulberry32(seed);
  return rebuild(graph, (node) =>
    isConstant(node)
      ? { ...node, data: Float32Array.from({ length: node.type.shape.reduce((a, b) => a * b) }, next) }
      : node,
  );
};

/** What is wrong with paths and outputs, one line each. */
async function wrongOnes(jobs: readonly TorchJob[], numeric: 'operator' | 'network'): Promise<string[]> {
  const results = await runTorch(jobs);
  return jobs.flatMap(({ name, graph, inputs }) => {
    const { error, keys, outputs } = results.get(name)!;
    if (error !== undefined) return [`${name}: ${error}`];
    const paths = graph.nodes.filter(isConstant).map((node) => node.name);
    const lost = keys.join() === paths.toSorted().join() ? [] : [`${name} has ${keys}, not ${paths}`];
    const off = Object.entries(interpret(graph, inputs)).map(([output, expected]) =>
      mismatch(outputs[output]!, expected, numeric),
    );
    return [...lost, ...off.filter((each) => each !== undefined).map((each) => `${name}: ${each}`)];
  });
}
