import { sizeOf } from '../../tensor/types.ts';
import type { Call } from '../call.ts';
import { plainOrder, type Value } from '../value.ts';
import { regroup } from './regroup.ts';

/** A vector, one number for each element of an axis, so that it stretches over values of `rank` axes. */
export const alongAxis = (call: Call, vector: Value, axis: number, rank: number): Value =>
  regroup(call, vector, [sizeOf(vector.dims), ...plainOrder(rank - axis - 1).map(() => 1)]);
