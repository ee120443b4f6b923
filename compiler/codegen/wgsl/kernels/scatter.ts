// Updates at places that the data says: several may be meant for one element, so they meet in atomic numbers. There
// are none of floats: the number of the last update is one, and sums and products are exchanged as bits until nobody
// else was faster.
import { code } from '../../../support/code.ts';
import { makeDispatch, workgroupFor } from '../dispatch.ts';
import { threadsFor, type Kernel } from '../kernel.ts';
import { paddedBytes, vectors } from '../layout.ts';

const COMBINE = {
  add: 'old + update',
  mul: 'old * update',
  max: 'max(old, update)',
  min: 'min(old, update)',
} as const;

/** What an update does to the memory of its element. */
const meet = (mode: 'set' | keyof typeof COMBINE): string =>
  mode === 'set'
    ? code`
        atomicMax(&y[element], u32(i) + 1);
      `
    : code`
        let update = updates[image * shape.update_pitch + i];
        var bits = atomicLoad(&y[element]);
        loop {
          let old = bitcast<f32>(bits);
          let exchange = atomicCompareExchangeWeak(&y[element], bits, bitcast<u32>(${COMBINE[mode]}));
          if (exchange.exchanged) { break; }
          bits = exchange.old_value;
        }
      `;

export const scatter: Kernel<'scatter'> = ({ operands, attrs: { mode }, type: { shape } }, context) => {
  const { x, updates, places } = operands;
  const [items, length] = shape as readonly [number, number];
  const count = updates.type.shape[1]!;
  const elements = context.temporary('elements', paddedBytes(shape));
  const sizes = { length, pitch: 4 * vectors(length), count, update_pitch: 4 * vectors(count) };
  const begin = threadsFor(length, items);
  const perUpdate = [1, items * count] as const;
  const vector = { index: 'thread.y * shape.threads.x + thread.x', vector: 'thread.x' };
  const isSet = mode === 'set';
  const read = isSet
    ? code`
        var result = x[${vector.index}];
        for (var lane = 0; lane < 4; lane++) {
          let last = elements[4 * (${vector.index}) + lane];
          if (last > 0) { result[lane] = updates[thread.y * shape.update_pitch + i32(last) - 1]; }
        }
      `
    : code`
        var result = vec4f();
        for (var lane = 0; lane < 4; lane++) { result[lane] = bitcast<f32>(elements[4 * (${vector.index}) + lane]); }
      `;
  return [
    makeDispatch({
      title: `scatter, 1 of 3: ${isSet ? 'no updates' : 'the elements as bits'}`,
      reads: isSet ? [] : [context.read('x', x)],
      writes: { value: elements, type: 'vec4u' },
      sizes: {},
      threads: begin,
      workgroup: workgroupFor(begin),
      body: `y[${vector.index}] = ${isSet ? 'vec4u()' : `bitcast<vec4u>(x[${vector.index}])`};`,
    }),
    makeDispatch({
      title: `scatter, 2 of 3: ${mode}`,
      reads: [
        context.read('places', places, 'f32'),
        ...(isSet ? [] : [context.read('updates', updates, 'f32')]),
      ],
      writes: { value: elements, type: 'atomic<u32>' },
      sizes,
      threads: perUpdate,
      workgroup: workgroupFor(perUpdate),
      body: code`
        let image = thread.y / shape.count;
        let i = thread.y % shape.count;
        let place = i32(places[image * shape.update_pitch + i]);
        let at = select(place, place + shape.length, place < 0);
        if (at < 0 || at >= shape.length) { return; }
        let element = image * shape.pitch + at;
        ${meet(mode)}
      `,
    }),
    context.dispatch({
      title: `scatter, 3 of 3: ${isSet ? 'last updates' : 'the elements as numbers'}`,
      reads: [
        { name: 'elements', type: 'u32', source: elements },
        ...(isSet ? [context.read('x', x), context.read('updates', updates, 'f32')] : []),
      ],
      sizes,
      threads: begin,
      body: code`
        ${read}
        ${context.store('result', vector)}
      `,
    }),
  ];
};
