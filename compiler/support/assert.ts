/**
 * Throws when one of our own assumptions fails; a user's mistake is a diagnostic, never this. In loops over
 * all nodes the message is a function, so that nothing is put together for what is right.
 */
export function invariant(condition: unknown, message: string | (() => string)): asserts condition {
  if (!condition) throw new Error(`cnnc bug: ${typeof message === 'string' ? message : message()}`);
}
