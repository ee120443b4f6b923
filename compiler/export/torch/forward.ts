// The nodes of a graph → the statements of `forward`: one for each layer of the program, in its order.
import {
  inputsOf,
  isConstant,
  isOp,
  type ConstantNode,
  type Graph,
  type Node,
  type OpNode,
} from '../../ir/graph.ts';
import { mapOperands, operatorOf } from '../../ir/semantics.ts';
import type { OpName } from '../../ops/index.ts';
import { channelsFirst } from '../../ops/onnx.ts';
import { invariant } from '../../support/assert.ts';
import { refuse, Refusal, type Complaint } from '../../support/refusal.ts';
import type { TensorType } from '../../tensor/types.ts';
import type { ModuleTree } from './modules.ts';
import { identifier, literal } from './names.ts';
import { NameAllocator } from '../../support/names.ts';

export interface Forward {
  /** `x`, or one for each input. */
  readonly parameters: readonly string[];
  readonly statements: readonly Statement[];
  /** Functions beside the class. */
  readonly helpers: readonly string[];
  /** What PyTorch cannot say. */
  readonly complaints: readonly Complaint[];
}

export interface Statement {
  readonly text: string;
  /** Sizes of the result: `64×112×112`. */
  readonly comment?: string;
}

/** The module that a weight belongs to, and how PyTorch names the weight in it. */
export function ownerOf({ name }: ConstantNode): { readonly path: string; readonly key: string } {
  const dot = name.lastIndexOf('.');
  return { path: name.slice(0, Math.max(0, dot)), key: name.slice(dot + 1) };
}

/** How a module's parameters are called, by our names of operands. */
const KEYS: Readonly<Record<string, string>> = {
  weight: 'weight',
  bias: 'bias',
  mean: 'running_mean',
  variance: 'running_var',
  slope: 'weight',
};

