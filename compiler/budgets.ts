// Builds that are too large fail, with a table of what is largest.
import type { Scratch } from './codegen/js/scratch.ts';
import type { Budgets } from './options.ts';
import type { Plan } from './plan/plan.ts';
import { formatBytes } from './support/bytes.ts';
import type { Complaint } from './support/refusal.ts';

/** How many rows a table has. */
const ROWS = 8;

/** What one input size needs; sizes do not run at once. */
export interface Need {
  readonly plan: Plan;
  /** Of the JavaScript target, where that is generated. */
  readonly scratch: Scratch | undefined;
}

interface Built {
  readonly needs: readonly Need[];
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** One complaint for each budget that is exceeded. */
export function overBudget({ needs, files }: Built, { budgetMemory, budgetSize }: Budgets): Complaint[] {
  const { plan, scratch } = needs.reduce((a, b) => (bytesOf(b) > bytesOf(a) ? b : a));
  const memory = bytesOf({ plan, scratch });
  const size = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  const alive = [
    ...plan.largest.map(({ values, length }) => [values.at(-1)!.name, 4 * length] as const),
    ...(scratch?.by ? [[`scratch of ${scratch.by.name}`, scratch.bytes] as const] : []),
  ].toSorted((a, b) => b[1] - a[1]);
  const written = [...files].map(([name, { length }]) => [name, length] as const);
  const weights = plan.weights.map(({ name, data }) => [`  ${name}`, data?.byteLength ?? 0] as const);
  return [
    ...(budgetMemory !== undefined && memory > budgetMemory
      ? [complaint('the network needs', memory, budgetMemory, alive)]
      : []),
    ...(budgetSize !== undefined && size > budgetSize
      ? [complaint('the bundle has', size, budgetSize, [...largest(written), ...largest(weights)])]
      : []),
  ];
}

const bytesOf = ({ plan, scratch }: Need): number => 4 * plan.arenaLength + (scratch?.bytes ?? 0);

type Row = readonly [name: string, bytes: number];

const largest = (rows: readonly Row[]): Row[] => rows.toSorted((a, b) => b[1] - a[1]).slice(0, ROWS);

function complaint(what: string, bytes: number, budget: number, rows: readonly Row[]): Complaint {
  const shown = rows.slice(0, 2 * ROWS);
  const width = Math.max(...shown.map(([name]) => name.length));
  const table = shown.map(([name, size]) => `  ${name.padEnd(width)}  ${formatBytes(size).padStart(9)}`);
  return {
    code: 'E080',
    message: `${what} ${formatBytes(bytes)}, the budget is ${formatBytes(budget)}`,
    help: `the largest:\n${table.join('\n')}`,
  };
}
