const SHOWN = 5;

export interface RankedClass {
  readonly name: string;
  /** Of one. */
  readonly share: number;
}

/** The best classes, the best one first. */
export const ranked = (scores: readonly number[], labels?: readonly string[]): readonly RankedClass[] =>
  probabilities(scores)
    .map((share, index) => ({ share, name: labels?.[index] ?? String(index) }))
    .toSorted((a, b) => b.share - a.share)
    .slice(0, SHOWN);

/** Classes as a list of bars. */
export const showRanking = (list: HTMLElement, classes: readonly RankedClass[]): void =>
  list.replaceChildren(...classes.map(row));

export const percentOf = ({ share }: RankedClass): string => `${(100 * share).toFixed(1)} %`;

function row(best: RankedClass): HTMLElement {
  const item = document.createElement('li');
  const label = document.createElement('span');
  label.dir = 'auto';
  label.textContent = best.name;
  const percent = document.createElement('b');
  percent.textContent = percentOf(best);
  const bar = document.createElement('i');
  bar.style.setProperty('--share', String(best.share));
  item.append(label, percent, bar);
  return item;
}

/** Scores as shares of one: as they are where they are that already, otherwise by softmax. */
function probabilities(scores: readonly number[]): readonly number[] {
  const total = scores.reduce((a, b) => a + b, 0);
  if (scores.every((score) => score >= 0) && Math.abs(total - 1) < 1e-3) return scores;
  const largest = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = scores.map((score) => Math.exp(score - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}
