import type { Read } from './read-text.ts';

/** What a network is built from. */
export interface ProgramSource {
  readonly text: string;
  readonly path: string;
  readonly name: string;
  readonly read: Read | undefined;
  /** Height and width, or the length, of an INPUT that leaves them open. */
  readonly openSizes?: readonly number[] | undefined;
  /** What is made of the network depends on the size that it was trained at: INPUT must not leave it open. */
  readonly needsTrainedSize?: boolean;
}
