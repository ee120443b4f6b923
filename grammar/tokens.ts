// Every token, in lexing order: the first pattern that matches wins. Beside the tokens of the language
// stand those of common slips (`=>`, `，`, `3 x 3`). Each is in the category of what was meant, so that
// the parser goes on as if it had been written; `statements.ts` and `build-ast.ts` report them.
import { createToken, Lexer, type CustomPatternMatcherFunc, type TokenType } from 'chevrotain';

/** What cannot stand in a chain, and so is said to be unexpected there. */
export const NotInChain = createToken({ name: 'NotInChain', pattern: Lexer.NA });
/** What cannot stand in a list of arguments. */
export const NotInList = createToken({ name: 'NotInList', pattern: Lexer.NA });
/** A name of any case. */
export const Name = createToken({ name: 'Name', pattern: Lexer.NA, label: 'a name' });
/** A value that is one token. */
export const Literal = createToken({ name: 'Literal', pattern: Lexer.NA, label: 'a value' });
/** What joins two values. */
export const Operator = createToken({ name: 'Operator', pattern: Lexer.NA, label: 'an operator' });
/** A word that only starts statements. */
export const Keyword = createToken({ name: 'Keyword', pattern: Lexer.NA });

const Blank = createToken({
  name: 'Blank',
  pattern: /[\s\uFEFF]+/,
  line_breaks: true,
  group: Lexer.SKIPPED,
});
const Comment = createToken({ name: 'Comment', pattern: /#[^\n]*/, group: 'comments' });

/** Comments as C and JavaScript have them. `1//2` is something else. */
const foreignComment: CustomPatternMatcherFunc = (text, offset) => {
  if (text.startsWith('/*', offset)) {
    const end = text.indexOf('*/', offset + 2);
    return [text.slice(offset, end < 0 ? undefined : end + 2)];
  }
  const isComment =
    text.startsWith('//', offset) && /^[\s;]?$/.test(text.slice(Math.max(0, offset - 1), offset));
  if (!isComment) return null;
  const end = text.indexOf('\n', offset);
  return [text.slice(offset, end < 0 ? undefined : end)];
};

const ForeignComment = createToken({
  name: 'ForeignComment',
  pattern: foreignComment,
  line_breaks: true,
  start_chars_hint: ['/'],
  group: 'foreignComments',
});

/** A word with letters that names do not have: `größe`, or `СONV` with a Cyrillic С. It is read as a name. */
export const ForeignWord = createToken({
  name: 'ForeignWord',
  pattern:
    /[A-Za-z0-9_]*[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u1fff\u3040-\udfff\uff21-\uff3a\uff41-\uff5a][A-Za-z0-9_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u1fff\u3040-\udfff\uff21-\uff3a\uff41-\uff5a]*/,
  line_breaks: false,
  categories: Name,
});

/** Names in capitals are operators. `CONVx2` is CONV, then `x2`. */
export const UpperName = createToken({
  name: 'UpperName',
  label: 'an operator',
  pattern: /[A-Z][A-Z0-9_]*(?:(?![A-Za-z0-9_])|(?=x\d+(?![A-Za-z0-9_])))/,
  categories: Name,
});
/** Camel-case names are blocks. */
export const CamelName = createToken({
  name: 'CamelName',
  label: 'a block',
  pattern: /[A-Z][A-Za-z0-9_]*/,
  categories: Name,
});
/** Lower-case names are values and parameters. */
export const LowerName = createToken({
  name: 'LowerName',
  label: 'a lower-case name',
  pattern: /[a-z_][A-Za-z0-9_]*/,
  categories: Name,
});

const keyword = (name: string, categories: TokenType[]): TokenType =>
  createToken({
    name,
    label: `'${name.toLowerCase()}'`,
    pattern: new RegExp(name.toLowerCase()),
    longer_alt: LowerName,
    categories,
  });

export const Cnn = keyword('Cnn', [Keyword]);
export const Use = keyword('Use', [Keyword]);
export const Default = keyword('Default', [Keyword]);
export const Block = keyword('Block', [Keyword]);
export const With = keyword('With', []);
export const As = keyword('As', []);
/** `AS`: no operator is called so. */
export const WrongAs = createToken({ name: 'WrongAs', pattern: /AS(?![A-Za-z0-9_])/, categories: [As] });

// Sticky, and reset before each use.
const pathAfterAs: CustomPatternMatcherFunc = (text, offset, before) => {
  const type = before.at(-1)?.tokenType;
  if (type !== As && type !== WrongAs) return null;
  const path = /[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)+|\d+(?![A-Za-z0-9_])/y;
  path.lastIndex = offset;
  return path.exec(text);
};

/** `layer1.0.conv1` behind `as`: a path of several parts, or the number of a member. */
export const Path = createToken({
  name: 'Path',
  label: 'a path',
  pattern: pathAfterAs,
  line_breaks: false,
  start_chars_hint: [...'0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'],
  categories: Name,
});

const hyphenAfterAs: CustomPatternMatcherFunc = (text, offset, before) => {
  if (before.at(-1)?.tokenType !== As) return null;
  const name = /[A-Za-z_][a-z0-9_]*(?:-[A-Z]?[a-z0-9_]+)+(?![A-Za-z0-9_(])/y;
  name.lastIndex = offset;
  return name.exec(text);
};

/** `my-conv` behind `as`. */
export const WrongName = createToken({
  name: 'WrongName',
  pattern: hyphenAfterAs,
  line_breaks: false,
  start_chars_hint: [...'_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'],
  categories: Name,
});

const symbol = (name: string, pattern: RegExp, text: string, categories: TokenType[] = []): TokenType =>
  createToken({ name, pattern, label: `'${text}'`, categories });

export const Arrow = symbol('Arrow', /--?>|[→⟶⇒]|—+>/, '->');
export const OpenParen = symbol('OpenParen', /\(/, '(');
export const CloseParen = symbol('CloseParen', /\)/, ')');
export const OpenSquare = symbol('OpenSquare', /\[/, '[');
export const CloseSquare = symbol('CloseSquare', /\]/, ']');
export const OpenCurly = symbol('OpenCurly', /\{/, '{');
export const CloseCurly = symbol('CloseCurly', /\}/, '}');
export const Pipe = symbol('Pipe', /\|/, '|');
export const Semicolon = symbol('Semicolon', /;/, ';');
export const Comma = symbol('Comma', /,/, ',', [NotInChain]);
export const Dot = symbol('Dot', /\./, '.', [NotInChain, NotInList]);
export const Equals = symbol('Equals', /=/, '=', [NotInChain, NotInList]);
export const Times = symbol('Times', /[*×]/, '*', [NotInList, Operator]);
export const Plus = symbol('Plus', /\+/, '+', [NotInChain, NotInList, Operator]);
export const Minus = symbol('Minus', /-/, '-', [NotInChain, Operator]);
export const Slash = symbol('Slash', /\//, '/', [NotInChain, NotInList, Operator]);
export const Caret = symbol('Caret', /\^/, '^', [NotInChain, NotInList, Operator]);

// `x` means times after an item and before a count, on the same line. Sticky, and reset before each use.
const timesBeforeCount: CustomPatternMatcherFunc = (text, offset, before) => {
  const previous = before.at(-1);
  if (previous === undefined) return null;
  const type = previous.tokenType;
  const endsItem =
    type === CloseParen ||
    type === CloseSquare ||
    type === CloseCurly ||
    (type.CATEGORIES ?? []).includes(Name);
  if (!endsItem) return null;
  if (text.slice(previous.endOffset! + 1, offset).includes('\n')) return null;
  const count = /x(?=[ \t\u00a0]*\d+(?![A-Za-z0-9_]))/y;
  count.lastIndex = offset;
  return count.exec(text);
};

/** `x` where it means times: see rule 3 of the language. */
export const TimesX = createToken({
  name: 'TimesX',
  label: "'*'",
  pattern: timesBeforeCount,
  line_breaks: false,
  start_chars_hint: ['x'],
  categories: Times,
});

/** `224x224x3`, and also its misspelling with blanks. */
export const Dims = createToken({
  name: 'Dims',
  label: 'dimensions',
  pattern: /(?:\d+|\?)(?:[ \t\u00a0]*[x×][ \t\u00a0]*(?:\d+|\?))+(?!\.\d|[A-Za-z0-9_])/,
  categories: [NotInChain, Literal],
});
/**
 * `1e9x3`, `3x3x`: sizes that are not written in plain digits, with all that hangs on them. Each part of the
 * pattern ends where the next must begin, so that a long run of digits is tried once and not cut at every place.
 */
export const WrongDims = createToken({
  name: 'WrongDims',
  pattern:
    /(?:\d+(?:\.\d*)?|\.\d+|\?)(?:[eE][+-]?\d+)?(?:[x×](?:\d+(?:\.\d*)?|\.\d+|\?)(?:[eE][+-]?\d+)?)+[A-Za-z0-9_]*/,
  categories: [Dims],
});
export const Float = createToken({
  name: 'Float',
  label: 'a number',
  pattern: /(?:\d+\.\d*|\.\d+)(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+/,
  categories: [NotInChain, Literal],
});
/** `3abc`: neither a number nor a name. */
export const WrongNumber = createToken({
  name: 'WrongNumber',
  pattern: /\d+[A-Za-z_][A-Za-z0-9_]*/,
  categories: [Float],
});
export const Integer = createToken({
  name: 'Integer',
  label: 'a whole number',
  pattern: /\d+/,
  categories: [NotInChain, Literal],
});
export const Text = createToken({
  name: 'Text',
  label: 'a string',
  pattern: /"(?:[^"\\\n]|\\[^\n])*"/,
  line_breaks: false,
  categories: [NotInChain, Literal],
});
const fileAfterUse: CustomPatternMatcherFunc = (text, offset, before) => {
  const previous = before.at(-1);
  if (previous?.tokenType !== Use || text.slice(previous.endOffset! + 1, offset).includes('\n')) return null;
  const file = /[\w-]*[./][\w./-]*/y;
  file.lastIndex = offset;
  return file.exec(text);
};

/** `use blocks.cnn`: the name of a file without its quotes. */
export const UnquotedFile = createToken({
  name: 'UnquotedFile',
  pattern: fileAfterUse,
  line_breaks: false,
  categories: [Text],
  start_chars_hint: [...'0123456789_.-/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'],
});

/**
 * A string without its second quote. It ends before the first `,` or `)`, so that the rest of the
 * line is still read. Where more quotes or backslashes follow it takes the whole line: looking for the
 * end again and again would make the lexer quadratic.
 */
export const UnclosedText = createToken({
  name: 'UnclosedText',
  pattern: /"(?:(?![^\n]*["\\])[^"\\\n),]*|[^\n]*)/,
  line_breaks: false,
  categories: [Text],
});

/** What someone writes who means an arrow. */
export const WrongArrow = createToken({
  name: 'WrongArrow',
  pattern: /==?>|[-−–－][ \t]+>|>+|~>|<-+|<=+|[—―]+|[←➔➜➝➞⟹⟼↦]/,
  categories: Arrow,
});

/** What other keyboards write for our punctuation. */
const lookalike = (real: TokenType, pattern: RegExp): TokenType =>
  createToken({ name: `Wrong${real.name}`, pattern, categories: [real] });

export const lookalikes: readonly TokenType[] = [
  lookalike(OpenParen, /（/),
  lookalike(CloseParen, /）/),
  lookalike(OpenSquare, /[［【「]/),
  lookalike(CloseSquare, /[］】」]/),
  lookalike(OpenCurly, /｛/),
  lookalike(CloseCurly, /｝/),
  lookalike(Pipe, /[｜¦]/),
  lookalike(Semicolon, /；/),
  lookalike(Comma, /[，、]/),
  lookalike(Equals, /==|:=?|[：＝]/),
  lookalike(Times, /[＊✕✖∗⨯·]|\*\*/),
  lookalike(Plus, /＋/),
  lookalike(Minus, /[−–－]/),
  lookalike(Slash, /[÷／]/),
  lookalike(Caret, /[＾]/),
  lookalike(Text, /[“”‘’'„«`][^“”‘’'"«»`\n]*[“”‘’'»`]/),
];

/** Whatever no other token begins with: a run of letters of other scripts, or one character. Keep it last. */
export const Stray = createToken({
  name: 'Stray',
  pattern: /[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u1fff\u3040-\udfff]+|[!-~\u0080-\uffff]/,
  categories: [NotInChain, NotInList],
});

/** All tokens, in lexing order. */
export const allTokens: TokenType[] = [
  NotInChain,
  NotInList,
  Name,
  Literal,
  Operator,
  Keyword,
  Blank,
  Comment,
  ForeignComment,
  UnquotedFile,
  ForeignWord,
  Cnn,
  Use,
  Default,
  Block,
  With,
  As,
  WrongAs,
  WrongName,
  Path,
  TimesX,
  UpperName,
  CamelName,
  LowerName,
  Arrow,
  WrongArrow,
  ...lookalikes,
  Dims,
  WrongDims,
  Float,
  WrongNumber,
  Integer,
  Text,
  UnclosedText,
  OpenParen,
  CloseParen,
  OpenSquare,
  CloseSquare,
  OpenCurly,
  CloseCurly,
  Pipe,
  Semicolon,
  Comma,
  Dot,
  Equals,
  Times,
  Plus,
  Minus,
  Slash,
  Caret,
  Stray,
];

/** What a token is written as in messages, for the token that was meant: `'->'`, `a name`. */
export const labelOf = (type: TokenType): string => type.LABEL ?? type.name;
