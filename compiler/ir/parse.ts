// The text form read back: what text.ts prints is parsed to a graph that prints the same. Weights have
// no data unless the text gives it (`@scale : f32[2] = [1, 0.5]`). Types are checked, not trusted.
import type { AttrSpec, AttrValue } from '../ops/define.ts';
import { OPS, type OpName } from '../ops/index.ts';
import { refuse, Refusal } from '../support/refusal.ts';
import { didYouMean } from '../support/suggest.ts';
import { f32, showType, sizeOf, type TensorType } from '../tensor/types.ts';
import { checkSize } from './builder.ts';
import {
  type ConstantNode,
  type EpilogueStep,
  type Graph,
  type InputNode,
  type Node,
  type OpNode,
  type Origin,
} from './graph.ts';
import { computationOf, operatorOf, resultOperand } from './semantics.ts';
import { isShape, verify, verifyOp } from './verify.ts';

/** Throws a `Refusal` (E070) that names the line. What it gives has passed the verifier. */
export function parseGraph(text: string): Graph {
  const reader = new Reader(text);
  return reader.guard(() => verify(new GraphParser(reader).graph()));
}

/** Tokens of the text: names, numbers, strings and single marks. `#` begins a comment. */
class Reader {
  readonly #tokens: { readonly text: string; readonly line: number }[] = [];
  #next = 0;

