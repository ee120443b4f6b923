/**
 * A name of the file as a path: `/features/0/Conv` → `features.0.Conv`. Letters, digits, `.`, `_` and `-` remain,
 * so that it can stand anywhere; two names that become the same are told apart by whoever takes them.
 */
export function toPath(name: string): string {
  const path = name
    .replaceAll(/[/:]+/g, '.')
    .replaceAll(/[^\w.-]/g, '_')
    .replaceAll(/\.{2,}/g, '.')
    .replaceAll(/^\.|\.$/g, '')
    .slice(0, 200);
  // No path that an object has already.
  return path === '' || path === '__proto__' ? `value${path}` : path;
}
