// A terminal for tests: collects what a command prints.
import { runCli } from '../../compiler/cli/program.ts';

export interface Captured {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line in this process; `stdin` is what `-` reads. */
export async function cnnc(args: readonly string[], { stdin = '', color = false } = {}): Promise<Captured> {
  let [out, err] = ['', ''];
  const code = await runCli(args, {
    out: (text) => void (out += typeof text === 'string' ? text : new TextDecoder().decode(text)),
    err: (text) => void (err += text),
    color: { out: color, err: color },
    readStdin: async () => new TextEncoder().encode(stdin),
  });
  return { code, out, err };
}
