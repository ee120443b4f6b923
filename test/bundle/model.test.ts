// The API of a bundle, as a program that imports it sees it.
import { describe, expect, test, vi } from 'vitest';
import type { Input, Model } from '../../runtime/index.ts';
import { load, twice, type Options } from './twice.ts';

const create = async (options?: Options): Promise<Model> => (await load(await twice(options)))();
const failure = (model: Model, input: unknown): Promise<unknown> =>
  // What a program without types may pass.
  model.run(input as Input).then(
    () => 'a result',
    (error: unknown) => error,
  );

/** A target that takes its time and notes what happens. */
const SLOW = `(weights) => ({
  async run([x], [y]) {
    globalThis.events.push("begin " + x[0]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (x[0] < 0) throw new Error("negative");
    y.set(x);
    globalThis.events.push("end " + x[0]);
  },
  dispose: () => globalThis.events.push("dispose"),
})`;

async function slow(): Promise<{ model: Model; events: string[] }> {
  const events: string[] = [];
  vi.stubGlobal('events', events);
  return { model: await create({ target: SLOW }), events };
}

const filled = (value: number, length = 4) => new Float32Array(length).fill(value);

describe('options of callers without types', () => {
  test('may be null', async () => {
    const createModel = await load(await twice());
    const nothing = { device: null, signal: null, onProgress: null, onDeviceLost: null } as never;
    for (const options of [null, nothing] as never[]) {
      const model = await createModel(options);
      const y = filled(1).map((v, i) => v + i);
      expect(await model.run(filled(0), null as never)).toEqual({ y });
      expect(await model.run(filled(0), { into: null } as never)).toEqual({ y });
    }
  });

  test.each([
    [5, 'what stands for the options has type Number, expected an object'],
    [{ device: {} }, 'the option device has type Object, expected a GPUDevice'],
    [{ signal: true }, 'the option signal has type Boolean, expected an AbortSignal'],
    [{ onProgress: 'log' }, 'the option onProgress has type String, expected a function'],
    [{ onDeviceLost: 'retry' }, "the option onDeviceLost has type String, expected 'fallback' or 'reject'"],
  ])('%j for createModel is a clear error', async (options, message) => {
    const createModel = await load(await twice());
    await expect(createModel(options as never)).rejects.toMatchObject({ code: 'OPTION_TYPE', message });
  });

  test.each([
    [{ taget: 'js' }, 'there is no option "taget"; did you mean target?'],
    [{ ondevicelost: 'reject' }, 'there is no option "ondevicelost"; did you mean onDeviceLost?'],
    [
      { constructor: 1 },
      'there is no option "constructor"; expected target, weights, device, onDeviceLost, signal, onProgress',
    ],
  ])('%j, which createModel does not have, is a clear error', async (options, message) => {
    const createModel = await load(await twice());
    await expect(createModel(options as never)).rejects.toMatchObject({ code: 'OPTION_NAME', message });
  });

  test('an option that run does not have is a clear error', async () => {
    const run = (await create()).run(filled(0), { int: {} } as never);
    const message = 'there is no option "int"; did you mean into?';
    await expect(run).rejects.toMatchObject({ code: 'OPTION_NAME', message });
  });

  test.each([
    ['y', 'what stands for the options has type String, expected an object'],
    [{ into: [] }, 'the option into has type Array, expected GPU buffers by name'],
  ])('%j for run is a clear error', async (options, message) => {
    const model = await create();
    const run = model.run(filled(0), options as never);
    await expect(run).rejects.toMatchObject({ code: 'OPTION_TYPE', message });
  });
});

