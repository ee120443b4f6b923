// A model for inputs of several sizes: one network for each, over the same weights. The network of the
// first size starts with the model, each other one when it is first asked for.
import { CnncError } from '../errors.ts';
import type { Input, InputValue, Sized, SizedInput } from '../inputs.ts';
import { kindOf } from '../kind-of.ts';
import type { NetworkSize, TensorSpec } from '../program.ts';
import type { Model } from '../session.ts';

/** A further size, and what starts its network. */
export interface FurtherSize extends NetworkSize {
  start(): Promise<Model>;
}

export type BySize = (first: Model, further: readonly FurtherSize[]) => Model;

export const bySize: BySize = (first, further) => {
  const started = new Map<FurtherSize, Promise<Model>>();
  let disposed = false;
  const modelOf = (size: FurtherSize): Promise<Model> => {
    if (disposed) throw new CnncError('DISPOSED', 'the model was disposed: create another one');
    const model = started.get(size) ?? size.start();
    started.set(size, model);
    // The next run may have more luck.
    model.catch(() => started.delete(size));
    return model;
  };
  const run: Model['run'] = async (input, options) => {
    const { shapes, values } = unwrap(input, first.inputs);
    if (matches(shapes, first.inputs)) return first.run(values, options);
    const size = further.find(({ inputs }) => matches(shapes, inputs));
    if (!size) throw unknownSize(shapes, [first, ...further]);
    return (await modelOf(size)).run(values, options);
  };
  const dispose = () => {
    disposed = true;
    first.dispose();
    for (const model of started.values())
      model.then(
        (each) => each.dispose(),
        () => {}, // there is nothing to dispose of
      );
  };
  // The first model's own members are getters, which a copy would freeze.
  return Object.create(first, {
    run: { value: run },
    sizes: { value: [...first.sizes, ...further.map(({ inputs, outputs }) => ({ inputs, outputs }))] },
    dispose: { value: dispose },
    [Symbol.dispose ?? Symbol.for('Symbol.dispose')]: { value: dispose },
  }) as Model; // `first` with some members replaced
};

type Shapes = ReadonlyMap<string, readonly number[]>;

/** The shapes that were given, and the input without them. */
function unwrap(input: SizedInput, specs: readonly TensorSpec[]): { shapes: Shapes; values: Input } {
  if (isSized(input)) return { shapes: new Map([[specs[0]!.name, input.shape]]), values: input.data };
  if (kindOf(input) !== 'Object') return { shapes: new Map(), values: input as InputValue };
  const entries = Object.entries(input as Readonly<Record<string, InputValue | Sized>>); // no single value is a plain object
  const shapes = new Map(
    entries.flatMap(([name, value]) => (isSized(value) ? [[name, value.shape] as const] : [])),
  );
  const values = Object.fromEntries(
    entries.map(([name, value]) => [name, isSized(value) ? value.data : value]),
  );
  return { shapes, values };
}

const isSized = (value: unknown): value is Sized =>
  typeof value === 'object' &&
  value !== null &&
  'data' in value &&
  'shape' in value &&
  Array.isArray(value.shape);

/** An input without a shape has that of the first size. */
const matches = (shapes: Shapes, specs: readonly TensorSpec[]): boolean =>
  specs.every(({ name, shape }) => {
    const given = shapes.get(name);
    return given === undefined || given.join() === shape.join();
  });

function unknownSize(shapes: Shapes, sizes: readonly NetworkSize[]): CnncError {
  const show = (shape: readonly number[]) => shape.join(' × ');
  const known = sizes.map(({ inputs }) => inputs.map(({ shape }) => show(shape)).join(' with ')).join(', ');
  const asked = [...shapes.values()].map(show).join(' with ');
  return new CnncError('INPUT_SHAPE', `there is no network for ${asked}; this bundle has ${known}`);
}
