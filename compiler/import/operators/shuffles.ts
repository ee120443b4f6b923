// Channels into positions and back: splits, swaps and joins of axes, of which only the swap moves data.
import { refuse } from '../../support/refusal.ts';
import type { Call, Import } from '../call.ts';
import type { Value } from '../value.ts';
import { regroup } from './regroup.ts';

/** Axes in another order: nothing moves. */
export const permuted = (x: Value, perm: readonly number[]): Value => ({
  ...x,
  dims: perm.map((axis) => x.dims[axis]!),
  order: x.order.map((axis) => perm.indexOf(axis)),
});

const sizes = (call: Call): { x: Value; block: number; dims: readonly [number, number, number, number] } => {
  const x = call.input(0);
  const block = call.int('blocksize', 1);
  if (x.dims.length !== 4) refuse('E091', `its input has ${x.dims.length} axes, not 4`);
  if (block < 1) refuse('E090', `its blocksize is ${block}`);
  return { x, block, dims: x.dims as [number, number, number, number] };
};

const depthToSpace: Import = (call) => {
  const { x, block, dims } = sizes(call);
  const [n, c, h, w] = dims;
  const depth = c / block / block;
  const isColumnsFirst = call.word('mode', ['DCR', 'CRD']) === 'CRD';
  const split = regroup(
    call,
    x,
    isColumnsFirst ? [n, depth, block, block, h, w] : [n, block, block, depth, h, w],
  );
  const swapped = permuted(split, isColumnsFirst ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2]);
  return regroup(call, swapped, [n, depth, h * block, w * block]);
};

const spaceToDepth: Import = (call) => {
  const { x, block, dims } = sizes(call);
  const [n, c, h, w] = dims;
  const split = regroup(call, x, [n, c, h / block, block, w / block, block]);
  return regroup(call, permuted(split, [0, 3, 5, 1, 2, 4]), [n, c * block * block, h / block, w / block]);
};

export const SHUFFLES: Readonly<Record<string, Import>> = {
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
};
