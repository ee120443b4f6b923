// ReLU of a sum of products is a coin toss for the processor's branch prediction, and each wrong guess costs ten sums.
// Adding the absolute value needs no branch. An infinity would become ∞ − ∞, so it is made finite first, by a comparison
// that always comes out the same; to choose 0 by it instead cost depthwise convolution 15 %.
//
// It stands in the kernel, not in a function that the kernel calls: V8 inlines a call where it counted enough of them, and
// behind a loop that was replaced on the stack it counts none. Then all sums of the tile lay in memory during the loop,
// because of the call, and layers took up to 2.5 times as long in every second process (V8 13.6, November 2026).
import { abs, add, lit, max, mul, type Scalar } from '../../scalar/expression.ts';
import { rewriteScalar } from '../../scalar/rewrite.ts';

/** What is below it becomes 0. No sum of products of float32 comes near, unless it is infinite. */
const LEAST = -1e300;

/** The expression with half of `x + abs(x)` for `max(x, 0)`. */
export const reluWithoutBranch = (e: Scalar): Scalar =>
  rewriteScalar(e, (part) => {
    const isRelu =
      part.kind === 'binary' && part.fn === 'max' && part.y.kind === 'literal' && part.y.value === 0;
    return isRelu ? half(max(part.x, lit(LEAST))) : part;
  });

const half = (finite: Scalar): Scalar => mul(lit(0.5), add(finite, abs(finite)));
