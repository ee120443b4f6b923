// The plan → one JavaScript function, `weights → engine`: one kernel function per layer, specialised to
// its shapes and epilogue, all over one arena.
import { isConstant, type Node, type OpNode } from '../../ir/graph.ts';
import type { Plan } from '../../plan/plan.ts';
import { code, lines } from '../../support/code.ts';
import { NameAllocator, toIdentifier } from '../../support/names.ts';
import { showItem } from '../../tensor/types.ts';
import { annotation } from './annotation.ts';
import { emitKernel } from './emit-kernel.ts';
import { JS_DEFAULTS, parametersOf, type JsOptions } from './kernel.ts';
import type { Part } from './items.ts';
import { methodOf } from './kernels/conv/index.ts';
import { range } from '../../support/numbers.ts';
import { ROUND } from './syntax.ts';
import { VIEWS } from './views.ts';

/** Text of an expression whose value is a `TargetFactory` (runtime/program.ts). */
export function generateJs(plan: Plan, chosen: Partial<JsOptions> = {}): string {
  const options = { ...JS_DEFAULTS, ...chosen };
  const names = new NameAllocator(RESERVED);
  let scratchLength = 0;
  const steps = plan.steps.map((step) => {
    const { items, body, scratch } = emitKernel(step, plan, options);
    scratchLength = Math.max(scratchLength, scratch);
    const { node } = items;
    return { step, items, node, name: names.take(toIdentifier(node.name)), body };
  });
  const { graph } = plan;
  const place = (node: Node, part?: Part): string => {
    if (isConstant(node)) {
      const whole = `weights.get(${JSON.stringify(node.name)})`;
      return part ? `${whole}.subarray(${part.offset}, ${part.offset + part.length})` : whole;
    }
    const slot = plan.slotOf(node);
    return `at(${slot.offset + (part?.offset ?? 0)}, ${part?.length ?? slot.length})`;
  };
  const calls = ({ step, items, name }: (typeof steps)[number]) =>
    range(items.count).map((item) => {
      const given = items.reads(item).map(({ node, part }) => place(node, part));
      const result = place(step, items.writes(item, plan.slotOf(step).pitch));
      return `${name}(${[...given, result].join(', ')}),`;
    });

  return code`
    function (weights) {
      // Every value of the network has its place in one arena; places are used again when values are dead.
      const arena = new Float32Array(${plan.arenaLength});
      const at = (offset, length) => arena.subarray(offset, offset + length);
      ${scratchLength > 0 ? `const scratch = new Float64Array(${scratchLength});` : ''}
      ${steps.some(({ body }) => body.includes('roundToEven(')) ? ROUND : ''}
      ${steps.some(({ body }) => body.includes('views(')) ? VIEWS : ''}

      ${lines(steps.map(({ node, name, body }) => `${kernelFunction(node, { name, body, options })}\n`))}
      const steps = [
        ${lines(steps.flatMap(calls))}
      ];
      ${options.profile ? `const layers = ${JSON.stringify(steps.flatMap(({ step, items }) => range(items.count).map(() => step.name)))};` : ''}
      const inputs = [${graph.inputs.map(({ node }) => place(node)).join(', ')}];
      const outputs = [${graph.outputs.map(({ node }) => place(node)).join(', ')}];
      return {
        run(given, results) {
          inputs.forEach((input, i) => input.set(given[i]));
          ${options.profile ? RUN_MEASURED : 'for (const step of steps) step();'}
          outputs.forEach((output, i) => results[i].set(output));
        },
        dispose() {},
      };
    }
  `;
}

const RUN_MEASURED = code`
  steps.forEach((step, i) => {
    const start = performance.now();
    step();
    performance.measure(layers[i], { start, end: performance.now() });
  });
`;

function kernelFunction(
  node: OpNode,
  { name, body, options }: { name: string; body: string; options: JsOptions },
): string {
  const parameters = [...parametersOf(node).map((parameter) => parameter.name), 'y'];
  const inputs = Object.values<Node | readonly Node[] | undefined>(node.operands)
    .flat()
    .filter((each) => each && !isConstant(each));
  const shapes = inputs.map((input) => showItem(input!.type)).join(', ');
  const method = methodOf(node, options.winograd);
  const what = [
    `${node.op}${method === undefined ? '' : ` (${method})`}`,
    ...node.epilogue.map((step) => step.op),
  ].join(', ');
  return code`
    // ${toIdentifier(name)}: ${what}, ${shapes} → ${showItem(node.type)}
    ${lines(options.annotate ? annotation(node) : [])}
    function ${name}(${parameters.join(', ')}) {
      ${body}
    }
  `;
}

/** Names in scope of the generated function, those that all of JavaScript has, and words that it keeps. */
const RESERVED = `
  weights arena at scratch roundToEven views steps layers inputs outputs
  arguments eval performance
  Infinity NaN undefined globalThis isFinite isNaN parseFloat parseInt
  AggregateError Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date Error EvalError
  FinalizationRegistry Float16Array Float32Array Float64Array Function Int16Array Int32Array Int8Array Intl Iterator
  JSON Map Math Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String
  Symbol SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet
  await break case catch class const continue debugger default delete do else enum export extends false
  finally for function if implements import in instanceof interface let new null package private protected
  public return static super switch this throw true try typeof var void while with yield
`.split(/\s+/);
