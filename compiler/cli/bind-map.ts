import type { WeightsOptions } from '../index.ts';
import { InputError } from './failure.ts';

/**
 * Reads `program.path = file.name`, one pair on a line; `#` begins a comment. `path` is how messages name
 * the file; what is wrong with it is said all at once.
 */
export function parseBindMap(
  text: string,
  path: string,
): Required<Pick<WeightsOptions, 'bind' | 'bindPlaces'>> {
  const map = new Map<string, string>();
  const places = new Map<string, string>();
  const mistakes: string[] = [];
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    const pair = line.replace(/(^|\s)#.*/, '').trim();
    if (pair === '') continue;
    const place = `${path}:${index + 1}`;
    const [weight = '', name = '', ...more] = pair.split('=').map((side) => side.trim());
    const before = places.get(weight);
    if (weight === '' || name === '' || more.length > 0)
      mistakes.push(`${place}: expected program.path = file.name, found ${pair.slice(0, 80)}`);
    else if (before !== undefined)
      mistakes.push(`${place}: ${weight.slice(0, 80)} was paired before, at ${before}`);
    else {
      map.set(weight, name);
      places.set(weight, place);
    }
  }
  if (mistakes.length > 0) throw new InputError(mistakes.join('\n'));
  return { bind: Object.fromEntries(map), bindPlaces: places };
}
