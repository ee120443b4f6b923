// The text form read back: what text.ts prints is parsed to a graph that prints the same. Weights have
// no data unless the text gives it (`@scale : f32[2] = [1, 0.5]`). Types are checked, not trusted.
import type { AttrSpec, AttrValue } from '../ops/define.ts';
import { OPS, type OpName } from '../ops/index.ts';
import { refuse, Refusal } from '../support/refusal.ts';
import { didYouMean } from '../support/suggest.ts';
import { f32, sameType, showType, sizeOf, type TensorType } from '../tensor/types.ts';
import {
  type ConstantNode,
  type EpilogueStep,
  type Graph,
  type InputNode,
  type Node,
  type OpNode,
  type Origin,
} from './graph.ts';
import { inferType, operatorOf, resultOperand, type Computation } from './semantics.ts';
import { verify } from './verify.ts';

/** Throws a `Refusal` (E070) that names the line. */
export function parseGraph(text: string): Graph {
  const reader = new Reader(text);
  try {
    return verify(new GraphParser(reader).graph());
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, message } = error.complaint;
    return refuse('E070', code === 'E070' ? message : `line ${reader.line}: ${message}`);
  }
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
    if (token.startsWith('"')) return String(JSON.parse(token));
    return /^[\w.+-]+$/.test(token) ? token : this.fail(`expected a name, found ${token}`);
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
    const outputs = [];
    while (!reader.accept('}')) {
      const output = reader.name();
      reader.expect('=');
      outputs.push({ name: output, node: this.#reference() });
      if (reader.peek() !== '}') reader.expect(',');
    }
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
    const type = this.#type();
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
    if (this.#reader.accept('input')) return { op: 'input', name, type: this.#type(), origins };
    const { op, attrs, operands } = this.#use(false);
    const epilogue: EpilogueStep[] = [];
    // `#use` read names and attributes of the operator's own; the verifier checks the rest.
    while (this.#reader.accept('then')) epilogue.push(this.#use(true) as unknown as EpilogueStep);
    const computation = { op, attrs, operands, epilogue } as unknown as Computation;
    const type = inferType(computation);
    const written = this.#type();
    if (!sameType(type, written))
      this.#reader.fail(`%${name} is ${showType(written)} here, but ${op} gives ${showType(type)}`);
    return { ...computation, name, type, origins };
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
    if (reader.accept('('))
      while (!reader.accept(')')) {
        const isFirst = ['%', '@', '['].includes(reader.peek());
        const operand = isFirst ? resultOperand(op) : reader.name();
        if (!isFirst) reader.expect('=');
        if (!Object.hasOwn(specs, operand)) reader.fail(`${op} has no operand ${operand}`);
        given[operand] = reader.peek() === '[' ? reader.list(() => this.#reference()) : this.#reference();
        if (reader.peek() !== ')') reader.expect(',');
      }
    if (reader.accept('{'))
      while (!reader.accept('}')) {
        const attr = reader.name();
        reader.expect('=');
        const spec = operatorOf(op).attrs[attr] ?? reader.fail(`${op} has no attribute ${attr}`);
        attrs[attr] = this.#attribute(spec);
        if (reader.peek() !== '}') reader.expect(',');
      }
    for (const [operand, multiplicity] of Object.entries(specs)) {
      const isResult = isEpilogue && operand === resultOperand(op);
      if (multiplicity !== 'optional' && !isResult && given[operand] === undefined)
        reader.fail(`${op} lacks its operand ${operand}`);
    }
    return { op, attrs, operands: isEpilogue ? given : { ...operands, ...given } };
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

  /** `: f32[1,28,28,6]` */
  #type(): TensorType {
    this.#reader.expect(':');
    this.#reader.expect('f32');
    return f32(...this.#reader.list(() => this.#reader.number()));
  }

  #reference(): Node {
    const reference = this.#reader.take() + this.#reader.name();
    return this.#byReference.get(reference) ?? this.#reader.fail(`${reference} is not known here`);
  }
}

const originOf = (path: string, keyword: string): Origin => ({ path, keyword, blocks: [] });
