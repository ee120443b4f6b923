// What is said of each mistake in the text of a program, in the order of the codes.
import type { Diagnostic } from './diagnostic.ts';
import { spanText, type Span } from './source.ts';
import { error, longest, quoted } from './syntax-error.ts';

export * from './spelling-errors.ts';

const plural = (count: number, noun: string): string => `${count.toLocaleString('en')} ${noun}s`;

// E004
/** How large it is nobody may know: reading stops when it is too much. */
export const fileTooLarge = (span: Span, megabytes: number): Diagnostic =>
  error('E004', span, `the file has more than ${megabytes} MB, and no program is as large`, {
    help: 'a program is plain text; weights go in files of their own (--weights)',
  });

export const notText = (span: Span): Diagnostic =>
  error('E004', span, 'this is not a text file: it has control characters', {
    help: 'a program is plain text in UTF-8',
  });

export const tooManyMistakes = (span: Span, limit: number): Diagnostic =>
  error('E004', span, `more than ${plural(limit, 'mistake')}; the rest of the file is not shown`);

// E005
export const nestedTooDeep = (span: Span, limit: number): Diagnostic =>
  error('E005', span, `brackets nest more than ${limit} deep; the rest of the file is not read`);

export const expressionTooLong = (span: Span, limit: number): Diagnostic =>
  error('E005', span, `an expression has at most ${limit} operators`);

// E006
export const spacedDims = (span: Span): Diagnostic => {
  const compact = spanText(span)
    .replaceAll(/[^\dx×?]/g, '')
    .replaceAll('×', 'x');
  const product = /[×]/.test(spanText(span)) ? `; a product is written ${compact.replaceAll('x', '*')}` : '';
  const help = compact.length <= longest ? { help: `write ${compact}${product}` } : {};
  return error('E006', span, `dimensions are written without blanks`, help);
};

export const wrongDims = (span: Span): Diagnostic => {
  const sizes = spanText(span)
    .split(/[x×]/)
    .map((size) => (/\d/.test(size) ? String(Number(size)) : size));
  const isWhole = sizes.every((size) => /^(\d+|\?)$/.test(size));
  const plain = sizes.join('x');
  const help = isWhole && plain.length <= longest ? { help: `write ${plain}` } : {};
  return error('E006', span, 'dimensions are whole numbers in plain digits, such as 224x224x3', help);
};

export const sizesWithUnits = (span: Span, sizes: string): Diagnostic =>
  error('E006', span, 'dimensions are whole numbers without units and blanks', {
    help: sizes.length <= longest ? `write ${sizes}` : 'write them as in 224x224x3',
  });

export const timesInList = (span: Span): Diagnostic =>
  error('E006', span, "inside parentheses 'x' only builds dimensions, such as 3x3", {
    help: "write '*' for a product",
  });

// E007
export const wrongArrow = (span: Span): Diagnostic =>
  error('E007', span, `${quoted(span)} is not an arrow`, { help: "write '->'" });

// E008
export const unclosedBracket = (found: Span, opening: Span, closer: string): Diagnostic =>
  error('E008', found, `missing '${closer}' ${beforeOrAtEnd(found)}`, {
    related: { span: opening, text: `${quoted(opening)} opened here` },
  });

const beforeOrAtEnd = (found: Span): string =>
  spanText(found) === '' ? 'at the end of the statement' : `before ${quoted(found)}`;

// E009
export const closesNothing = (span: Span): Diagnostic =>
  error('E009', span, `${quoted(span)} closes nothing`, { help: 'remove it, or open the bracket before' });

export const missingOpener = (span: Span, name: Span): Diagnostic =>
  error('E009', span, `${quoted(span)} closes nothing`, { help: `write '(' after ${spanText(name)}` });

export const wrongCloser = (span: Span, opening: Span, closer: string): Diagnostic =>
  error('E009', span, `expected '${closer}', found ${quoted(span)}`, {
    related: { span: opening, text: `${quoted(opening)} opened here` },
  });

export const wrongOpener = (span: Span, purpose: string, pair: string): Diagnostic =>
  error('E009', span, `${quoted(span)} cannot open ${purpose}`, { help: `write ${pair}` });

