/** A name out of a file, at most so long that a message with it can be read. */
export const showName = (name: string): string => (name.length <= 80 ? name : `${name.slice(0, 79)}…`);
