// Element-by-element operators that no kernel took as its epilogue: a thread per four channels of a pixel.
import type { Node, OpNode } from '../../ir/graph.ts';
import { formulaOf } from '../../ir/semantics.ts';
import { broadcastStrides } from '../../ops/elementwise.ts';
import { operand, type Scalar } from '../../scalar/expression.ts';
import { printScalar } from '../../scalar/print.ts';
import { code, lines } from '../../support/code.ts';
import { sameShape, sizeOf, type Shape } from '../../tensor/types.ts';
import { channelsOf } from '../../tensor/window.ts';
import type { Dispatch } from './dispatch.ts';
import { isZeroAtZero } from './epilogue.ts';
import { threadsFor, type KernelContext } from './kernel.ts';
import { pixelsOf, vectors } from './layout.ts';
import { WGSL_SYNTAX } from './syntax.ts';

export function elementwise(node: OpNode, context: KernelContext): readonly Dispatch[] {
  const { shape } = node.type;
  const operands = operandsOf(node);
  let temporaries = 0;
  const { statements, value } = printScalar(
    scalarOf(node),
    (name) => element(name, operands.get(name)!.type.shape, shape),
    WGSL_SYNTAX,
    () => `v${temporaries++}`,
  );
  return [
    context.dispatch({
      title: node.op,
      reads: [...operands].map(([name, each]) => context.read(name, each)),
      sizes: {},
      threads: threadsFor(channelsOf(shape), pixelsOf(shape)),
      body: code`
        let vector = thread.x;
        let pixel = thread.y;
        let at = pixel * shape.threads.x + vector;
        ${lines(statements)}
        ${context.store(value, { index: 'at', vector: 'vector' })}
      `,
    }),
  ];
}

/** What the operator leaves in the channels that only fill up a vector. */
export function paddingOf(node: OpNode): 'zero' | 'any' {
  const operands = operandsOf(node);
  const isSingle = (name: string) => {
    const from = operands.get(name)!.type.shape;
    return channelsOf(from) === 1 && !sameShape(from, node.type.shape);
  };
  return isZeroAtZero(scalarOf(node), isSingle) ? 'zero' : 'any';
}

const scalarOf = (node: OpNode): Scalar =>
  formulaOf(
    node.op,
    Object.fromEntries(Object.keys(node.operands).map((name) => [name, operand(name)])),
    node.attrs,
  );

/** Scalar operators have one tensor per operand. */
const operandsOf = (node: OpNode): ReadonlyMap<string, Node> =>
  new Map(Object.entries(node.operands as Readonly<Record<string, Node>>));

/** Four channels of an operand, at the result's `pixel` and `vector`. */
function element(name: string, from: Shape, to: Shape): string {
  if (sameShape(from, to)) return `${name}[at]`;
  if (sizeOf(from) === 1) return `vec4f(${name}[0].x)`;
  const pixel = pixelOf(from, to);
  if (channelsOf(from) === 1 && channelsOf(to) !== 1) return `vec4f(${name}[${pixel}].x)`;
  return pixel === '0' ? `${name}[vector]` : `${name}[(${pixel}) * ${vectors(channelsOf(from))} + vector]`;
}

/** The pixel of a stretched operand, from the result's. */
function pixelOf(from: Shape, to: Shape): string {
  const pixels = to.slice(0, -1);
  const strides = broadcastStrides(from.slice(0, -1), pixels);
  const terms: string[] = [];
  let step = 1;
  for (let axis = pixels.length - 1; axis >= 0; axis--) {
    if (strides[axis] !== 0) terms.push(`pixel / ${step} % ${pixels[axis]} * ${strides[axis]}`);
    step *= pixels[axis]!;
  }
  return terms.toReversed().join(' + ') || '0';
}
