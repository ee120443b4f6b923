// The text form read back: what text.ts prints is parsed to a graph that prints the same. Weights have
// no data unless the text gives it (`@scale : f32[2] = [1, 0.5]`); a number without brackets is a literal. Types are checked, not trusted.
import type { AttrSpec, AttrValue } from '../ops/define.ts';
import { OPS, type OpName } from '../ops/index.ts';
import { addNew } from '../support/add-new.ts';
import { refuse, Refusal } from '../support/refusal.ts';
import { didYouMean } from '../support/suggest.ts';
import { f32, showType, sizeOf, type TensorType } from '../tensor/types.ts';
import { checkSize } from './builder.ts';
import type { ConstantNode, EpilogueStep, Graph, InputNode, Node, OpNode, Origin } from './graph.ts';
import { computationOf, defaultAttrs, isOpName, operatorOf, resultOperand, stepOf } from './semantics.ts';
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
    this.expect('[');
    return this.until(']', read);
  }

  /** `a, b, …` and the mark behind them. */
  until<T>(end: string, read: () => T): T[] {
    const items: T[] = [];
    while (!this.accept(end)) {
      items.push(read());
      if (this.peek() !== end) this.expect(',');
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
    const known = new Set<string>();
    const outputs = reader.until('}', () => {
      const output = reader.name();
      if (!addNew(known, output)) reader.fail(`there are two outputs ${output}`);
      reader.expect('=');
      return { name: output, node: this.#reference() };
    });
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
    const given = this.#reader.accept('=') ? this.#given() : undefined;
    const values = typeof given === 'number' ? [given] : given;
    if (values && values.length !== sizeOf(type.shape))
      this.#reader.fail(
        `@${name} has ${values.length} values; ${showType(type)} needs ${sizeOf(type.shape)}`,
      );
    const data = values && Float32Array.from(values);
    const init = typeof given === 'number' ? 'literal' : type.shape.length > 1 ? 'he' : 'one';
    return { op: 'constant', name, type, origins: [originOf(name, 'weight')], data, init, isStatistic };
  }

  /** `[1, 0.5]`, or one number. */
  #given(): number | number[] {
    const reader = this.#reader;
    return reader.peek() === '[' ? reader.list(() => reader.number()) : reader.number();
  }

  #value(name: string): InputNode | OpNode {
    this.#reader.expect('=');
    const origins = [originOf(name, this.#reader.peek())];
    if (this.#reader.accept('input')) {
      return { op: 'input', name, type: this.#filled(this.#sized(name)), origins };
    }
    const use = this.#use();
    const epilogue: EpilogueStep[] = [];
    while (this.#reader.accept('then')) epilogue.push(this.#step());
    const computation = computationOf({ ...use, epilogue });
    const node = { ...computation, type: this.#filled(this.#type()), name, origins };
    this.#reader.guard(() => {
      verifyOp(node);
      checkSize(node.type, `%${name}`);
    });
    return node;
  }

  /** `conv(%x, weight=@w) {groups=2}` */
  #use() {
    const op = this.#operator();
    const names = Object.keys(operatorOf(op).operands);
    const absent = Object.fromEntries(names.map((name) => [name, undefined]));
    return { op, operands: { ...absent, ...this.#operands(op, names) }, attrs: this.#attributes(op) };
  }

  /** `mul(b=@scale)`: what it hangs on is its first operand. */
  #step(): EpilogueStep {
    const op = this.#operator();
    const others = Object.keys(operatorOf(op).operands).filter((name) => name !== resultOperand(op));
    return stepOf({ op, operands: this.#operands(op, others), attrs: this.#attributes(op) });
  }

  /** `(%x, weight=@w)`: those of an operator's operands that are `expected`. The first one may go without its name. */
  #operands(op: OpName, expected: readonly string[]): Record<string, Node | readonly Node[]> {
    const reader = this.#reader;
    const specs = operatorOf(op).operands;
    const given = new Map<string, Node | readonly Node[]>();
    const read = () => {
      const isUnnamed = expected.includes(resultOperand(op)) && ['%', '@', '['].includes(reader.peek());
      const operand = isUnnamed ? resultOperand(op) : reader.name();
      if (!isUnnamed) reader.expect('=');
      if (!expected.includes(operand)) reader.fail(`${op} has no operand ${operand}`);
      if (given.has(operand)) reader.fail(`${op} gets its operand ${operand} twice`);
      given.set(
        operand,
        specs[operand] === 'many' ? reader.list(() => this.#reference()) : this.#reference(),
      );
    };
    if (reader.accept('(')) reader.until(')', read);
    const missing = expected.find((operand) => specs[operand] !== 'optional' && !given.has(operand));
    if (missing !== undefined) reader.fail(`${op} lacks its operand ${missing}`);
    const inOrder = [...given].toSorted(([a], [b]) => expected.indexOf(a) - expected.indexOf(b));
    return Object.fromEntries(inOrder);
  }

  /** `{groups=2}`: attributes that are not written have their defaults. */
  #attributes(op: OpName): Record<string, AttrValue> {
    const reader = this.#reader;
    const specs = operatorOf(op).attrs;
    const written = new Map<string, AttrValue>();
    const read = () => {
      const attr = reader.name();
      reader.expect('=');
      if (!Object.hasOwn(specs, attr)) reader.fail(`${op} has no attribute ${attr}`);
      if (written.has(attr)) reader.fail(`${op} gets its attribute ${attr} twice`);
      written.set(attr, this.#attribute(specs[attr]!));
    };
    if (reader.accept('{')) reader.until('}', read);
    return { ...defaultAttrs(op), ...Object.fromEntries(written) };
  }

  #operator(): OpName {
    const name = this.#reader.name();
    if (isOpName(name)) return name;
    return this.#reader.fail(`there is no operator ${name}${didYouMean(name, Object.keys(OPS))}`);
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
