// What is said of signs, words, texts and numbers that are none of the language.
import type { Diagnostic } from './diagnostic.ts';
import { spanText, type Span } from './source.ts';
import { error, longest, quoted } from './syntax-error.ts';

// E001
export function strayText(span: Span): Diagnostic {
  const text = spanText(span);
  // What is no letter, mark, number, punctuation or sign cannot be seen.
  if (/^[^\p{L}\p{M}\p{N}\p{P}\p{S}\p{Cs}]+$/u.test(text))
    return error('E001', span, `${codePoint(text)}, which cannot be seen, has no meaning here`, {
      help: 'remove it',
    });
  return error('E001', span, `${quoted(span)} has no meaning here`, { help: helpWithStray(text) });
}

function helpWithStray(text: string): string {
  const plain = text.normalize('NFKC');
  if (plain !== text && /^\d+$/.test(plain) && plain.length <= longest) return `write ${plain}`;
  if (text === '%') return 'a share is a number: 0.5 for 50 %; a comment starts with #';
  return /[\p{L}$]/u.test(text)
    ? 'names are made of a-z, A-Z, 0-9 and _; a comment starts with #'
    : 'a comment starts with #';
}

const codePoint = (text: string): string =>
  `U+${text.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;

export const foreignComment = (span: Span): Diagnostic =>
  error('E001', span, `${quoted(span)} opens no comment here`, {
    help: 'a comment starts with # and ends with its line',
  });

/** Letters of other alphabets that look like ours, and what they look like. */
const TWINS: ReadonlyMap<string, string> = new Map(
  [
    ['АВСЕНІЈКМОРЅТХУ', 'ABCEHIJKMOPSTXY'],
    ['асеіјорѕху', 'aceijopsxy'],
    ['ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'ABEZHIKMNOPTYX'],
    ['ονια', 'ovia'],
  ].flatMap(([foreign, latin]) => [...foreign!].map((letter, at) => [letter, latin![at]!] as const)),
);

const IS_OURS = /^[A-Za-z0-9_]$/;

/** A word with letters that names do not have. */
export function foreignWord(span: Span): Diagnostic {
  const letters = [...spanText(span)];
  const ours = letters.map((letter) =>
    IS_OURS.test(letter) ? letter : (TWINS.get(letter) ?? letter.normalize('NFKD').replaceAll(/\p{M}/gu, '')),
  );
  const isReadable = ours.every((letter) => IS_OURS.test(letter));
  const twin = letters.find((letter) => TWINS.has(letter));
  const rule = 'names are made of a-z, A-Z, 0-9 and _';
  if (!isReadable) return error('E001', span, `${quoted(span)} has no meaning here`, { help: rule });
  if (twin === undefined)
    return error('E001', span, `${quoted(span)} is not a name: ${rule}`, { help: `write ${ours.join('')}` });
  return error(
    'E001',
    span,
    `the '${twin}' in ${quoted(span)} is ${codePoint(twin)}, which only looks like the letter ${TWINS.get(twin)}`,
    {
      help: `write ${ours.join('')} in Latin letters`,
    },
  );
}

/** Signs that look like ours, in one statement. */
export function lookalikeSymbols(
  signs: readonly { readonly span: Span; readonly meant: string }[],
): Diagnostic {
  const { span } = signs[0]!; // it is about one at least
  const written = [...new Set(signs.map(({ span }) => quoted(span)))];
  const verb = written.length === 1 ? 'is not a sign' : 'are not signs';
  return error('E001', span, `${listed(written)} ${verb} of the language`, {
    help: `write ${listed([...new Set(signs.map(({ meant }) => meant))])}`,
  });
}

const listed = (parts: readonly string[]): string =>
  parts.length === 1 ? parts[0]! : `${parts.slice(0, -1).join(' ')} and ${parts.at(-1)!}`;

export function wrongQuotes(span: Span): Diagnostic {
  const text = spanText(span).slice(1, -1);
  const isWord = /^[a-z_]+$/.test(text) && text.length <= longest;
  return error('E001', span, `a string stands between straight double quotes`, {
    help: isWord ? `write ${text} where a word is wanted, and "${text}" where a text is` : `write "${text}"`,
  });
}

export const wrongAs = (span: Span): Diagnostic =>
  error('E001', span, "'AS' is written in small letters", { help: 'write as' });

/** A name with hyphens. */
export const wrongName = (span: Span): Diagnostic =>
  error('E001', span, `${quoted(span)} is not a name: names are made of a-z, A-Z, 0-9 and _`, {
    help: `write ${spanText(span).replaceAll('-', '_').toLowerCase()}`,
  });

export const unquotedFile = (span: Span): Diagnostic =>
  error('E001', span, 'the name of a file stands between straight double quotes', {
    help: `write "${spanText(span)}"`,
  });

// E002
export const unclosedString = (span: Span): Diagnostic =>
  error('E002', span, 'this string has no closing quote', { help: 'a string ends on the line it starts on' });

// E003
export function wrongNumber(span: Span): Diagnostic {
  const meant = meantNumber(spanText(span));
  return error('E003', span, `${quoted(span)} is neither a number nor a name`, {
    help: meant === undefined ? 'a name does not start with a digit' : `write ${meant}`,
  });
}

/** `32X32X3` and `3px`, where they are short. */
function meantNumber(text: string): string | undefined {
  if (text.length > longest) return undefined;
  return /^\d+(X\d+)+$/.test(text) ? text.toLowerCase() : /^(\d+)px$/.exec(text)?.[1];
}

export const numberTooLarge = (span: Span): Diagnostic =>
  error('E003', span, `the number ${quoted(span)} is too large`, {
    help: 'whole numbers go up to 9007199254740991, others up to 1.8e308',
  });
