/** The candidate most like `word`, if one is so like it that it was probably meant. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const [best] = candidates
    .map((candidate) => [candidate, distance(word.slice(0, 40), candidate)] as const)
    .filter(([candidate, steps]) => steps <= candidate.length / 3)
    .toSorted(([, a], [, b]) => a - b);
  return best?.[0];
}

/** Letters to insert, leave out or replace until both are one (Levenshtein), large or small. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const [i, letter] of [...a.toLowerCase()].entries()) {
    const above = row;
    row = [i + 1];
    for (const [j, other] of [...b.toLowerCase()].entries())
      row.push(Math.min(row[j]! + 1, above[j + 1]! + 1, above[j]! + (letter === other ? 0 : 1)));
  }
  return row.at(-1)!;
}
