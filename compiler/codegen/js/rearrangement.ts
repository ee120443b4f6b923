// Operators that only move elements: loops over the result's axes around one assignment.
import type { OpNode } from '../../ir/graph.ts';
import { sourceOf } from '../../ir/source.ts';
import { axisNames } from '../../ops/rearranged.ts';
import { operand } from '../../scalar/expression.ts';
import { bare, printScalar, printTest } from '../../scalar/print.ts';
import { code, lines } from '../../support/code.ts';
import type { KernelContext } from './kernel.ts';
import { JS_SYNTAX } from './syntax.ts';

export function rearrangement(node: OpNode, { pitch, store }: KernelContext): string {
  const { shape } = node.type;
  const axes = axisNames(shape.length);
  const { index, conditions, otherwise } = sourceOf(node, axes.map(operand));
  let temporaries = 0;
  const fresh = () => `p${temporaries++}`;
  const name = (axis: string) => axis;
  const tests = conditions.map((test) => printTest(test, name, JS_SYNTAX, fresh));
  const element = printScalar(index, name, JS_SYNTAX, fresh);
  const statements = [...tests.flatMap((test) => test.statements), ...element.statements];
  const read = `x[${bare(element.value)}]`;
  const value =
    tests.length === 0 ? read : `${tests.map((test) => test.value).join(' && ')} ? ${read} : ${otherwise}`;
  const last = axes.at(-1)!;
  const outer = axes.slice(0, -1).map((axis, i) => `for (let ${axis} = 0; ${axis} < ${shape[i]}; ${axis}++)`);
  return code`
    return function run() {
      let to = 0;
      ${lines(outer.length > 0 ? outer : ['{'])}${outer.length > 0 ? ' {' : ''}
        for (let ${last} = 0; ${last} < ${shape.at(-1)!}; ${last}++) {
          ${lines(statements)}
          const value = ${value};
          ${store('value', { index: `to + ${last}`, channel: last })}
        }
        to += ${pitch};
      }
    };
  `;
}
