// JSON from anywhere. `JSON.parse` keeps the last of two equal keys without a word, and makes millions of
// objects of a few megabytes; so the text is looked over before it is parsed.
import { refuse } from '../../support/refusal.ts';

const MAX_DEPTH = 16;
/** Of objects and lists; a tensor takes three. */
const MAX_NODES = 1_000_000;

/** Parses the header of a weights file. Throws a `Refusal` for text that is no JSON, too much, or ambiguous. */
export function parseHeaderJson(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  refuseExcess(text);
  try {
    refuseDuplicateKeys(text);
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    refuse('E060', `the weights file's header is not JSON: ${error.message}`);
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    refuse('E060', "the weights file's header is not UTF-8 text");
  }
}

function refuseExcess(text: string): void {
  let [depth, nodes] = [0, 0];
  for (const mark of marks(text)) {
    if (mark === '{' || mark === '[') {
      [depth, nodes] = [depth + 1, nodes + 1];
      if (depth > MAX_DEPTH) refuse('E060', "the weights file's header is nested too deeply");
      if (nodes > MAX_NODES) refuse('E060', "the weights file's header describes more than a million things");
    } else if (mark === '}' || mark === ']') depth--;
  }
}

function refuseDuplicateKeys(text: string): void {
  const open: Set<unknown>[] = [];
  let last = '';
  for (const mark of marks(text)) {
    if (mark === '{' || mark === '[') open.push(new Set());
    else if (mark === '}' || mark === ']') open.pop();
    else if (mark === ':') {
      // "a" and "\u0061" are one key; most have no escapes.
      const key: unknown = /^"[^\\]*"$/.test(last) ? last.slice(1, -1) : JSON.parse(last);
      if (open.at(-1)?.has(key)) refuse('E060', `the weights file's header has ${last.slice(0, 100)} twice`);
      open.at(-1)?.add(key);
    }
    last = mark;
  }
}

/** Brackets, colons and whole strings of a text that may or may not be JSON. */
function* marks(text: string): Generator<string> {
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"') {
      const end = endOfString(text, at);
      yield text.slice(at, end);
      at = end - 1;
    } else if ('{}[]:'.includes(character)) yield character;
  }
}

/** Behind the closing quote, or the end of the text. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