describe('run', () => {
  test('takes the values of the only input', async () => {
    const model = await create();
    expect(await model.run(Float32Array.of(10, 20, 30, 40))).toEqual({ y: Float32Array.of(21, 42, 63, 84) });
  });

  test('takes arrays by name', async () => {
    const model = await create();
    expect(await model.run({ x: filled(0) })).toEqual({ y: Float32Array.of(1, 2, 3, 4) });
  });

  test('takes several inputs by name', async () => {
    const target = `() => ({ run([a, b], [y]) { y.set(a.map((v, i) => v - b[i])); }, dispose() {} })`;
    const model = await create({ inputs: ['a', 'b'], target });
    expect(await model.run({ b: filled(1), a: filled(5) })).toEqual({ y: filled(4) });
  });

  test('sees the size of the batch by the length, and gives the engine one item at a time', async () => {
    const { model, events } = await slow();
    const { y } = await model.run(Float32Array.of(1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3));
    expect(y).toEqual(Float32Array.of(1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3));
    expect(events).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3']);
  });

  test('lets NaN and infinities through', async () => {
    const model = await create();
    const { y } = await model.run(Float32Array.of(NaN, Infinity, -Infinity, -0));
    expect(y).toEqual(Float32Array.of(NaN, Infinity, -Infinity, 4));
  });

  test('gives fresh arrays each time', async () => {
    const model = await create();
    const [first, second] = [await model.run(filled(1)), await model.run(filled(1))];
    first['y']!.fill(7);
    expect(second['y']).toEqual(Float32Array.of(3, 4, 5, 6));
    expect(first['y']!.buffer.byteLength).toBe(16);
  });

  test('queues overlapping calls in their order', async () => {
    const { model, events } = await slow();
    await Promise.all([model.run(filled(1)), model.run(filled(2))]);
    expect(events).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2']);
  });

  test('reads its input when it is called, so the caller may refill the array', async () => {
    const { model } = await slow();
    const input = filled(1);
    const runs = [model.run(input), model.run(input.fill(2))];
    input.fill(3);
    expect(await Promise.all(runs)).toEqual([{ y: filled(1) }, { y: filled(2) }]);
  });

  test('keeps the inputs of runs that wait apart, also when it uses its memory again', async () => {
    const { model } = await slow();
    const input = filled(1);
    const runs = [model.run(input)];
    for (let value = 2; value < 9; value++) {
      // Some begin while others wait, some when one has given its memory back.
      if (value % 3 === 0) await runs.at(-2);
      input.fill(value);
      runs.push(model.run(input));
    }
    const results = await Promise.all(runs);
    expect(results.map(({ y }) => y![0])).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('goes on after a call that failed', async () => {
    const { model } = await slow();
    const [bad, good] = await Promise.allSettled([model.run(filled(-1)), model.run(filled(1))]);
    expect(bad).toMatchObject({ status: 'rejected', reason: new Error('negative') });
    expect(good).toMatchObject({ status: 'fulfilled', value: { y: filled(1) } });
  });
});

describe('an input that does not fit is a clear error', () => {
  const cases: [title: string, input: unknown, code: string, message: RegExp][] = [
    ['too short', filled(0, 3), 'INPUT_LENGTH', /"x" has 3 values, expected 4 \(2 × 2 × 1\) per item/],
    ['between two batches', filled(0, 9), 'INPUT_LENGTH', /has 9 values/],
    ['a batch of none', filled(0, 0), 'INPUT_LENGTH', /has 0 values/],
    ['float64', new Float64Array(4), 'INPUT_TYPE', /"x" has type Float64Array, expected a Float32Array/],
    ['bytes', { x: new Uint8Array(4) }, 'INPUT_TYPE', /Uint8Array/],
    ['a plain array', [0, 0, 0, 0], 'INPUT_TYPE', /type Array/],
    ['a plain array by name', { x: [0, 0, 0, 0] }, 'INPUT_TYPE', /"x" has type Array/],
    ['a buffer', new ArrayBuffer(16), 'INPUT_TYPE', /"x" has type ArrayBuffer/],
    ['nothing', undefined, 'INPUT_TYPE', /type Undefined/],
    ['null', null, 'INPUT_TYPE', /type Null/],
    ['a text', 'x', 'INPUT_TYPE', /type String/],
    ['another name', { z: filled(0) }, 'INPUT_NAME', /no input "z", expected "x"/],
    ['a name too many', { x: filled(0), toString: filled(0) }, 'INPUT_NAME', /no input "toString"/],
    ['no name', {}, 'INPUT_NAME', /"x" is missing/],
    ['an inherited name', Object.create({ x: filled(0) }), 'INPUT_NAME', /"x" is missing/],
    ['undefined by name', { x: undefined }, 'INPUT_TYPE', /type Undefined/],
  ];
  test.each(cases)('%s', async (_, input, code, message) => {
    const error = await failure(await create(), input);
    expect(error).toMatchObject({ name: 'CnncError', code, message: expect.stringMatching(message) });
  });

  test('one array for several inputs', async () => {
    const error = await failure(await create({ inputs: ['a', 'b'] }), filled(0));
    expect(error).toMatchObject({ code: 'INPUT_NAME', message: expect.stringMatching(/2 inputs.*"a", "b"/) });
  });

  test('inputs with different batches', async () => {
    const error = await failure(await create({ inputs: ['a', 'b'] }), { a: filled(0), b: filled(0, 8) });
    expect(error).toMatchObject({ code: 'INPUT_LENGTH', message: expect.stringMatching(/items: 1, 2/) });
  });
});

describe('a model', () => {
  test('says what it takes and gives, and how it was loaded', async () => {
    const model = await create();
    expect(model).toMatchObject({
      inputs: [{ name: 'x', shape: [2, 2, 1], dtype: 'float32' }],
      outputs: [{ name: 'y', shape: [2, 2, 1], dtype: 'float32' }],
      target: 'js',
      report: { target: 'js', weightsBytes: 104, loadMs: expect.any(Number), prepareMs: expect.any(Number) },
    });
  });

  test('of a target that was not compiled is an error', async () => {
    const createModel = await load(await twice());
    // @ts-expect-error no such target
    await expect(createModel({ target: 'abacus' })).rejects.toMatchObject({
      code: 'TARGET_UNKNOWN',
      message: 'there is no target abacus, this bundle was compiled for: js',
    });
  });

  test('shares its engine with other models of its module: kernels are fast as long as they exist once', async () => {
    const target = `(weights) => {
      const [w] = weights.values();
      const number = (globalThis.engines = (globalThis.engines ?? 0) + 1);
      return { run([x], [y]) { y.fill(number * x[0] + w[0]); }, dispose() {} };
    }`;
    const createModel = await load(await twice({ target }));
    const one = await createModel();
    const [two, three] = await Promise.all([createModel(), createModel()]);
    one.dispose();
    const input = new Float32Array(4).fill(10);
    const results = await Promise.all([two.run(input), three.run(input)]);
    expect(results.map(({ y }) => y![0])).toEqual([11, 11]);
    await expect(one.run(input)).rejects.toMatchObject({ code: 'DISPOSED' });
  });

  test('whose target cannot start says why', async () => {
    const createModel = await load(await twice({ target: '() => { throw new Error("no memory"); }' }));
    await expect(createModel()).rejects.toThrow('no memory');
  });

  test('does nothing more once disposed', async () => {
    const { model, events } = await slow();
    model.dispose();
    model.dispose();
    expect(await failure(model, filled(1))).toMatchObject({ code: 'DISPOSED' });
    expect(events).toEqual(['dispose']);
  });

  test('frees its engine after the item that runs, and rejects the runs that wait', async () => {
    const { model, events } = await slow();
    const runs = [failure(model, filled(1, 8)), failure(model, filled(2))];
    await new Promise((resolve) => setTimeout(resolve, 1));
    model.dispose();
    expect(await Promise.all(runs)).toMatchObject([{ code: 'DISPOSED' }, { code: 'DISPOSED' }]);
    await vi.waitFor(() => expect(events).toEqual(['begin 1', 'end 1', 'dispose']));
  });

  test('is disposed at the end of a `using` block', async () => {
    const { model, events } = await slow();
    {
      using inner = model;
      await inner.run(filled(1));
    }
    await vi.waitFor(() => expect(events).toEqual(['begin 1', 'end 1', 'dispose']));
  });
});
