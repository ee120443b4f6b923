/** Case carries the kind of a word: a block's name has a small letter in it, for operators are capitals alone. */
export const isBlockName = (word: string): boolean => /^[A-Z].*[a-z]/.test(word);
