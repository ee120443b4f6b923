// Element-by-element operators that no kernel took as its epilogue: one loop over the result.
import type { OpNode } from '../../ir/graph.ts';
import { formulaOf } from '../../ir/semantics.ts';
import { broadcastStrides } from '../../ops/elementwise.ts';
import { operand } from '../../scalar/expression.ts';
import { printScalar } from '../../scalar/print.ts';
import { code, lines } from '../../support/code.ts';
import { sameShape, sizeOf } from '../../tensor/types.ts';
import { channelsOf } from '../../tensor/window.ts';
import { parametersOf, type KernelContext } from './kernel.ts';
import { JS_SYNTAX } from './syntax.ts';

export function elementwise(node: OpNode, { pitch, store }: KernelContext): string {
  const { shape } = node.type;
  const names = Object.entries(node.operands).map(([name]) => name);
  const parameters = parametersOf(node).filter(({ name }) => names.includes(name));
  const channels = channelsOf(shape);
  const element = ({ name, node: { type } }: (typeof parameters)[number]) => {
    if (sameShape(type.shape, shape)) return `${name}[at + c]`;
    if (sizeOf(type.shape) === 1) return `${name}[0]`;
    if (sizeOf(type.shape) === channelsOf(type.shape) && channelsOf(type.shape) === channels)
      return `${name}[c]`;
    return `${name}[${strided(broadcastStrides(type.shape, shape), shape)}]`;
  };
  const texts = new Map(parameters.map((parameter) => [parameter.name, element(parameter)]));
  let temporaries = 0;
  const scalars = Object.fromEntries(names.map((name) => [name, operand(name)]));
  const { statements, value } = printScalar(
    formulaOf(node.op, scalars, node.attrs),
    (name) => texts.get(name)!,
    JS_SYNTAX,
    () => `v${temporaries++}`,
  );
  return code`
    return function run() {
      for (let at = 0, to = 0; at < ${sizeOf(shape)}; at += ${channels}, to += ${pitch})
        for (let c = 0; c < ${channels}; c++) {
          ${lines(statements)}
          ${store(value, { index: 'to + c', channel: 'c' })}
        }
    };
  `;
}

/** Where a stretched operand's element lies, from the result's index `at + c`. */
function strided(strides: readonly number[], shape: readonly number[]): string {
  const terms: string[] = [];
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (strides[axis] !== 0) terms.push(`Math.floor((at + c) / ${step}) % ${shape[axis]} * ${strides[axis]}`);
    step *= shape[axis]!;
  }
  return terms.toReversed().join(' + ') || '0';
}
