// Loops over what is kept around loops over what is reduced. Where channels are kept, all channels of a pixel
// are reduced together, so that memory is read in its order.
import { axisGroups, REDUCTIONS, type AxisGroup } from '../../../ops/reduce.ts';
import { operand, type Scalar } from '../../../scalar/expression.ts';
import { bare, printScalar } from '../../../scalar/print.ts';
import { code, lines } from '../../../support/code.ts';
import { sizeOf } from '../../../tensor/types.ts';
import { channelsOf } from '../../../tensor/window.ts';
import type { Kernel } from '../kernel.ts';
import { JS_SYNTAX, number } from '../syntax.ts';

export const reduce: Kernel<'reduce'> = (node, { pitch, store, scratch }) => {
  const { shape } = node.operands.x.type;
  const { mode, axes } = node.attrs;
  const { start, of, meet, finish } = REDUCTIONS[mode];
  const keepsChannels = !axes.includes(shape.length - 1);
  const channels = keepsChannels ? channelsOf(shape) : 1;
  // Channels that are kept have a loop of their own.
  const groups = axisGroups(keepsChannels ? shape.slice(0, -1) : shape, axes);
  const [kept, reduced] = [loops('p', groups.kept, channels), loops('k', groups.reduced, channels)];
  const at = [...kept.terms, ...reduced.terms].join(' + ') || '0';
  const print = (e: Scalar, names: Readonly<Record<string, string>>) =>
    bare(
      printScalar(
        e,
        (name) => names[name]!,
        JS_SYNTAX,
        () => 'value',
      ).value,
    );
  const next = (so: string) => print(meet(operand('so'), of(operand('value'))), { so, value: 'value' });
  const count = number(sizeOf(shape) / sizeOf(node.type.shape));
  const result = (so: string) => print(finish(operand('so'), operand('count')), { so, count });

  if (!keepsChannels)
    return code`
      return function run() {
        let to = 0;
        ${lines(kept.heads)} {
          let result = ${bare(number(start))};
          ${lines(reduced.heads)} {
            const value = x[${at}];
            result = ${next('result')};
          }
          ${store(result('result'), { index: 'to', channel: '0' })}
          to += ${pitch};
        }
      };
    `;
  const results = scratch(channels);
  return code`
    const CHANNELS = ${channels}, results = ${results};
    return function run() {
      let to = 0;
      ${lines(kept.heads)} {
        results.fill(${bare(number(start))}, 0, CHANNELS);
        ${lines(reduced.heads)} {
          const at = ${at};
          for (let c = 0; c < CHANNELS; c++) {
            const value = x[at + c];
            results[c] = ${next('results[c]')};
          }
        }
        for (let c = 0; c < CHANNELS; c++) {
          const result = ${result('results[c]')};
          ${store('result', { index: 'to + c', channel: 'c' })}
        }
        to += ${pitch};
      }
    };
  `;
};

/** Heads of loops around one block, and what their counters add to an index. */
function loops(name: string, groups: readonly AxisGroup[], unit: number) {
  const heads = groups.map(
    ({ size }, i) => `for (let ${name}${i} = 0; ${name}${i} < ${size}; ${name}${i}++)`,
  );
  const terms = groups.map(({ stride }, i) => `${name}${i} * ${stride * unit}`);
  return { heads, terms };
}
