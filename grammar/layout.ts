// A document is text that does not know yet where its lines end. A group is printed on one line if it fits;
// otherwise its lines end where it says so. After Wadler, “A prettier printer”, and Prettier.
export type Doc = string | readonly Doc[] | Line | Indent | Align | Group | Trailing;

/** A place where a line may end. */
interface Line {
  readonly kind: 'line';
  /** What stands here where the line goes on. */
  readonly otherwise: '' | ' ';
  /** Ends with its group broken; then, only where what follows does not fit; or always. */
  readonly ends: 'broken' | 'full' | 'always';
  /** Whether an empty line follows. */
  readonly isBlank: boolean;
}

/** Lines that end within begin further right. */
interface Indent {
  readonly kind: 'indent';
  readonly by: number;
  readonly content: Doc;
}

/** Lines that end within begin where this began. */
interface Align {
  readonly kind: 'align';
  readonly content: Doc;
}

interface Group {
  readonly kind: 'group';
  readonly content: Doc;
  readonly isBroken: boolean;
}

/** A comment: printed at the end of its line, however much comes before that. */
interface Trailing {
  readonly kind: 'trailing';
  readonly text: string;
}

export function line(
  ends: Line['ends'],
  { otherwise = ' ', isBlank = false }: Partial<Pick<Line, 'otherwise' | 'isBlank'>> = {},
): Line {
  return { kind: 'line', otherwise, ends, isBlank };
}

export const indent = (by: number, content: Doc): Indent => ({ kind: 'indent', by, content });
export const align = (content: Doc): Align => ({ kind: 'align', content });
export const group = (content: Doc): Group => ({ kind: 'group', content, isBroken: mustBreak(content) });
export const trailing = (text: string): Trailing => ({ kind: 'trailing', text });

export const join = (separator: Doc, docs: readonly Doc[]): Doc[] =>
  docs.flatMap((doc, at) => (at === 0 ? [doc] : [separator, doc]));

function mustBreak(doc: Doc): boolean {
  if (typeof doc === 'string') return false;
  if (!('kind' in doc)) return doc.some(mustBreak);
  switch (doc.kind) {
    case 'line':
      return doc.ends === 'always';
    case 'indent':
    case 'align':
      return mustBreak(doc.content);
    case 'group':
      return doc.isBroken;
    case 'trailing':
      return true;
  }
}

/** A document that is still to be printed. */
interface Pending {
  readonly doc: Doc;
  readonly indent: number;
  /** On one line. */
  readonly isFlat: boolean;
}

/** The text of a document, in lines of at most `width` characters where it allows that. */
export function printDoc(doc: Doc, width: number): string {
  const printer = new Printer(width);
  printer.print(doc);
  return printer.text();
}

class Printer {
  readonly #width: number;
  readonly #parts: string[] = [];
  readonly #pending: Pending[] = [];
  #column = 0;
  #comment = '';

  constructor(width: number) {
    this.#width = width;
  }

  text(): string {
    return this.#parts.join('') + this.#comment;
  }

  print(doc: Doc): void {
    this.#pending.push({ doc, indent: 0, isFlat: false });
    for (let next = this.#pending.pop(); next; next = this.#pending.pop()) this.#printNext(next);
  }

  #printNext(next: Pending): void {
    const { doc, indent, isFlat } = next;
    if (typeof doc === 'string') {
      this.#parts.push(doc);
      this.#column += doc.length;
    } else if (!('kind' in doc)) pushAll(this.#pending, next, doc);
    else if (doc.kind === 'line') this.#printLine(doc, next);
    else if (doc.kind === 'trailing') this.#comment = doc.text;
    else if (doc.kind === 'indent') {
      this.#pending.push({ doc: doc.content, indent: indent + doc.by, isFlat });
    } else if (doc.kind === 'align') {
      this.#pending.push({ doc: doc.content, indent: this.#column, isFlat });
    } else {
      const flat: Pending = { doc: doc.content, indent, isFlat: true };
      const fits = isFlat || (!doc.isBroken && this.#fits([flat]));
      this.#pending.push(fits ? flat : { ...flat, isFlat: false });
    }
  }

  #printLine({ ends, otherwise, isBlank }: Line, { indent, isFlat }: Pending): void {
    const goesOn = isFlat || (ends === 'full' && this.#fits([], otherwise.length));
    if (goesOn) {
      this.#parts.push(otherwise);
      this.#column += otherwise.length;
      return;
    }
    this.#parts.push(this.#comment, isBlank ? '\n\n' : '\n', ' '.repeat(indent));
    this.#comment = '';
    this.#column = indent;
  }

  /** Whether these, and what follows them up to where the line may end, fit into the line. */
  #fits(first: readonly Pending[], used = 0): boolean {
    let room = this.#width - this.#column - used;
    const rest = [...first];
    let after = this.#pending.length;
    while (room >= 0) {
      const next = rest.pop() ?? this.#pending[--after];
      if (next === undefined) return true;
      const { doc, isFlat } = next;
      if (typeof doc === 'string') room -= doc.length;
      else if (!('kind' in doc)) pushAll(rest, next, doc);
      else if (doc.kind === 'line') {
        if (!isFlat) return true;
        room -= doc.otherwise.length;
      } else if (doc.kind === 'group') rest.push({ ...next, doc: doc.content, isFlat: !doc.isBroken });
      else if (doc.kind !== 'trailing') rest.push({ ...next, doc: doc.content });
    }
    return false;
  }
}

function pushAll(stack: Pending[], { indent, isFlat }: Pending, docs: readonly Doc[]): void {
  for (let at = docs.length - 1; at >= 0; at--) stack.push({ doc: docs[at]!, indent, isFlat });
}
