const SHOWN = 5;

/** The best classes as a list of bars. */
export function showRanking(list: HTMLElement, scores: readonly number[], labels?: readonly string[]): void {
  const best = probabilities(scores)
    .map((share, index) => ({ share, name: labels?.[index] ?? String(index) }))
    .toSorted((a, b) => b.share - a.share)
    .slice(0, SHOWN);
  list.replaceChildren(...best.map(row));
}

function row({ share, name }: { share: number; name: string }): HTMLElement {
  const item = document.createElement('li');
  const label = document.createElement('span');
  label.textContent = name;
  const percent = document.createElement('b');
  percent.textContent = `${(100 * share).toFixed(1)} %`;
  const bar = document.createElement('i');
  bar.style.setProperty('--share', String(share));
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
