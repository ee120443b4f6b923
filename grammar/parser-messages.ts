// What the parser says when its own recovery acts, in the user's terms.
import { EOF, tokenMatcher, type IParserErrorMessageProvider, type IToken } from 'chevrotain';
import { labelOf } from './tokens.ts';

/** What a grammar rule wants to read, as people would call it. */
const wanted: Readonly<Record<string, string>> = {
  count: 'a count',
  expression: 'a value',
  operand: 'a value',
  tuple: "a value or ')'",
  args: "an argument or ')'",
};

const found = (token: IToken): string =>
  tokenMatcher(token, EOF) ? 'the end of the statement' : `'${token.image}'`;

const expectedIn = (rule: string, actual: IToken): string =>
  `expected ${wanted[rule] ?? 'an operator'}, found ${found(actual)}`;

export const parserMessages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected, actual }) =>
    `expected ${labelOf(expected)}, found ${found(actual)}`,
  buildNotAllInputParsedMessage: ({ firstRedundant }) =>
    `expected the end of the statement, found ${found(firstRedundant)}`,
  buildNoViableAltMessage: ({ actual, ruleName }) => expectedIn(ruleName, actual[0]!),
  buildEarlyExitMessage: ({ actual, ruleName }) => expectedIn(ruleName, actual[0]!),
};
