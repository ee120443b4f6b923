// The same elements under another shape whose pixels have other padding; also how a network's inputs get
// their padding, and how its outputs lose it. A thread per four channels of a pixel.
import { code } from '../../support/code.ts';
import type { Shape } from '../../tensor/types.ts';
import { channelsOf } from '../../tensor/window.ts';
import { makeDispatch, workgroupFor, type Dispatch, type Source, type Value } from './dispatch.ts';
import { pixelsOf, vectors } from './layout.ts';

export function repack(
  from: { readonly source: Source; readonly shape: Shape },
  to: { readonly value: Value; readonly shape: Shape },
): Dispatch {
  const channels = channelsOf(to.shape);
  const fromChannels = channelsOf(from.shape);
  const threads = [vectors(channels), pixelsOf(to.shape)] as const;
  return makeDispatch({
    title: 'reshape',
    reads: [{ name: 'x', type: 'f32', source: from.source }],
    writes: { value: to.value, type: 'vec4f' },
    sizes: { channels, from_channels: fromChannels, from_pitch: 4 * vectors(fromChannels) },
    threads,
    workgroup: workgroupFor(threads),
    declarations: code`
      fn channel(pixel: i32, c: i32) -> f32 {
        let element = pixel * shape.channels + min(c, shape.channels - 1);
        let value = x[element / shape.from_channels * shape.from_pitch + element % shape.from_channels];
        return select(0.0, value, c < shape.channels);
      }
    `,
    body: code`
      let pixel = thread.y;
      let c = 4 * thread.x;
      y[pixel * shape.threads.x + thread.x] =
        vec4f(channel(pixel, c), channel(pixel, c + 1), channel(pixel, c + 2), channel(pixel, c + 3));
    `,
  });
}
