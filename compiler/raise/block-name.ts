import type { Chain } from './phrase.ts';

/** A name for a block: `Fire` for fire2, fire3, …; else after what it is. */
export function blockName(
  body: Chain,
  prefixes: readonly string[] | undefined,
  taken: ReadonlySet<string>,
): string {
  const wish = (prefixes && ofPaths(prefixes)) ?? ofBody(body);
  if (!taken.has(wish)) return wish;
  let number = 2;
  while (taken.has(`${wish}${number}`)) number++;
  return `${wish}${number}`;
}

/** The word that all paths end with, but for numbers. */
function ofPaths(paths: readonly string[]): string | undefined {
  const words = paths.map((path) => {
    const part = path.split('.').findLast((each) => /[a-z]/i.test(each)) ?? '';
    return part.replace(/[\d_]+$/, '');
  });
  const [word = ''] = words;
  if (!/^[a-z][a-z]/i.test(word) || words.some((each) => each !== word)) return undefined;
  const name = word.replaceAll(/(?:^|_)([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());
  // A block's name has a small letter, which tells it from an operator's.
  return /^[A-Z]\w*[a-z]/.test(name) && name.length < 24 ? name : undefined;
}

function ofBody(body: Chain): string {
  const kinds = body.map((item) => (item.kind === 'phrase' ? item.phrase.word : item.kind));
  const branch = body.find((item) => item.kind === 'branch');
  const hasSkip = branch?.arms.some((arm) => arm[0]?.kind === 'value' && arm[0].name === 'SKIP') === true;
  if (branch && kinds.includes('MUL')) return 'Gate';
  if (branch && kinds.includes('ADD')) return hasSkip ? 'Residual' : 'Down';
  if (branch && kinds.includes('CONCAT')) return hasSkip ? 'Dense' : 'Mixed';
  if (kinds.join() === 'CONV,BN') return 'ConvBn';
  if (kinds.includes('DWCONV'))
    return kinds.filter((kind) => kind === 'CONV').length > 1 ? 'Inverted' : 'Separable';
  if (kinds.includes('RESHAPE')) return 'Head';
  return kinds.includes('UP') || kinds.includes('DECONV') ? 'Up' : 'Stack';
}
