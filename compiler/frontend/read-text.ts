import { LARGEST_FILE } from '../../grammar/index.ts';

/** Gives the bytes of a file, or its text; throws when there is none. What the error says is shown. */
export type Read = (path: string) => Promise<Uint8Array | string>;

/** The text of a file, or why there is none, in a few words: `it is not UTF-8 text`, or `NO_FILE`. */
export async function readText(
  read: Read,
  path: string,
): Promise<{ readonly text: string } | { readonly reason: string }> {
  let content: unknown;
  try {
    content = await read(path);
  } catch (error) {
    return { reason: reasonOf(error) };
  }
  if (typeof content === 'string') return { text: content };
  if (!(content instanceof Uint8Array)) return { reason: 'read gave neither bytes nor a text' };
  try {
    const stream = content.length > LARGEST_FILE;
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(content, { stream }) };
  } catch {
    return { reason: 'it is not UTF-8 text' };
  }
}

const LONGEST_REASON = 200;

export const NO_FILE = 'no such file';

/** What the one who reads files had to say. Node's own message has the whole path in it, which the place shows. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return NO_FILE;
  if ('reason' in error && typeof error.reason === 'string') return error.reason;
  if ('code' in error && error.code === 'ENOENT') return NO_FILE;
  const [line = ''] = error.message.split('\n');
  if (line === '') return NO_FILE;
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON)}…` : line;
}
