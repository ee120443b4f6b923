import { elements } from './container.ts';
import type { Data, Engine, NetworkSize, TensorSpec } from './program.ts';

/** Items of a batch. Inputs and outputs are parallel to the program's. */
export interface Items {
  readonly count: number;
  readonly inputs: readonly Data[];
  readonly outputs: readonly Data[];
}

/** Computes items, as many at once as the engine takes. `mayGoOn` throws before a turn that is not to be. */
export async function runItems(
  engine: Engine,
  { inputs, outputs }: NetworkSize,
  items: Items,
  mayGoOn = () => {},
): Promise<void> {
  for (let from = 0; from < items.count;) {
    mayGoOn();
    const count = Math.min(engine.itemsAtOnce ?? 1, items.count - from);
    const partsOf = (all: readonly Data[], specs: readonly TensorSpec[]) =>
      all.map((data, i) => partOf(data, from * bytesOf(specs[i]!), count * bytesOf(specs[i]!)));
    await engine.run(partsOf(items.inputs, inputs), partsOf(items.outputs, outputs));
    from += count;
  }
}

/** How many items there are in such values. Where nothing of an item has elements, it is one. */
export function itemsIn(network: NetworkSize, { inputs, outputs }: Omit<Items, 'count'>): number {
  const sizes = [...network.outputs, ...network.inputs].map(bytesOf);
  const at = sizes.findIndex((size) => size > 0);
  const data = [...outputs, ...inputs][at];
  if (!data) return 1;
  return (ArrayBuffer.isView(data) ? data.byteLength : data.size) / sizes[at]!;
}

const bytesOf = ({ shape }: TensorSpec): number => 4 * elements(shape);

const partOf = (data: Data, begin: number, size: number): Data =>
  ArrayBuffer.isView(data)
    ? data.subarray(begin / 4, (begin + size) / 4)
    : { buffer: data.buffer, offset: data.offset + begin, size };
