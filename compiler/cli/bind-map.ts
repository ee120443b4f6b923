import { InputError } from './failure.ts';

/**
 * Reads `program.path = file.name`, one pair on a line; `#` begins a comment. `path` is how messages name
 * the file.
 */
export function parseBindMap(text: string, path: string): Readonly<Record<string, string>> {
  const map = new Map<string, string>();
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    const pair = line.replace(/(^|\s)#.*/, '').trim();
    if (pair === '') continue;
    const place = `${path}:${index + 1}`;
    const [weight = '', name = '', ...more] = pair.split('=').map((side) => side.trim());
    if (weight === '' || name === '' || more.length > 0)
      throw new InputError(`${place}: expected program.path = file.name, found ${pair.slice(0, 80)}`);
    if (map.has(weight)) throw new InputError(`${place}: ${weight.slice(0, 80)} was paired before`);
    map.set(weight, name);
  }
  return Object.fromEntries(map);
}