// E010
export const missingArrow = (span: Span): Diagnostic =>
  error('E010', span, `missing '->' before ${quoted(span)}`, {
    help: 'a new statement starts on a new line, with INPUT, a named value or a merge such as ADD(a, b)',
  });

export const callInList = (span: Span): Diagnostic =>
  error('E011', span, `${quoted(span)} stands between parentheses, where only values do`, {
    help: "operators are joined by '->'; sums, products and powers are written with + - * / ^",
  });

export const missingAs = (span: Span): Diagnostic =>
  error('E010', span, `missing 'as' before ${quoted(span)}`, {
    help: `write 'as ${spanText(span)}' to name the value before it, or '->' before an operator`,
  });

// E011
export const expected = (span: Span, what: string, help?: string): Diagnostic =>
  error('E011', span, `expected ${what}, found ${quoted(span)}`, help === undefined ? {} : { help });

export const missingAfter = (span: Span, what: string, help?: string): Diagnostic =>
  error('E011', span, `expected ${what} after ${quoted(span)}`, help === undefined ? {} : { help });

export const expectedValueIn = (span: Span): Diagnostic =>
  error('E011', span, 'expected a value between the parentheses');

export const argumentsOfNothing = (span: Span): Diagnostic =>
  error('E011', span, "expected an operator or a block before '('", {
    help: 'a value flows in along an arrow: value -> CONV(64)',
  });

export const unexpected = (span: Span, help?: string): Diagnostic =>
  error('E011', span, `unexpected ${quoted(span)}`, help === undefined ? {} : { help });

/** Where the parser itself recovered; `parser-messages.ts` has the words. */
export const recovered = (span: Span, message: string): Diagnostic => error('E011', span, message);

export const missingBlock = (span: Span, head: string): Diagnostic =>
  error('E011', span, `missing 'block' before ${quoted(span)}`, { help: `write block ${head} = …` });

export const foreignBlock = (span: Span, head: string): Diagnostic =>
  error('E011', span, `${quoted(span)} begins no statement`, { help: `write block ${head} = …` });

export const foreignStatement = (span: Span): Diagnostic =>
  error('E011', span, `${quoted(span)} begins no statement`, {
    help: /^(for|while)$/.test(spanText(span))
      ? 'a repeat is written item*3 or [item -> item]*3'
      : 'a program is made of chains such as INPUT -> CONV -> FC, and of blocks',
  });

export const nameInFront = (span: Span, name: string): Diagnostic =>
  error('E011', span, 'a value gets its name at the end', { help: `write … as ${name}` });

export function constant(span: Span, name: string, value: string): Diagnostic {
  const short = value.length > longest ? '…' : value;
  return error('E011', span, 'only parameters of blocks give names to numbers and texts', {
    help: `write ${short === '…' ? 'the value' : value} where ${name} stands, or make it a parameter: block Name(${name.toLowerCase()}=${short}) = …`,
  });
}

export const sizeInName = (span: Span, name: string): Diagnostic =>
  error('E011', span, `${quoted(span)} is no operator: a size is an argument`, {
    help: `write ${name}(…, ${spanText(span).slice(name.length)})`,
  });

export const sizeInFront = (span: Span, size: string, name: string): Diagnostic =>
  error('E011', span, `${quoted(span)} is no operator: a size is an argument`, {
    help: `write ${name}(…, ${size})`,
  });

export const loop = (span: Span): Diagnostic =>
  error('E011', span, `${quoted(span)} is no item of a chain`, {
    help: 'a repeat is written item*3 or [item -> item]*3, and its index [item]*3 with i',
  });

export const bodyInBraces = (span: Span, head: string): Diagnostic =>
  error('E011', span, "the chain of a block stands behind '='", {
    help: `write block ${head} = …`,
  });

export const pathInList = (span: Span, name: string): Diagnostic =>
  error('E011', span, `${quoted(span)} is the path of a layer, and no value`, {
    help: `a value is named with 'as': write ${name}`,
  });

// E012
export const arrowAtStart = (span: Span): Diagnostic =>
  error('E012', span, 'nothing stands before this arrow', {
    help: 'a chain starts with an item, such as INPUT',
  });

export const arrowAtEnd = (span: Span): Diagnostic =>
  error('E012', span, 'this arrow leads nowhere', { help: 'add an item after it, or remove it' });

