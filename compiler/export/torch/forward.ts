// The nodes of a graph → the statements of `forward`: one for each layer of the program, in its order.
import {
  inputsOf,
  isConstant,
  isOp,
  type ConstantNode,
  type Graph,
  type GraphInput,
  type GraphOutput,
  type Node,
  type OpNode,
} from '../../ir/graph.ts';
import { mapOperands, operatorOf } from '../../ir/semantics.ts';
import type { OpName } from '../../ops/index.ts';
import { channelsFirst, channelsLast } from '../../ops/onnx.ts';
import { permuted, show } from '../../ops/torch.ts';
import { channelsFirstPerm } from '../../ops/transpose.ts';
import { invariant } from '../../support/assert.ts';
import { refuse, Refusal, type Complaint } from '../../support/refusal.ts';
import { sameShape, sizeOf, type Shape, type TensorType } from '../../tensor/types.ts';
import type { ModuleTree, Place, TensorKind } from './modules.ts';
import { literal } from './names.ts';
import { Variables } from './variables.ts';

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
export function ownerOf({ name }: ConstantNode): Place {
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
  const reading = new Reading(graph, variables, modules);
  for (const node of graph.nodes.filter(isOp)) {
    if (variables.isOther(node)) continue;
    try {
      const text = withoutDouble(expressionOf(node, reading, { modules, helpers }));
      if (variables.isInlined(node)) reading.inlined.set(node, text);
      else statements.push({ text: `${variables.assign(node)} = ${text}`, comment: sizes(node.type) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { path, keyword } = node.origins[0]!;
      complaints.push({ ...error.complaint, message: `${path} (${keyword}): ${error.message}` });
      variables.assign(node);
    }
  }
  const results = graph.outputs.map((output) => `${literal(output.name)}: ${reading.output(output)}`);
  const [only] = graph.outputs;
  const result = graph.outputs.length === 1 ? reading.output(only!) : `{${results.join(', ')}}`;
  return {
    parameters: graph.inputs.map(({ node }) => variables.of(node)),
    statements: [...statements, { text: `return ${result}` }],
    helpers: [...helpers.values()],
    complaints,
  };
}

const sizes = ({ shape }: TensorType): string => channelsFirst(shape).slice(1).join('×');

/** A value, and the axis of it that each axis of the one that is meant is. */
interface View {
  readonly text: string;
  readonly perm: readonly number[];
}

/** Values as operators read them: with channels first. Transposes become one `permute`, or nothing. */
class Reading {
  readonly inlined = new Map<Node, string>();
  readonly #variables: Variables;
  readonly #modules: ModuleTree;
  readonly #inputs: ReadonlyMap<Node, GraphInput>;

  constructor(graph: Graph, variables: Variables, modules: ModuleTree) {
    this.#variables = variables;
    this.#modules = modules;
    this.#inputs = new Map(graph.inputs.map((input) => [input.node, input]));
  }

  /** A value as the operand of that name. */
  operand(node: Node, name: string): string {
    // Nobody learns where to look.
    return written(this.#view(node, name === 'indices' ? 'buffer' : 'parameter'));
  }

  /** An output as callers get it: in the axes of the model or, where it says none, channels first. */
  output({ node, dims }: GraphOutput): string {
    const view = this.#view(node, 'buffer');
    if (!dims) return written(view);
    const { shape } = node.type;
    const ours = shape.length < 3 ? view : { ...view, perm: composed(view.perm, channelsLast(shape.length)) };
    return reshaped(written(ours), shape, dims);
  }

  /** What no layer owns is, where it is read first, a tensor of that kind; or a number. */
  #view(node: Node, kind: TensorKind): View {
    if (node.op === 'transpose') {
      const { text, perm } = this.#view(node.operands.x, kind);
      return { text, perm: composed(perm, channelsFirstPerm(node.attrs.perm)) };
    }
    const axes = axesOf(node.type.shape);
    if (isConstant(node)) return { text: this.#constant(node, kind), perm: channelsFirst(axes) };
    if (this.#variables.isAsGiven(node)) return { text: this.#variables.of(node.operands.x), perm: axes };
    const dims = this.#inputs.get(node)?.dims;
    if (dims)
      return { text: reshaped(this.#variables.of(node), dims, node.type.shape), perm: channelsFirst(axes) };
    const text = this.inlined.get(node);
    if (text === undefined) return { text: this.#variables.of(node), perm: axes };
    return { text: hasOperator(text) ? `(${text})` : text, perm: axes };
  }

  #constant(constant: ConstantNode, kind: TensorKind): string {
    const { type, init, data } = constant;
    if (init === 'literal') return show(data![0]! < 0 ? `(${data![0]})` : data![0]!);
    const fill = init === 'one' ? 'ones' : 'zeros';
    return this.#modules.tensor(ownerOf(constant), `torch.${fill}(${type.shape.join(', ')})`, kind);
  }
}

const axesOf = (shape: Shape): number[] => shape.map((_, axis) => axis);
const composed = (first: readonly number[], second: readonly number[]): number[] =>
  second.map((axis) => first[axis]!);
const written = ({ text, perm }: View): string => permuted(text, perm);

/** The same elements under another shape, for any batch: where there are elements, they say how large it is. */
function reshaped(text: string, from: Shape, to: Shape): string {
  if (sameShape(from, to)) return text;
  if (to.length === 0) return `${text}.reshape(())`;
  const first = sizeOf(to) === 0 ? to[0] : -1;
  return `${text}.reshape(${[first, ...to.slice(1)].join(', ')})`;
}

interface Definitions {
  readonly modules: ModuleTree;
  readonly helpers: Map<string, string>;
}

function expressionOf(node: OpNode, reading: Reading, definitions: Definitions): string {
  invariant(node.epilogue.length === 0, `${node.name} is not fused yet`);
  return (
    inModule(node, reading, definitions) ??
    said(node, (each, name) => reading.operand(each, name), definitions)
  );
}

type Operand = (node: Node, name: string) => string;

/** The operator as a layer that has its weights; undefined where it is none. */
function inModule(node: OpNode, reading: Reading, definitions: Definitions): string | undefined {
  let isModule = false;
  const text = said(
    node,
    (each, name) => (isConstant(each) ? '' : reading.operand(each, name)),
    definitions,
    (constructor) => {
      isModule = true;
      return definitions.modules.define(moduleOf(node), constructor);
    },
  );
  return isModule ? text : undefined;
}

function said(
  node: OpNode,
  operand: Operand,
  { helpers }: Definitions,
  module: (constructor: string) => string = () => '',
): string {
  return operatorOf(node.op).torch(mapOperands<OpName, Node, string>(node.operands, operand), node.attrs, {
    types: mapOperands<OpName, Node, TensorType>(node.operands, ({ type }) => type) as never, // of this very operator
    out: node.type,
    module,
    helper: (name, definition) => {
      helpers.set(name, definition);
      return name;
    },
  });
}

/** The path of the layer whose weights a node reads. Throws a `Refusal` where there is no such layer. */
function moduleOf(node: OpNode): string {
  const weights = inputsOf(node).filter(isConstant);
  const operands = Object.entries<Node | readonly Node[] | undefined>(node.operands);
  const path = weights[0] ? ownerOf(weights[0]).path : '';
  const belongs = operands.every(([name, each]) => {
    if (each === undefined || !('op' in each) || !isConstant(each)) return true;
    const owner = ownerOf(each);
    return owner.path === path && owner.key === KEYS[name];
  });
  if (path.split('.').includes('training'))
    refuse('E047', 'no layer of PyTorch can have the name training: it is a property of all');
  if (!belongs || path === '')
    refuse('E047', `its weights ${weights.map(({ name }) => name).join(', ')} are not those of one module`);
  return path;
}

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