  constructor(text: string) {
    for (const [index, line] of text.split('\n').entries()) {
      for (const [token] of line.matchAll(/#.*|"(?:[^"\\]|\\.)*"|[\w.+-]+|[^\s]/g))
        if (!token.startsWith('#')) this.#tokens.push({ text: token, line: index + 1 });
    }
  }

  /** The line of the token that was read last. */
  get line(): number {
    return this.#tokens[Math.max(0, this.#next - 1)]?.line ?? 1;
  }

  get isAtEnd(): boolean {
    return this.#next >= this.#tokens.length;
  }

  peek(): string {
    return this.#tokens[this.#next]?.text ?? 'the end of the text';
  }

  take(): string {
    const token = this.peek();
    this.#next++;
    return token;
  }

  /** Takes the token if it comes next. */
  accept(token: string): boolean {
    if (this.peek() !== token) return false;
    this.#next++;
    return true;
  }

  expect(token: string): void {
    if (!this.accept(token)) this.fail(`expected ${token}, found ${this.take()}`);
  }

  name(): string {
    const token = this.take();
    if (token.startsWith('"')) return this.#quoted(token);
    return /^[\w.+-]+$/.test(token) ? token : this.fail(`expected a name, found ${token}`);
  }

  #quoted(token: string): string {
    try {
      return String(JSON.parse(token));
    } catch {
      return this.fail(`${token} is no text in quotes`);
    }
  }

  number(): number {
    const token = this.take();
    const value = Number(token);
    return Number.isNaN(value) && token !== 'NaN' ? this.fail(`expected a number, found ${token}`) : value;
  }

  /** `[a, b, …]` */
  list<T>(read: () => T): T[] {
    const items: T[] = [];
    this.expect('[');
    while (!this.accept(']')) {
      items.push(read());
      if (this.peek() !== ']') this.expect(',');
    }
    return items;
  }

  /** What operators and the verifier say is about the line that was read last. */
  guard<T>(check: () => T): T {
    try {
      return check();
    } catch (error) {
      if (error instanceof Refusal) {
        const { code, message } = error.complaint;
        return code === 'E070' ? refuse(code, message) : this.fail(message);
      }
      const [, bug] = /^cnnc bug: (.*)/.exec(error instanceof Error ? error.message : '') ?? [];
      return this.fail(bug ?? 'operands and attributes do not go together here');
    }
  }

  fail(message: string): never {
    return refuse('E070', `line ${this.line}: ${message}`);
  }
}

class GraphParser {
  readonly #reader: Reader;
  readonly #nodes: Node[] = [];
  /** By reference: `%x`, `@x`. */
  readonly #byReference = new Map<string, Node>();

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  graph(): Graph {
    const reader = this.#reader;
    reader.expect('graph');
    const name = reader.name();
    reader.expect('{');
    while (!reader.accept('return')) this.#statement();
    const outputs: { name: string; node: Node }[] = [];
    while (!reader.accept('}')) {
      const output = reader.name();
      if (outputs.some((other) => other.name === output)) reader.fail(`there are two outputs ${output}`);
      reader.expect('=');
      outputs.push({ name: output, node: this.#reference() });
      if (reader.peek() !== '}') reader.expect(',');
    }
    if (!reader.isAtEnd) reader.fail(`nothing comes after the graph, but here is ${reader.take()}`);
    const inputs = this.#nodes
      .filter((node) => node.op === 'input')
      .map((node) => ({ name: node.name, node }));
    return { name, inputs, outputs, nodes: this.#nodes };
  }

  #statement(): void {
    const reader = this.#reader;
    const sigil = reader.take();
    if (sigil !== '%' && sigil !== '@') reader.fail(`expected %value, @weight or return, found ${sigil}`);
    const name = reader.name();
    const reference = sigil + name;
    if (this.#byReference.has(reference)) reader.fail(`${reference} stands here twice`);
    const node = sigil === '@' ? this.#constant(name) : this.#value(name);
    this.#nodes.push(node);
    this.#byReference.set(reference, node);
  }

  #constant(name: string): ConstantNode {
    const type = this.#sized(name);
    const isStatistic = this.#reader.accept('statistic');
    const values = this.#reader.accept('=') ? this.#reader.list(() => this.#reader.number()) : undefined;
    if (values && values.length !== sizeOf(type.shape))
      this.#reader.fail(
        `@${name} has ${values.length} values; ${showType(type)} needs ${sizeOf(type.shape)}`,
      );
    const data = values && Float32Array.from(values);
    const init = type.shape.length > 1 ? 'he' : 'one';
    return { op: 'constant', name, type, origins: [originOf(name, 'weight')], data, init, isStatistic };
  }

  #value(name: string): InputNode | OpNode {
    this.#reader.expect('=');
    const origins = [originOf(name, this.#reader.peek())];
    if (this.#reader.accept('input')) {
      return { op: 'input', name, type: this.#filled(this.#sized(name)), origins };
    }
    const { op, attrs, operands } = this.#use(false);
    const epilogue: EpilogueStep[] = [];
    // `#use` read names and attributes of the operator's own; the verifier checks the rest.
    while (this.#reader.accept('then')) epilogue.push(this.#use(true) as unknown as EpilogueStep);
    const computation = computationOf({ op, attrs, operands, epilogue });
    const node = { ...computation, type: this.#filled(this.#type()), name, origins };
    this.#reader.guard(() => {
      verifyOp(node);
      checkSize(node.type, `%${name}`);
    });
    return node;
  }

  /** `conv(%x, weight=@w) {groups=2}` */
  #use(isEpilogue: boolean): { op: OpName; attrs: object; operands: object } {
    const op = this.#operator();
    const specs = operatorOf(op).operands;
    const operands = Object.fromEntries(Object.keys(specs).map((operand) => [operand, undefined]));
    const settings = Object.entries(operatorOf(op).attrs).map(
      ([attr, spec]) => [attr, spec.default] as const,
    );
    const attrs: Record<string, AttrValue> = Object.fromEntries(settings);
    const reader = this.#reader;
    const given: Record<string, Node | readonly Node[]> = {};
    const own = Object.keys(specs).filter((operand) => !isEpilogue || operand !== resultOperand(op));
    if (reader.accept('('))
      while (!reader.accept(')')) {
        const isFirst = !isEpilogue && ['%', '@', '['].includes(reader.peek());
        const operand = isFirst ? resultOperand(op) : reader.name();
        if (!isFirst) reader.expect('=');
        if (!own.includes(operand)) reader.fail(`${op} has no operand ${operand}`);
        if (Object.hasOwn(given, operand)) reader.fail(`${op} gets its operand ${operand} twice`);
        given[operand] = specs[operand] === 'many' ? reader.list(() => this.#reference()) : this.#reference();
        if (reader.peek() !== ')') reader.expect(',');
      }
    const written = new Set<string>();
    if (reader.accept('{'))
      while (!reader.accept('}')) {
        const attr = reader.name();
        reader.expect('=');
        if (!Object.hasOwn(operatorOf(op).attrs, attr)) reader.fail(`${op} has no attribute ${attr}`);
        if (written.has(attr)) reader.fail(`${op} gets its attribute ${attr} twice`);
        written.add(attr);
        attrs[attr] = this.#attribute(operatorOf(op).attrs[attr]!);
        if (reader.peek() !== '}') reader.expect(',');
      }
    for (const operand of own)
      if (specs[operand] !== 'optional' && given[operand] === undefined)
        reader.fail(`${op} lacks its operand ${operand}`);
    const inOrder = own.flatMap((operand) => (given[operand] ? [[operand, given[operand]] as const] : []));
    return { op, attrs, operands: { ...(!isEpilogue && operands), ...Object.fromEntries(inOrder) } };
  }

  #operator(): OpName {
    const name = this.#reader.name();
    const known = Object.keys(OPS).find((op): op is OpName => op === name);
    return known ?? this.#reader.fail(`there is no operator ${name}${didYouMean(name, Object.keys(OPS))}`);
  }

  #attribute(spec: AttrSpec<AttrValue>): AttrValue {
    const reader = this.#reader;
    switch (typeof spec.default) {
      case 'number':
        return reader.number();
      case 'boolean':
        return reader.accept('true') || (reader.expect('false'), false);
      case 'object':
        return reader.list(() => reader.number());
      default:
        return reader.name();
    }
  }

  /** Nothing is computed without elements. */
  #filled(type: TensorType): TensorType {
    return sizeOf(type.shape) > 0 ? type : this.#reader.fail('a value has sizes of 1 or more');
  }

  /** `: f32[1,28,28,6]` */
  #type(): TensorType {
    const reader = this.#reader;
    reader.expect(':');
    reader.expect('f32');
    const type = f32(...reader.list(() => reader.number()));
    return isShape(type.shape) ? type : reader.fail(`${showType(type)} is no type: sizes are whole numbers`);
  }

  /** The type of what no operator makes. */
  #sized(name: string): TensorType {
    const type = this.#type();
    this.#reader.guard(() => checkSize(type, name));
    return type;
  }

  #reference(): Node {
    const reference = this.#reader.take() + this.#reader.name();
    return this.#byReference.get(reference) ?? this.#reader.fail(`${reference} is not known here`);
  }
}

const originOf = (path: string, keyword: string): Origin => ({ path, keyword, blocks: [] });
