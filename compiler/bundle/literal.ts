import { invariant } from '../support/assert.ts';

const WIDTH = 100;

/**
 * Plain data as an expression for people to read, in JavaScript or, for types, in TypeScript: what fits
 * stays on one line. It may stand anywhere, also inside a `<script>` element or a comment. Properties
 * that are `undefined` are left out.
 */
export function literal(value: unknown, indent = ''): string {
  const flat = flatLiteral(value);
  if (flat.length <= WIDTH - indent.length || typeof value !== 'object' || value === null) return flat;
  const inner = `${indent}  `;
  const block = (open: string, parts: readonly string[], close: string) =>
    `${open}\n${parts.map((part) => `${inner}${part},\n`).join('')}${indent}${close}`;
  return Array.isArray(value)
    ? block(
        '[',
        value.map((item) => literal(item, inner)),
        ']',
      )
    : block(
        '{',
        properties(value, (item) => literal(item, inner)),
        '}',
      );
}

/** A string in double quotes, a number, …; nothing in it ends a script, a comment or a line. */
export function scalar(value: unknown): string {
  const isPlain = typeof value === 'string' || typeof value === 'boolean' || value === null;
  invariant(isPlain || Number.isFinite(value), `${String(value)} in the text of a bundle`);
  return JSON.stringify(value)
    .replaceAll(/<(?=[/!])|[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replaceAll('*/', '*\\/');
}

/** Text inside a block comment; it ends neither the comment nor a script. */
export const inComment = (text: string): string =>
  text.replaceAll(/\*(?=\/)|<(?=[/!])/g, '$& ').replaceAll(/\r\n?|[\u2028\u2029]/g, '\n');

function flatLiteral(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flatLiteral).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return `{ ${properties(value, flatLiteral).join(', ')} }`;
  return scalar(value);
}

const properties = (value: object, print: (value: unknown) => string): string[] =>
  Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([name, item]) => `${propertyName(name)}: ${print(item)}`);

/** The key of a property, quoted where it must be. */
export const propertyName = (name: string): string => (/^[A-Za-z]\w*$/.test(name) ? name : scalar(name));
