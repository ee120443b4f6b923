import type { Span } from '../../grammar/source.ts';

export type SettingOrigin = 'given' | 'file' | 'default' | 'rule';

/** One argument of one use of an operator. */
export interface Setting {
  /** As it would be written. */
  readonly text: string;
  readonly value: unknown;
  readonly from: SettingOrigin;
  /** Why a rule decided so. */
  readonly reason?: string;
  readonly span?: Span;
}

/**
 * The settings of one use of an operator, by argument. What a use has in common with others of its file is
 * stored once: 100,000 layers differ in few settings.
 */
export class Settings implements Iterable<readonly [string, Setting]> {
  readonly #common: ReadonlyMap<string, Setting>;
  readonly #own = new Map<string, Setting>();

  constructor(common: ReadonlyMap<string, Setting>) {
    this.#common = common;
  }

  get(name: string): Setting | undefined {
    return this.#own.get(name) ?? this.#common.get(name);
  }

  set(name: string, setting: Setting): void {
    this.#own.set(name, setting);
  }

  *[Symbol.iterator](): Generator<readonly [string, Setting]> {
    for (const [name, setting] of this.#common) yield [name, this.#own.get(name) ?? setting];
    for (const entry of this.#own) if (!this.#common.has(entry[0])) yield entry;
  }

  /** Values by argument. */
  values(): Record<string, unknown> {
    const values: Record<string, unknown> = {};
    for (const [name, { value }] of this.#common) values[name] = value;
    for (const [name, { value }] of this.#own) values[name] = value;
    return values;
  }
}
