// The graph: what every pass reads and writes.
//
// A network is a directed graph without cycles. Its nodes are inputs, constants (weights) and uses of
// operators from the table (compiler/ops). Each node makes exactly one value, so a node *is* its value,
// and operands refer to nodes directly.
//
// Invariants, checked by verify.ts before the first pass and after each:
// - nodes are immutable; a graph lists all of its nodes once, operands before their users;
// - every node's type is what its operator infers from its operands;
// - names are unique; constants' names are weight paths (`layer1.0.conv1.weight`);
// - sizes are numbers: the batch stands first and is 1 unless a plan for several items was asked for;
// - activations are channels-last (N, H, W, C or N, L, C or N, C), weights are in PyTorch's layouts.
//
// Element-wise operators may hang on the node before them as its epilogue: the same values, computed in
// the loop that stores the result. `conv %x … then relu` is one node with a one-step epilogue, and its
// type is the type after the epilogue. Views store nothing, and have none.
import type { Span } from '../../grammar/source.ts';
import type { ImageSpec, WholeRange } from '../../runtime/program.ts';
import type { Init } from '../ops/keyword.ts';
import type { OpAttrs, OpName, OpOperands, OpsOfKind } from '../ops/index.ts';
import type { Shape, TensorType } from '../tensor/types.ts';

/** Where in the user's program a node comes from; it stays through all passes. */
export interface Origin {
  /** Path of the layer: `layer1.0.conv1`. */
  readonly path: string;
  /** The word of the language (or ONNX operator) that made it. */
  readonly keyword: string;
  /** What an ONNX model calls the node, or its first output where it has no name. */
  readonly node?: string;
  readonly span?: Span;
  /** Uses of blocks around it, outermost first. */
  readonly blocks: readonly Frame[];
}

/** One use of a block. */
export interface Frame {
  readonly block: string;
  readonly path: string;
  readonly span: Span;
}

interface Common {
  /** Unique in the graph. */
  readonly name: string;
  readonly type: TensorType;
  /** More than one after fusion. */
  readonly origins: readonly Origin[];
}

export interface InputNode extends Common {
  readonly op: 'input';
}

/** A weight. Without data while only shapes matter. */
export interface ConstantNode extends Common {
  readonly op: 'constant';
  readonly data: Float32Array | undefined;
  /** How it begins when weights are random; a literal is a number of the program, and no weight. */
  readonly init: Init | 'literal';
  /** Running statistics are not counted as parameters. */
  readonly isStatistic: boolean;
}

/** A use of an operator: a union discriminated by `op`, derived from the table. */
export type OpNode<K extends OpName = OpName> = {
  [P in K]: Common & {
    readonly op: P;
    readonly attrs: OpAttrs<P>;
    readonly operands: OpOperands<P, Node>;
    readonly epilogue: readonly EpilogueStep[];
  };
}[K];

/** One element-wise operator applied to a result as it is stored: `first operand` is that result. */
export type EpilogueStep<K extends OpsOfKind<'scalar'> = OpsOfKind<'scalar'>> = {
  [P in K]: {
    readonly op: P;
    readonly attrs: OpAttrs<P>;
    /** Operands other than the result itself, by name. */
    readonly operands: Readonly<Record<string, Node>>;
  };
}[K];

export type Node = InputNode | ConstantNode | OpNode;

export interface GraphInput {
  readonly name: string;
  readonly node: InputNode;
  /**
   * Sizes that an ONNX model gives it, or a program whose INPUT has channels first; its axes are those of the caller
   * then, whatever they mean.
   */
  readonly dims?: Shape;
  /** With `dims`, whether the first of these may be any. */
  readonly hasOpenBatch?: boolean;
  /** How pictures become this input. */
  readonly image?: ImageSpec;
  /** An ONNX model takes whole numbers or truth values here: those to try it with. */
  readonly whole?: WholeRange;
}

export interface GraphOutput {
  readonly name: string;
  readonly node: Node;
  /** As of inputs. */
  readonly dims?: Shape;
  readonly labels?: readonly string[];
}

export interface Graph {
  readonly name: string;
  readonly inputs: readonly GraphInput[];
  readonly outputs: readonly GraphOutput[];
  /** All nodes, operands before their users. */
  readonly nodes: readonly Node[];
}

export const isOp = (node: Node): node is OpNode => node.op !== 'input' && node.op !== 'constant';
export const isConstant = (node: Node): node is ConstantNode => node.op === 'constant';

/** An operator with a weight and perhaps a bias, one number per channel of its result. */
export type Layer = OpNode<'conv' | 'fc' | 'deconv'>;

export const isLayer = (node: Node): node is Layer =>
  node.op === 'conv' || node.op === 'fc' || node.op === 'deconv';

/** A constant whose numbers come from outside the program. */
export const isWeight = (node: Node): node is ConstantNode =>
  node.op === 'constant' && node.init !== 'literal';

/** Named operands of one node, flat: those of its operator, then those of its epilogue. */
export function inputsOf(node: Node): Node[] {
  const inputs: Node[] = [];
  forEachInput(node, (input) => inputs.push(input));
  return inputs;
}

/** The same one by one, for questions asked so often that lists in between show. */
export function forEachInput(node: Node, visit: (input: Node) => void): void {
  if (!isOp(node)) return;
  const operands: Readonly<Record<string, Node | readonly Node[] | undefined>> = node.operands;
  for (const name in operands) {
    const operand = operands[name];
    if (operand === undefined) continue;
    if (isList(operand)) for (const each of operand) visit(each);
    else visit(operand);
  }
  for (const step of node.epilogue) for (const name in step.operands) visit(step.operands[name]!);
}

const isList = (operand: Node | readonly Node[]): operand is readonly Node[] => Array.isArray(operand);

/** The graph without nodes that no output needs. Inputs stay: they are the network's signature. */
export function dropDead(graph: Graph): Graph {
  const needed = new Set<Node>(graph.outputs.map(({ node }) => node));
  for (const node of graph.nodes.toReversed()) {
    if (needed.has(node)) for (const input of inputsOf(node)) needed.add(input);
  }
  const nodes = graph.nodes.filter((node) => needed.has(node) || node.op === 'input');
  return nodes.length === graph.nodes.length ? graph : { ...graph, nodes };
}
