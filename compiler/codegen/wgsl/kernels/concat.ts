// Channels behind each other: a dispatch per operand writes its part of the result. Where all parts begin
// at whole vectors, four channels at a time. Otherwise one channel at a time, because two operands then
// meet within a vector, and the epilogue follows by itself.
import type { Node } from '../../../ir/graph.ts';
import { code } from '../../../support/code.ts';
import { channelsOf } from '../../../tensor/window.ts';
import { makeDispatch, workgroupFor, type Dispatch, type Value } from '../dispatch.ts';
import type { Kernel, KernelContext } from '../kernel.ts';
import { paddedBytes, pixelsOf, vectors } from '../layout.ts';

export const concat: Kernel<'concat'> = ({ operands: { x }, type: { shape }, epilogue }, context) => {
  const parts = partsOf(x);
  const pixels = pixelsOf(shape);
  const pitch = vectors(channelsOf(shape));
  if (parts.every(({ first }) => first % 4 === 0)) {
    return parts.map((part) => byVectors(part, { pixels, pitch }, context));
  }
  const isPlain = epilogue.length === 0;
  const to = isPlain ? context.result : context.temporary('channels', paddedBytes(shape));
  return [
    ...parts.map((part, i) =>
      byChannels(part, { pixels, pitch, to, isLast: i === parts.length - 1 }, context),
    ),
    ...(isPlain ? [] : [finish(to, { pixels, pitch }, context)]),
  ];
};

/** An operand, and the channel of the result at which it begins. */
interface Part {
  readonly operand: Node;
  readonly channels: number;
  readonly first: number;
}

interface Size {
  readonly pixels: number;
  /** Vectors per pixel of the result. */
  readonly pitch: number;
}

function partsOf(operands: readonly Node[]): Part[] {
  let next = 0;
  return operands.map((operand) => {
    const channels = channelsOf(operand.type.shape);
    const first = next;
    next += channels;
    return { operand, channels, first };
  });
}

const byVectors = (
  { operand, channels, first }: Part,
  { pixels, pitch }: Size,
  context: KernelContext,
): Dispatch =>
  context.dispatch({
    title: 'concat: one operand',
    reads: [context.read('x', operand)],
    sizes: { pitch, first: first / 4 },
    threads: [vectors(channels), pixels],
    body: code`
      let vector = shape.first + thread.x;
      let value = x[thread.y * shape.threads.x + thread.x];
      ${context.store('value', { index: 'thread.y * shape.pitch + vector', vector: 'vector' })}
    `,
  });

/** The last operand also fills up the last vector with zeros. */
function byChannels(
  { operand, channels, first }: Part,
  { pixels, pitch, to, isLast }: Size & { to: Value; isLast: boolean },
  context: KernelContext,
): Dispatch {
  const threads = [isLast ? 4 * pitch - first : channels, pixels] as const;
  return makeDispatch({
    title: 'concat: one operand, channel by channel',
    reads: [context.read('x', operand, 'f32')],
    writes: { value: to, type: 'f32' },
    sizes: { channels, from_pitch: 4 * vectors(channels), pitch: 4 * pitch, first },
    threads,
    workgroup: workgroupFor(threads),
    body: code`
      let value = x[thread.y * shape.from_pitch + min(thread.x, shape.channels - 1)];
      y[thread.y * shape.pitch + shape.first + thread.x] = select(0.0, value, thread.x < shape.channels);
    `,
  });
}

const finish = (channels: Value, { pixels, pitch }: Size, context: KernelContext): Dispatch =>
  context.dispatch({
    title: 'concat: the rest',
    reads: [{ name: 'x', type: 'vec4f', source: channels }],
    sizes: {},
    threads: [pitch, pixels],
    body: code`
      let at = thread.y * shape.threads.x + thread.x;
      ${context.store('x[at]', { index: 'at', vector: 'thread.x' })}
    `,
  });
