/** Gives each wish for a name one that is free: `conv1`, `conv1_2`, … */
export class NameAllocator {
  /** For each name that is taken, the number to try next. */
  readonly #next = new Map<string, number>();

  constructor(reserved: Iterable<string> = []) {
    for (const name of reserved) this.#next.set(name, 2);
  }

  /** `wish` itself when free, otherwise with the lowest free number behind it. */
  take(wish: string): string {
    let name = wish;
    let number = this.#next.get(wish);
    if (number !== undefined) {
      while (this.#next.has(name)) name = `${wish}_${number++}`;
      this.#next.set(wish, number);
    }
    this.#next.set(name, 2);
    return name;
  }
}

/** `layer1.0.conv1` → `layer1_0_conv1`: letters, digits and `_` only, not beginning with a digit. */
export const toIdentifier = (name: string): string =>
  name.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^(?=[0-9]|$)/, '_');
