// The catalogue of what can be wrong with the text of a program. A code keeps its meaning for ever. Codes from E020 on
// are about meaning, and belong to the compiler.
export const syntaxCodes = {
  E001: 'A character, or a spelling, that the language does not have.',
  E002: 'A string without its closing quote.',
  E003: 'A number that cannot be read, or that is too large.',
  E004: 'A file that is not read to its end: too large, not text, or with too many mistakes.',
  E005: 'Brackets or operators nested too deep.',
  E006: 'Dimensions that are spelled with blanks, or an x that is not between numbers.',
  E007: 'An arrow that is not spelled as one.',
  E008: 'A bracket that is never closed.',
  E009: 'A bracket that closes nothing, or of the wrong kind.',
  E010: "Two items side by side: '->' or 'as' is missing.",
  E011: 'Something else was expected here.',
  E012: 'An arrow that joins nothing.',
  E013: 'A comma too few or too many.',
  E014: 'A repeat without a count, or in the wrong place.',
  E015: 'A name that is missing, given twice, or of the wrong case.',
  E016: 'A group, an arm or a block with nothing in it.',
  E017: 'A branch with a single arm.',
  E018: 'A statement in the wrong place.',
  E019: 'A positional argument after a named one.',
} as const;

export type SyntaxCode = keyof typeof syntaxCodes;
