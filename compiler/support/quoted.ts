const LONGEST_SHOWN = 80;

/** A name of the file as messages show it: in quotes, with escapes, and not at any length. */
export const quoted = (name: string): string =>
  JSON.stringify(name.length > LONGEST_SHOWN ? `${name.slice(0, LONGEST_SHOWN)}…` : name).replaceAll(
    // What would not be seen, or turn the line around.
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (letter) => `\\u{${letter.codePointAt(0)!.toString(16)}}`,
  );

/** A name as part of a command line: as it is where it is a word. */
export const argument = (name: string): string => (/^[\w./:-]{1,80}$/.test(name) ? name : quoted(name));
