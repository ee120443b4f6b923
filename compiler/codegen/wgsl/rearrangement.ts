// Operators that only move elements: a thread per four channels of a pixel of the result.
import type { OpNode } from '../../ir/graph.ts';
import { operandOf, sourceOf } from '../../ir/source.ts';
import { axisNames, stridesOf } from '../../ops/rearranged.ts';
import { operand } from '../../scalar/expression.ts';
import { bare, printScalar, printTest, type ScalarSyntax } from '../../scalar/print.ts';
import { invariant } from '../../support/assert.ts';
import { code, lines } from '../../support/code.ts';
import { channelsOf } from '../../tensor/window.ts';
import type { Dispatch } from './dispatch.ts';
import { threadsFor, type KernelContext } from './kernel.ts';
import { pixelsOf, vectors } from './layout.ts';
import { number } from './syntax.ts';

export function rearrangement(node: OpNode, context: KernelContext): readonly Dispatch[] {
  const { shape } = node.type;
  const x = operandOf(node);
  const sizes: Record<string, number> = { channels: channelsOf(shape) };
  // Layers that differ in sizes alone share a pipeline, so numbers are in the uniform.
  const named = (value: number): string => {
    const name = `n${Object.keys(sizes).length - 1}`;
    sizes[name] = value;
    return `shape.${name}`;
  };
  const syntax = indexSyntax(named);
  let temporaries = 0;
  const fresh = () => `p${temporaries++}`;
  const axes = axisNames(shape.length);
  const last = axes.at(-1)!;
  const { index, conditions, otherwise } = sourceOf(node, axes.map(operand), paddedStrides(x.type.shape));
  const place = (axis: string): string => axis;
  const tests = conditions.map((test) => printTest(test, place, syntax, fresh));
  const element = printScalar(index, place, syntax, fresh);
  return [
    context.dispatch({
      title: node.op,
      reads: [context.read('x', x, 'f32')],
      sizes,
      threads: threadsFor(channelsOf(shape), pixelsOf(shape)),
      body: code`
        ${lines(pixelAxes(axes.slice(0, -1), shape, named))}
        var values = vec4f();
        for (var lane = 0; lane < 4; lane++) {
          let ${last} = 4 * thread.x + lane;
          if (${last} >= shape.channels) { break; }
          ${lines(tests.flatMap(({ statements }) => statements))}
          ${tests.length > 0 ? `if (!(${tests.map(({ value }) => value).join(' && ')})) { values[lane] = ${number(otherwise)}; continue; }` : ''}
          ${lines([...element.statements])}
          values[lane] = x[${bare(element.value)}];
        }
        ${context.store('values', { index: 'thread.y * shape.threads.x + thread.x', vector: 'thread.x' })}
      `,
    }),
  ];
}

/** The axes before the channels, from the number of the pixel. */
function pixelAxes(
  axes: readonly string[],
  shape: readonly number[],
  named: (value: number) => string,
): string[] {
  const strides = stridesOf(shape.slice(0, -1));
  return axes.map((axis, i) => {
    const whole = strides[i] === 1 ? 'thread.y' : `thread.y / ${named(strides[i]!)}`;
    return `let ${axis} = ${i === 0 ? whole : `${whole} % ${named(shape[i]!)}`};`;
  });
}

/** As `stridesOf`, with each pixel's channels filled up to whole vectors. */
const paddedStrides = (shape: readonly number[]): number[] =>
  stridesOf([...shape.slice(0, -1), 4 * vectors(channelsOf(shape))]);

/** Whole numbers: a quotient has no fraction to cut off. */
const indexSyntax = (literal: (value: number) => string): ScalarSyntax => ({
  literal: (value) => (value === 0 || value === 1 ? String(value) : literal(value)),
  unary: (fn, x) => {
    if (fn === 'floor') return x;
    if (fn === 'neg') return `(-${x})`;
    invariant(fn === 'abs', `${fn} of a position`);
    return `abs(${bare(x)})`;
  },
  binary: (fn, x, y) => {
    const sign = { add: '+', sub: '-', mul: '*', div: '/', rem: '%' }[fn as 'add'];
    return sign === undefined ? `${fn}(${bare(x)}, ${bare(y)})` : `(${x} ${sign} ${y})`;
  },
  test: (fn, x, y) => `${x} ${{ lt: '<', le: '<=', eq: '==' }[fn]} ${y}`,
  select: (test, yes, no) => `select(${bare(no)}, ${bare(yes)}, ${test})`,
  bind: (name, value) => `let ${name} = ${bare(value)};`,
});
