// INPUT: the only word that starts a network, and how pictures become numbers.
import type { ImageSpec } from '../../runtime/program.ts';
import { refuse } from '../support/refusal.ts';
import {
  byRule,
  count,
  divisorPerChannel,
  MOST_AXES,
  number,
  oneOf,
  perChannel,
  portName,
  whole0,
  withDefault,
  type ArgSpec,
  type ArgsOf,
  type PerAxis,
} from './argument.ts';

/** H×W×C, L×C or C; a size left open is null. */
export type InputShape = readonly (number | null)[];

const shape: ArgSpec<InputShape> = {
  doc: 'Height, width and channels that the network was trained at; 1D: length and channels; or a vector.',
  expects: 'sizes such as 224x224x3, 16000x1 or 100',
  read: (written) => {
    if (written.kind === 'sizes')
      return written.sizes.length <= MOST_AXES && written.sizes.every((size) => size !== 0)
        ? written.sizes
        : undefined;
    const size = count('').read(written);
    return size === undefined ? undefined : [size];
  },
  show: (sizes) => sizes.map((size) => size ?? '?').join('x'),
};

export const INPUT_ARGS = {
  shape: withDefault<InputShape>(shape, [32, 32, 3]),
  channels: oneOf(
    ['last', 'first'],
    'Where callers put the channels; first, they give C×H×W as PyTorch and ONNX have it.',
  ),
  name: byRule(portName('What callers call it.'), 'its path'),
  scale: withDefault(number('Factor for pixel values 0…255, before mean and std.'), 1),
  mean: withDefault(perChannel('Subtracted, per channel.'), 0),
  std: withDefault(divisorPerChannel('Divided by, per channel.'), 1),
  order: oneOf(['rgb', 'bgr', 'grey'], 'Order of the channels; grey where there is one.'),
  resize: withDefault(whole0('Scale the shorter side to this many pixels first; 0: do not.'), 0),
  crop: withDefault(whole0('Then cut a square of this side from the middle; 0: do not.'), 0),
  fit: oneOf(
    ['stretch', 'cover', 'contain', 'pad'],
    'How the picture is brought to the shape: stretch it; cover and cut; contain with black borders; pad without enlarging.',
  ),
};

/** What every INPUT takes; the others prepare pictures. */
const OF_ALL_INPUTS: readonly string[] = ['shape', 'channels', 'name'];

/** Whether a picture may have so many channels. */
export const isColours = (channels: number): boolean => channels === 1 || channels === 3;

/** Whether an argument does nothing to such an input: it prepares pictures, and the input is none. */
export const isIdle = (argument: string, args: ArgsOf<typeof INPUT_ARGS>): boolean =>
  !OF_ALL_INPUTS.includes(argument) && imageSpec(args) === undefined;

/** The picture's preparation, for inputs that can be pictures: two spatial axes and 1 or 3 channels. */
export function imageSpec({ shape, ...args }: ArgsOf<typeof INPUT_ARGS>): ImageSpec | undefined {
  const channels = shape.at(-1)!;
  if (shape.length !== 3 || !isColours(channels)) return undefined;
  return {
    scale: args.scale,
    mean: perChannelOf('mean', args.mean, channels),
    std: perChannelOf('std', args.std, channels),
    order: channels === 1 ? 'grey' : args.order,
    resize: args.resize,
    crop: args.crop,
    fit: args.fit,
    ...(args.channels === 'first' && { channels: args.channels }),
  };
}

function perChannelOf(argument: string, value: PerAxis, channels: number): readonly number[] {
  if (typeof value === 'number') return Array.from({ length: channels }, () => value);
  if (value.length === channels) return value;
  return refuse('E037', `${argument} has ${value.length} numbers for ${channels} channels`, { argument });
}