export const arrowTwice = (span: Span): Diagnostic =>
  error('E012', span, 'nothing stands between two arrows', { help: 'remove one, or add an item' });

// E013
export const missingComma = (span: Span, help?: string): Diagnostic =>
  error('E013', span, `missing ',' before ${quoted(span)}`, help === undefined ? {} : { help });

export const extraComma = (span: Span): Diagnostic =>
  error('E013', span, "nothing stands before this ','", { help: 'remove it, or add what is missing' });

export const trailingComma = (span: Span): Diagnostic =>
  error('E013', span, "nothing stands after this ','", { help: 'remove it, or add what is missing' });

export const semicolonInList = (span: Span): Diagnostic =>
  error('E013', span, "';' ends a statement", { help: "write ',' between arguments" });

// E014
export const missingCount = (span: Span): Diagnostic =>
  error('E014', span, `missing count after ${quoted(span)}`, {
    help: 'a count is a whole number, a parameter, or an expression in parentheses: *3, *n, *(n - 1)',
  });

export const wrongCount = (span: Span): Diagnostic =>
  error('E014', span, `a count is a whole number of at least 0, not ${quoted(span)}`);

export const timesWithoutCount = (span: Span): Diagnostic =>
  error('E014', span, "'x' means times only before a number", { help: "write '*' before a parameter or (" });

export const countInFront = (span: Span, count: string): Diagnostic =>
  error('E014', span, 'a count stands behind what is repeated', { help: `write item*${count}` });

export const secondRepeat = (span: Span): Diagnostic =>
  error('E014', span, 'this item is repeated already', {
    help: 'multiply the counts, or put the item in [ ]',
  });

export const repeatAfterName = (span: Span): Diagnostic =>
  error('E014', span, "a repeat stands before 'as'", { help: 'write item*count as name' });

export const indexWithoutRepeat = (span: Span): Diagnostic =>
  error('E014', span, "'with' names the index of a repeat, and there is no repeat before it", {
    help: 'write item*count with name',
  });

// E015
export const missingName = (span: Span, what: string): Diagnostic =>
  error('E015', span, `missing ${what} after ${quoted(span)}`);

export const secondName = (span: Span): Diagnostic =>
  error('E015', span, 'this item has a name already', { help: 'a value has one name' });

export const quotedName = (span: Span): Diagnostic =>
  error('E015', span, `a name stands without quotes, not as ${quoted(span)}`, { help: 'write as name' });

export const nameOfTwoWords = (span: Span): Diagnostic =>
  error('E015', span, `a name is one word, not ${quoted(span)}`, {
    help: `write ${spanText(span).trim().split(/\s+/).join('_')}`,
  });

export const secondIndex = (span: Span): Diagnostic => error('E015', span, 'the index has a name already');

export const wrongCase = (span: Span, rule: string, suggestion: string): Diagnostic =>
  error('E015', span, `${rule}, not ${quoted(span)}`, { help: `write ${suggestion}` });

export const reservedWord = (span: Span): Diagnostic =>
  error('E015', span, `${quoted(span)} is a word of the language and cannot be a name`);

// E016
export const emptyGroup = (span: Span): Diagnostic =>
  error('E016', span, 'this group is empty', { help: 'remove it, or put a chain in it' });

export const emptyArm = (span: Span): Diagnostic =>
  error('E016', span, 'this arm is empty', { help: 'write SKIP for the arm that changes nothing' });

export const emptyBlock = (span: Span): Diagnostic =>
  error('E016', span, 'this block has no chain', { help: 'write block Name(parameters) = chain' });

// E017
export const singleArm = (span: Span): Diagnostic =>
  error('E017', span, 'a branch has at least two arms', {
    help: "separate arms with '|'; a plain group is written [ ]",
  });

// E018
export const statementOnSameLine = (span: Span): Diagnostic =>
  error('E018', span, `${quoted(span)} starts a new statement on the same line`, {
    help: "start a new line, or write ';' before it",
  });

export const versionNotFirst = (span: Span): Diagnostic =>
  error('E018', span, "'cnn' stands on the first line only");

// E019
export const positionalAfterNamed = (span: Span, named: Span): Diagnostic =>
  error('E019', span, 'a positional argument after a named one', {
    help: 'put it before the named ones, or name it',
    related: { span: named, text: 'named arguments begin here' },
  });
