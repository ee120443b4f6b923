import type { Contestant, Result } from './bench.ts';

const COLUMNS: Readonly<Record<string, (row: Contestant) => string>> = {
  kernel: ({ kernel }) => ms(kernel),
  longest: ({ longest }) => ms(longest),
  warm: ({ warm }) => ms(warm),
  first: ({ first }) => ms(first),
  host: ({ host }) => ms(host),
  'code KB': ({ code }) => kilobytes(code.raw),
  gzip: ({ code }) => kilobytes(code.gzip),
  dispatches: ({ calls }) => `${calls.dispatches}`,
  passes: ({ calls }) => `${calls.passes}`,
  submits: ({ calls }) => `${calls.submits}`,
  writes: ({ calls }) => `${calls.writes}`,
  creations: ({ calls }) => `${calls.creations}`,
  differs: ({ difference }) => difference.toExponential(0),
};

/** Milliseconds and calls per run, and how many times longer the better peer takes. */
export function table({ id, title, adapter, rows, failures }: Result): string {
  const width = Math.max(10, ...rows.map(({ name }) => name.length)) + 2;
  const line = (name: string, cells: readonly string[]) =>
    name.padEnd(width) + cells.map((cell) => cell.padStart(11)).join('');
  const [ours, ...peers] = rows;
  const times = (key: 'kernel' | 'warm' | 'first' | 'host') =>
    ours && peers.length > 0
      ? `${(Math.min(...peers.map((peer) => peer[key])) / ours[key]).toFixed(1)}×`
      : '';
  return [
    `${id}  ${title}; ${adapter}`,
    line('', Object.keys(COLUMNS)),
    ...rows.map((row) =>
      line(
        row.name,
        Object.values(COLUMNS).map((cell) => cell(row)),
      ),
    ),
    line('better peer', [times('kernel'), '', times('warm'), times('first'), times('host')]),
    ...failures.map(({ name, why }) => `${name} takes no part: ${why}`),
    '',
  ].join('\n');
}

const ms = (value: number): string => value.toPrecision(value < 1000 ? 3 : 4);
const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(1);
