/** What can go wrong, as a word a program can compare; the message is for people. */
export type ErrorCode =
  /** The weights are neither an address, a Response nor bytes. */
  | 'WEIGHTS_TYPE'
  /** Nothing could be fetched or read there: HTTP status, network failure, missing file. */
  | 'WEIGHTS_NOT_FOUND'
  /** A page came instead of the weights, as servers do for unknown addresses. */
  | 'WEIGHTS_HTML'
  /** Something else, or the weights of another model. */
  | 'WEIGHTS_WRONG_FILE'
  /** Some bit is not as it was written. */
  | 'WEIGHTS_CORRUPT'
  /** The file ends too early. */
  | 'WEIGHTS_TRUNCATED'
  /** The file goes on after its end. */
  | 'WEIGHTS_TOO_LONG'
  /** There is no such option. */
  | 'OPTION_NAME'
  /** An option is not what it has to be. */
  | 'OPTION_TYPE'
  | 'INPUT_TYPE'
  | 'INPUT_NAME'
  | 'INPUT_LENGTH'
  /** The bundle was compiled for other sizes. */
  | 'INPUT_SHAPE'
  | 'IMAGE_SIZE'
  | 'IMAGE_SPEC'
  /** The bundle was compiled without this target. */
  | 'TARGET_UNKNOWN'
  /** The target does not run here: no adapter, no memory, … */
  | 'TARGET_UNAVAILABLE'
  /** The GPU's device was lost, and so was its replacement; or it was the caller's, which may have been lost before. */
  | 'DEVICE_LOST'
  | 'DISPOSED'
  /** The caller's signal; `cause` is its reason. */
  | 'ABORTED';

/** Every error that the runtime throws on purpose. Bundles have a class each: compare `code`, not the class. */
export class CnncError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CnncError';
    this.code = code;
  }
}