/** `graph` is as the program says it, before any pass. */
export function writeForward(graph: Graph, modules: ModuleTree): Forward {
  const variables = new Variables(graph);
  const helpers = new Map<string, string>();
  const complaints: Complaint[] = [];
  const statements: Statement[] = [];
  const expressions = new Map<Node, string>();
  const operand = (node: Node): string => {
    const inlined = expressions.get(node);
    if (inlined === undefined) return variables.of(node);
    return hasOperator(inlined) ? `(${inlined})` : inlined;
  };
  for (const node of graph.nodes.filter(isOp)) {
    try {
      const text = withoutDouble(expressionOf(node, operand, { modules, helpers }));
      if (variables.isInlined(node)) expressions.set(node, text);
      else statements.push({ text: `${variables.assign(node)} = ${text}`, comment: sizes(node.type) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { path, keyword } = node.origins[0]!;
      complaints.push({ ...error.complaint, message: `${path} (${keyword}): ${error.message}` });
      variables.assign(node);
    }
  }
  const results = graph.outputs.map(({ name, node }) => `${literal(name)}: ${variables.of(node)}`);
  const [only] = graph.outputs;
  const result = graph.outputs.length === 1 ? variables.of(only!.node) : `{${results.join(', ')}}`;
  return {
    parameters: graph.inputs.map(({ node }) => variables.of(node)),
    statements: [...statements, { text: `return ${result}` }],
    helpers: [...helpers.values()],
    complaints,
  };
}

const sizes = ({ shape }: TensorType): string => channelsFirst(shape).slice(1).join('×');

interface Definitions {
  readonly modules: ModuleTree;
  readonly helpers: Map<string, string>;
}

function expressionOf(
  node: OpNode,
  operand: (node: Node) => string,
  { modules, helpers }: Definitions,
): string {
  invariant(node.epilogue.length === 0, `${node.name} is not fused yet`);
  const { torch } = operatorOf(node.op);
  if (!torch) refuse('E047', `'${node.op}' is not exported to PyTorch`);
  const weights = inputsOf(node).filter(isConstant);
  const text = torch(
    mapOperands<OpName, Node, string>(node.operands, (each, name) =>
      isConstant(each) ? `${modules.reach(ownerOf(each).path)}.${KEYS[name]}` : operand(each),
    ),
    node.attrs,
    {
      types: mapOperands<OpName, Node, TensorType>(node.operands, ({ type }) => type) as never, // of this very operator
      out: node.type,
      module: (constructor) => {
        const { path } = ownerOf(weights[0]!);
        const belongs = Object.entries<Node | readonly Node[] | undefined>(node.operands).every(
          ([name, each]) => {
            if (each === undefined || !('op' in each) || !isConstant(each)) return true;
            const owner = ownerOf(each);
            return owner.path === path && owner.key === KEYS[name];
          },
        );
        if (path.split('.').includes('training'))
          refuse('E047', 'no layer of PyTorch can have the name training: it is a property of all');
        if (!belongs || path === '')
          refuse(
            'E047',
            `its weights ${weights.map(({ name }) => name).join(', ')} are not those of one module`,
          );
        weights.length = 0;
        return modules.define(path, constructor);
      },
      helper: (name, definition) => {
        helpers.set(name, definition);
        return name;
      },
    },
  );
  if (weights.length > 0) refuse('E047', `PyTorch has no module for its weights (${weights[0]!.name})`);
  return text;
}

/** Names of values. A value's name is free again after its last reader, and the first free one is taken. */
class Variables {
  readonly #names = new Map<Node, string>();
  readonly #free: string[] = [];
  readonly #allocator = new NameAllocator(['self', 'torch', 'nn', 'F', 'take', 'stretch', 'range']);
  readonly #readers: ReadonlyMap<Node, readonly Node[]>;
  readonly #outputs: ReadonlySet<Node>;
  readonly #unread = new Map<Node, number>();
  #made = 0;

  constructor(graph: Graph) {
    const readers = new Map<Node, Node[]>();
    for (const node of graph.nodes)
      for (const input of inputsOf(node)) readers.set(input, [...(readers.get(input) ?? []), node]);
    this.#readers = readers;
    this.#outputs = new Set(graph.outputs.map(({ node }) => node));
    for (const { name, node } of graph.inputs)
      this.#names.set(
        node,
        graph.inputs.length === 1 ? this.#next() : this.#allocator.take(identifier(name)),
      );
  }

  of(node: Node): string {
    return this.#names.get(node)!;
  }

  /** A part of its layer that only the next part of it reads. */
  isInlined(node: OpNode): boolean {
    const [reader, ...others] = this.#readers.get(node) ?? [];
    if (reader === undefined || others.length > 0 || this.#outputs.has(node)) return false;
    return reader.origins[0]!.path === node.origins[0]!.path;
  }

  /** Called when everything that the value is made of has been read. */
  assign(node: OpNode): string {
    for (const read of this.#readBy(node)) this.#release(read);
    const name = this.#free.toSorted(byAge)[0] ?? this.#next();
    if (this.#free.includes(name)) this.#free.splice(this.#free.indexOf(name), 1);
    this.#names.set(node, name);
    return name;
  }

  /** Values with names that the node reads, itself or by what it has inlined. */
  #readBy(node: Node): Node[] {
    return inputsOf(node).flatMap((input) =>
      isOp(input) && !this.#names.has(input) ? this.#readBy(input) : isConstant(input) ? [] : [input],
    );
  }

  #release(node: Node): void {
    const left = (this.#unread.get(node) ?? this.#readers.get(node)!.length) - 1;
    this.#unread.set(node, left);
    const name = this.#names.get(node)!;
    if (left === 0 && !this.#outputs.has(node) && isShort(name)) this.#free.push(name);
  }

  /** x, y, z, x4, x5, … */
  #next(): string {
    const name = SHORT[this.#made] ?? `x${this.#made + 1}`;
    this.#made++;
    return this.#allocator.take(name);
  }
}

const SHORT = ['x', 'y', 'z'];
const isShort = (name: string): boolean => /^([xyz]|x\d+)$/.test(name);
const byAge = (a: string, b: string): number => ageOf(a) - ageOf(b);
const ageOf = (name: string): number => (SHORT.includes(name) ? SHORT.indexOf(name) : Number(name.slice(1)));

/** Is there an operator outside of all brackets? */
function hasOperator(expression: string): boolean {
  let depth = 0;
  for (const character of expression) {
    if ('([{'.includes(character)) depth++;
    if (')]}'.includes(character)) depth--;
    if (depth === 0 && character === ' ') return true;
  }
  return false;
}

/** `F.relu((a + b))` → `F.relu(a + b)` */
function withoutDouble(expression: string): string {
  const [, callee, inner] = /^([\w.]+)\(\((.*)\)\)$/.exec(expression) ?? [];
  if (inner === undefined) return expression;
  let depth = 1;
  for (const character of inner) {
    depth += character === '(' ? 1 : character === ')' ? -1 : 0;
    if (depth === 0) return expression;
  }
  return `${callee}(${inner})`;
}
