// The paths that a program names: `use "blocks.cnn"`, `SOFTMAX(labels="names.txt")`.

/** Where `relative`, written in the file `from`, leads; undefined outside of the folder of the program `root`. */
export function projectPath(root: string, from: string, relative: string): string | undefined {
  const target = resolvePath(from, relative);
  return target?.startsWith(folderOf(root)) ? target : undefined;
}

/** `""`, `"."`, `"parts/"`: a path that can only be a folder's. */
export const isFolder = (path: string): boolean => /(^|\/)\.{0,2}$/.test(path);

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

/** `a/b/../c` relative to the folder of `from`; undefined when it climbs above where it can. */
function resolvePath(from: string, relative: string): string | undefined {
  if (/^([/\\]|[A-Za-z]+:)/.test(relative) || relative.includes('\\')) return undefined;
  const parts = from.split('/').slice(0, -1);
  for (const part of relative.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '.' && part !== '') {
      parts.push(part);
    }
  }
  return parts.join('/');
}
