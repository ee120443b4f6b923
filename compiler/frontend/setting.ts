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

/** What uses of one operator have in common: stored once, for 100,000 layers differ in few settings. */
export interface CommonSettings {
  readonly settings: ReadonlyMap<string, Setting>;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The settings of one use of an operator, by argument: what it has in common with others, and its own. */
export class Settings implements Iterable<readonly [string, Setting]> {
  readonly #common: CommonSettings;
  readonly #own = new Map<string, Setting>();

  constructor(common: CommonSettings) {
    this.#common = common;
  }

  get(name: string): Setting | undefined {
    return this.#own.get(name) ?? this.#common.settings.get(name);
  }

  set(name: string, setting: Setting): void {
    this.#own.set(name, setting);
  }

  *[Symbol.iterator](): Generator<readonly [string, Setting]> {
    const { settings } = this.#common;
    for (const [name, setting] of settings) yield [name, this.#own.get(name) ?? setting];
    for (const entry of this.#own) if (!settings.has(entry[0])) yield entry;
  }

  /** Values by argument. */
  values(): Record<string, unknown> {
    const values = { ...this.#common.values };
    for (const [name, { value }] of this.#own) values[name] = value;
    return values;
  }
}
