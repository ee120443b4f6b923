import { refuse } from '../support/refusal.ts';
import { channelsOf } from '../tensor/window.ts';
import { activationArg } from './activation.ts';
import { byRule, count, oneForAll, perAxis, perAxis0, withDefault } from './argument.ts';
import { deconv } from './deconv.ts';
import { finish, finishArgs, layerWeights } from './finish.ts';
import { defineKeyword, says } from './keyword.ts';
import { noPadding, type Padding } from './padding.ts';
import { axes, refuseVectors, resolveWindow, writtenWindow } from './spatial.ts';

export const DECONV = defineKeyword({
  keyword: 'DECONV',
  doc: 'Transposed convolution: twice the size and half the channels unless told otherwise.',
  weighted: true,
  positional: ['filters', 'kernel'],
  args: {
    filters: byRule(count('Number of filters: the channels of the result.'), 'half the channels'),
    kernel: withDefault(perAxis('Height and width of the kernel.'), 2),
    stride: withDefault(perAxis('How many times larger the result is.'), 2),
    pad: {
      ...noPadding,
      doc: 'Cut off the result: what the convolution back would pad.',
      words: ['half', 'valid'],
    },
    output_pad: withDefault(perAxis0('Added at the end of the result.'), 0),
    dilation: withDefault(perAxis('Distance between the elements of the kernel.'), 1),
    groups: withDefault(count('Independent groups of channels.'), 1),
    ...finishArgs,
    act: activationArg('none'),
  },
  says: says(
    deconv,
    ({ outputPad, groups, ...attrs }, { x, weight }) => {
      const { pad, dilation, ...window } = writtenWindow({ ...attrs, kernel: weight.shape.slice(2) }, x, 0);
      return {
        filters: weight.shape[1]! * groups,
        ...window,
        pad,
        output_pad: oneForAll(outputPad),
        dilation,
        groups,
      };
    },
    layerWeights,
  ),
  build: (call, { filters: written, groups, pad, ...args }) => {
    refuseVectors('DECONV', call.x.type);
    refuseForwardPadding(pad);
    const channels = channelsOf(call.x.type.shape);
    const filters =
      written ??
      call.decide('filters', Math.max(1, Math.floor(channels / 2)), `half of ${channels} channels`);
    if (channels % groups !== 0 || filters % groups !== 0)
      refuse(
        'E041',
        `groups=${groups} must divide the ${channels} input channels and the ${filters} filters`,
        { argument: 'groups' },
      );
    const { kernel, ...window } = resolveWindow(call.x.type, { ...args, pad });
    const outputPad = axes('output_pad', args.output_pad, kernel.length);
    return finish(call, filters, args, (bias) => {
      const weight = call.weight('weight', [channels, filters / groups, ...kernel], 'he');
      return call.emit(deconv, { x: call.x, weight, bias }, { ...window, outputPad, groups });
    });
  },
});

/** Sizes that are counted from the input of a convolution mean nothing here. */
function refuseForwardPadding(padding: Padding): void {
  if (typeof padding !== 'string' || padding === 'half' || padding === 'valid') return;
  refuse('E042', `pad=${padding} is for CONV and POOL: DECONV goes the other way`, {
    argument: 'pad',
    help: 'write a number or (top, left, bottom, right): what the convolution back would pad',
  });
}
