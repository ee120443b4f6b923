import { addNew } from './add-new.ts';

/** Gives each wish for a name one that is free: `conv1`, `conv1_2`, … */
export class NameAllocator {
  readonly #taken: Set<string>;
  /** For each name that was wished for again, the number to try next. */
  readonly #next = new Map<string, number>();

  constructor(reserved: Iterable<string> = []) {
    this.#taken = new Set(reserved);
  }

  /** `wish` itself when free, otherwise with the lowest free number behind it. */
  take(wish: string): string {
    if (addNew(this.#taken, wish)) return wish;
    let number = this.#next.get(wish) ?? 2;
    let name = `${wish}_${number++}`;
    while (!addNew(this.#taken, name)) name = `${wish}_${number++}`;
    this.#next.set(wish, number);
    return name;
  }
}

/** Longer names help nobody. */
const LONGEST_PORT = 200;

/**
 * Whether an input or output may be called so: any text that shows on one line as it is written. It stands in code, in
 * messages and on command lines, where it is quoted; `__proto__` is no key of an object.
 */
export const isPortName = (name: string): boolean =>
  name.length <= LONGEST_PORT && name !== '__proto__' && /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u.test(name);

/** `layer1.0.conv1` → `layer1_0_conv1`: letters, digits and `_` only, not beginning with a digit. */
export const toIdentifier = (name: string): string =>
  name.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^(?=[0-9]|$)/, '_');

/**
 * Any name as a path: `/features/0/Conv` → `features.0.Conv`. Letters, digits, `.`, `_` and `-` remain,
 * so that it can stand anywhere; two names that become the same are told apart by whoever takes them.
 */
export function toPath(name: string): string {
  const path = name
    .slice(0, 1000)
    .replaceAll(/[/:]+/g, '.')
    .replaceAll(/[^\w.-]/g, '_')
    .replaceAll(/\.{2,}/g, '.')
    .replaceAll(/^\.|\.$/g, '')
    .slice(0, 200);
  // No path that an object has already.
  return path === '' || path === '__proto__' ? `value${path}` : path;
}
