/** Adds `value` to `set`; whether it is new there. One look-up, where asking first takes two. */
export function addNew<T>(set: Set<T>, value: T): boolean {
  const before = set.size;
  return set.add(value).size > before;
}
