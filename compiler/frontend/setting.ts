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

const NONE: readonly [] = [];

/** The settings of one use of an operator, by argument: what it has in common with others, and its own. */
export class Settings implements Iterable<readonly [string, Setting]> {
  readonly #common: CommonSettings;
  /** So few that a list takes less room than a map, and is as fast; copied when it grows, so that it has no spare room. */
  #own: readonly { readonly name: string; setting: Setting }[] = NONE;

  constructor(common: CommonSettings) {
    this.#common = common;
  }

  get(name: string): Setting | undefined {
    return this.#ownOf(name)?.setting ?? this.#common.settings.get(name);
  }

  set(name: string, setting: Setting): void {
    const own = this.#ownOf(name);
    if (own) own.setting = setting;
    else this.#own = [...this.#own, { name, setting }];
  }

  *[Symbol.iterator](): Generator<readonly [string, Setting]> {
    const { settings } = this.#common;
    for (const [name, setting] of settings) yield [name, this.#ownOf(name)?.setting ?? setting];
    for (const { name, setting } of this.#own) if (!settings.has(name)) yield [name, setting];
  }

  /** Values by argument. */
  values(): Record<string, unknown> {
    const values = { ...this.#common.values };
    for (const { name, setting } of this.#own) values[name] = setting.value;
    return values;
  }

  #ownOf(name: string) {
    return this.#own.find((own) => own.name === name);
  }
}
