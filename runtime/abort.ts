interface Disposable {
  dispose(): void;
}

/** What `work` gives, unless the signal is quicker: it may wait for somebody who never answers. What then comes too late is disposed of. */
export async function unlessAborted<T extends Disposable>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (!signal) return work;
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop);
  });
  try {
    const result = await Promise.race([work, aborted]);
    signal.throwIfAborted();
    return result;
  } catch (error) {
    work.then(
      (late) => late.dispose(),
      () => {}, // there is nothing to dispose of
    );
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
