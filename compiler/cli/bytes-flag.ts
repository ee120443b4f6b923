import { InvalidArgumentError } from 'commander';

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

/** `8MB`, `200kb`, `1.5MiB` or a plain number of bytes as a command-line argument. */
export function parseBytes(text: string): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text) ?? [];
  const factor = UNITS[unit?.toLowerCase() ?? '?'];
  if (count === undefined || factor === undefined)
    throw new InvalidArgumentError('Give a size: 8MB, 200kB, or a number of bytes.');
  return Math.floor(Number(count) * factor);
}
