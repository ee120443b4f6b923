// Reductions, on vectors of channels: a thread per vector of the result, or where these are few and much is
// to be reduced, a workgroup, whose threads take every 64th vector and meet in workgroup memory. Where channels
// are reduced themselves, the four lanes meet in the end.
import { axisGroups, REDUCTIONS, type AxisGroup } from '../../../ops/reduce.ts';
import { operand, type Scalar } from '../../../scalar/expression.ts';
import { bare, printScalar } from '../../../scalar/print.ts';
import { code } from '../../../support/code.ts';
import { sizeOf } from '../../../tensor/types.ts';
import { channelsOf } from '../../../tensor/window.ts';
import { threadsFor, type Kernel } from '../kernel.ts';
import { pixelsOf, vectors } from '../layout.ts';
import { WGSL_SYNTAX } from '../syntax.ts';

const THREADS = 64;
/** Fewer threads than these leave a GPU idle. */
const FEW_THREADS = 1024;

export const reduce: Kernel<'reduce'> = (node, context) => {
  const { mode, axes } = node.attrs;
  const { shape } = node.operands.x.type;
  const { start, of, meet, finish } = REDUCTIONS[mode];
  const channels = channelsOf(shape);
  const outer = shape.slice(0, -1);
  const { reduced } = axisGroups([...outer, vectors(channels)], axes);
  const steps = reduced.reduce((product, { size }) => product * size, 1);
  const threads = threadsFor(channelsOf(node.type.shape), pixelsOf(node.type.shape));
  const isShared = threads[0] * threads[1] < FEW_THREADS && steps > THREADS;
  const [thread, first, stride] = isShared ? ['group', 'local.x', 'THREADS'] : ['thread', '0', '1'];

  const sizes: Record<string, number> = {
    vectors: vectors(channels),
    channels,
    steps,
    count: sizeOf(shape) / sizeOf(node.type.shape),
  };
  const named = (value: number): string => {
    const name = `n${Object.keys(sizes).length - 4}`;
    sizes[name] = value;
    return `shape.${name}`;
  };
  const print = (e: Scalar, names: Readonly<Record<string, string>>) =>
    bare(
      printScalar(
        e,
        (name) => names[name]!,
        WGSL_SYNTAX,
        () => 'shared',
      ).value,
    );
  const together = (a: string, b: string) => print(meet(operand('a'), operand('b')), { a, b });
  const reducesChannels = axes.includes(shape.length - 1);
  // A maximum begins with an element that takes part, for WGSL has no infinities.
  const one = reducesChannels ? 'vec4f(x[base].x)' : 'x[base]';
  const begin = Number.isFinite(start) ? WGSL_SYNTAX.literal(start) : one;
  const hasGaps = reducesChannels && channels % 4 !== 0;
  const from = `(${position(`${thread}.y`, axisGroups(outer, axes).kept, named)}) * shape.vectors`;
  return [
    context.dispatch({
      title: `reduce: ${mode}`,
      reads: [context.read('x', node.operands.x)],
      sizes,
      threads,
      ...(isShared && {
        workgroup: [THREADS, 1] as const,
        together: true,
        constants: { THREADS },
      }),
      declarations: isShared ? 'var<workgroup> partial: array<vec4f, THREADS>;' : '',
      body: code`
        let base = ${reducesChannels ? from : `${from} + ${thread}.x`};
        let begin = ${begin};
        var result = begin;
        for (var k = ${first}; k < shape.steps; k += ${stride}) {
          let element = x[base + ${position('k', reduced, named)}];
          let value = ${print(of(operand('x')), { x: 'element' })};
          ${hasGaps ? IN_CHANNELS : ''}
          result = ${together('result', hasGaps ? 'counted' : 'value')};
        }
        ${isShared ? meeting(together('result', 'partial[i]')) : ''}
        ${reducesChannels ? `result = vec4f(${together(together('result.x', 'result.y'), together('result.z', 'result.w'))}, 0.0, 0.0, 0.0);` : ''}
        ${context.store(print(finish(operand('result'), operand('count')), { result: 'result', count: 'vec4f(f32(shape.count))' }), { index: `${thread}.y * shape.threads.x + ${thread}.x`, vector: `${thread}.x` })}
      `,
    }),
  ];
};

const IN_CHANNELS =
  'let counted = select(begin, value, 4 * (k % shape.vectors) + vec4i(0, 1, 2, 3) < vec4i(shape.channels));';

const meeting = (together: string): string => code`
  partial[local.x] = result;
  workgroupBarrier();
  if (local.x > 0) { return; }
  for (var i = 1; i < THREADS; i++) { result = ${together}; }
`;

/** Where element `i` of groups of axes lies. */
function position(i: string, groups: readonly AxisGroup[], named: (value: number) => string): string {
  const terms: string[] = [];
  let inner = 1;
  for (const [at, { size, stride }] of [...groups.entries()].toReversed()) {
    const quotient = inner === 1 ? i : `${i} / ${named(inner)}`;
    const digit = at === 0 ? quotient : `${quotient} % ${named(size)}`;
    terms.push(stride === 1 ? digit : `${digit} * ${named(stride)}`);
    inner *= size;
  }
  return terms.toReversed().join(' + ') || '0';
}
