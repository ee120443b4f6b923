// How a command ends early. Both mean exit code 1: what the user gave us cannot be used.

/** The input's fault. The message is one line that names the file and says what to do. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** One that is about a single file: `message` names it, and `reason` alone says what is wrong with it. */
export class FileError extends InputError {
  readonly path: string;
  readonly reason: string;

  constructor(path: string, reason: string) {
    super(`${path}: ${reason}`);
    this.path = path;
    this.reason = reason;
  }
}

/** The diagnostics are already printed; nothing is left to say. */
export class ReportedError extends Error {
  override readonly name = 'ReportedError';
}
