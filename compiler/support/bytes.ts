const UNITS = ['kB', 'MB', 'GB', 'TB'];

/** `24.6 kB`, `1.91 MB`: decimal, as disks and budgets count. */
export function formatBytes(count: number): string {
  if (count < 1000) return `${count} B`;
  const power = Math.min(UNITS.length, Math.floor(Math.log10(count) / 3));
  return `${(count / 1000 ** power).toFixed(power === 1 ? 1 : 2)} ${UNITS[power - 1]}`;
}
