import { readStream } from './read-input.ts';

/** What a command may do to the world it was started from; tests bring their own. */
export interface Terminal {
  /** Text, or the bytes of a file that goes to standard output. */
  readonly out: (text: string | Uint8Array) => void;
  readonly err: (text: string) => void;
  /** Whether each stream shows colours. */
  readonly color: { readonly out: boolean; readonly err: boolean };
  /** All of standard input, or a little more than `most` bytes of it. */
  readonly readStdin: (most: number) => Promise<Uint8Array>;
}

/** Colours belong on terminals only, and nowhere when NO_COLOR is set (https://no-color.org). */
export const showsColor = (stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean =>
  stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';

/** The terminal, or the pipes, that this process was started with. */
export const processTerminal = (): Terminal => ({
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  color: { out: showsColor(process.stdout, process.env), err: showsColor(process.stderr, process.env) },
  readStdin: (most) => readStream(process.stdin, most),
});
