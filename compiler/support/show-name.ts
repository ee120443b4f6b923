const LONGEST = 80;

/** A name or a path, in a message at most so long that it can be read: what is in the middle is left out. */
export const showName = (name: string): string =>
  name.length <= LONGEST ? name : `${name.slice(0, LONGEST / 2 - 1)}…${name.slice(-LONGEST / 2)}`;
