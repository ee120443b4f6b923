// The words CONV and DWCONV: one graph operator, two ways to say it.
import { refuse } from '../support/refusal.ts';
import type { TensorType } from '../tensor/types.ts';
import { channelsOf } from '../tensor/window.ts';
import { byRule, count, flag, perAxis, withDefault, type ArgsOf, type Value } from './argument.ts';
import { conv } from './conv.ts';
import type { AttrsOf, OperandsOf } from './define.ts';
import { finish, finishArgs, layerWeights } from './finish.ts';
import { defineKeyword, says, type Call } from './keyword.ts';
import { halfPadding } from './padding.ts';
import { refuseVectors, resolveWindow, writtenWindow } from './spatial.ts';

const windowArgs = {
  kernel: withDefault(perAxis('Height and width of the window.'), 3),
  stride: withDefault(perAxis('Step between windows.'), 1),
  pad: halfPadding,
  dilation: withDefault(perAxis('Distance between the elements of a window.'), 1),
};

const flip = withDefault(flag('Turn the kernel by 180° (mathematical convolution).'), false);

/** Filters by depth: 64 at full size, doubled with each halving of the map, at most 512. */
const filtersByDepth = (accumulatedStride: number): number =>
  Math.min(512, 64 * 2 ** Math.max(0, Math.floor(Math.log2(accumulatedStride))));

export const CONV = defineKeyword({
  keyword: 'CONV',
  doc: 'Convolution, with bias and ReLU unless told otherwise.',
  weighted: true,
  positional: ['filters', 'kernel'],
  args: {
    filters: byRule(
      count('Number of filters: the channels of the result.'),
      'min(512, 64·2^d), d = log2 of the accumulated stride',
    ),
    ...windowArgs,
    groups: withDefault(count('Independent groups of channels.'), 1),
    ...finishArgs,
    flip,
  },
  says: says(
    conv,
    (attrs, types) =>
      isDepthwise(attrs, types)
        ? undefined
        : {
            filters: types.weight.shape[0]!,
            ...saidWindow(attrs, types),
            groups: attrs.groups,
            flip: attrs.flip,
          },
    layerWeights,
  ),
  build: (call, args) => {
    const { groups } = args;
    const filters =
      args.filters ??
      call.decide(
        'filters',
        filtersByDepth(call.accumulatedStride),
        `64, doubled per halving (stride so far ${call.accumulatedStride}), at most 512`,
      );
    refuseVectors('CONV', call.x.type);
    const channels = channelsOf(call.x.type.shape);
    if (channels % groups !== 0 || filters % groups !== 0)
      refuse(
        'E041',
        `groups=${groups} must divide the ${channels} input channels and the ${filters} filters`,
        { argument: 'groups' },
      );
    return buildConv(call, args, { filters, groups });
  },
});

export const DWCONV = defineKeyword({
  keyword: 'DWCONV',
  doc: 'Depthwise convolution: every channel is convolved on its own, `multiplier` times.',
  weighted: true,
  positional: ['kernel'],
  args: {
    ...windowArgs,
    multiplier: withDefault(count('Results per input channel.'), 1),
    ...finishArgs,
    flip,
  },
  says: says(
    conv,
    (attrs, types) =>
      isDepthwise(attrs, types)
        ? {
            ...saidWindow(attrs, types),
            multiplier: types.weight.shape[0]! / attrs.groups,
            flip: attrs.flip,
          }
        : undefined,
    layerWeights,
  ),
  build: (call, args) => {
    refuseVectors('DWCONV', call.x.type);
    const channels = channelsOf(call.x.type.shape);
    return buildConv(call, args, { filters: channels * args.multiplier, groups: channels });
  },
});

type Attrs = AttrsOf<typeof conv.attrs>;
type Types = OperandsOf<typeof conv.operands, TensorType>;

const isDepthwise = ({ groups }: Attrs, { x }: Types): boolean =>
  groups === channelsOf(x.shape) && groups > 1;

const saidWindow = (attrs: Attrs, { x, weight }: Types) =>
  writtenWindow({ ...attrs, kernel: weight.shape.slice(2) }, x, 'half');

type Convolution = ArgsOf<typeof windowArgs & typeof finishArgs & { readonly flip: typeof flip }>;

interface Filters {
  readonly filters: number;
  readonly groups: number;
}

function buildConv(call: Call, args: Convolution, { filters, groups }: Filters): Value {
  const { flip } = args;
  const { kernel, ...window } = resolveWindow(call.x.type, args);
  const perGroup = channelsOf(call.x.type.shape) / groups;
  const weight = call.weight('weight', [filters, perGroup, ...kernel], 'he');
  const emitConv = (bias: Value | undefined) =>
    call.emit(conv, { x: call.x, weight, bias }, { ...window, groups, flip });
  return finish(call, filters, args, emitConv);
}
