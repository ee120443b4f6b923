/**
 * Throws when one of our own assumptions fails; a user's mistake is a diagnostic, never this. In loops over
 * all nodes the message is a function, so that nothing is put together for what is right.
 */
export function invariant(condition: unknown, message: string | (() => string)): asserts condition {
  if (!condition) throw new Error(`cnnc bug: ${typeof message === 'string' ? message : message()}`);
}

/** For the end of a `switch` over a union: a forgotten member is a type error at the call. */
export function unreachable(value: never): never {
  throw new Error(`cnnc bug: unexpected ${JSON.stringify(value)}`);
}
