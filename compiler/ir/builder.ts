import type { AttrSpecs, AttrsOf, Kind, OpDefinition, OperandSpecs, OperandsOf } from '../ops/define.ts';
import { addNew } from '../support/add-new.ts';
import { invariant } from '../support/assert.ts';
import { NameAllocator, toPath } from '../support/names.ts';
import { refuse } from '../support/refusal.ts';
import { showName } from '../support/show-name.ts';
import { sameType, sizeOf, type TensorType } from '../tensor/types.ts';
import type {
  ConstantNode,
  Graph,
  GraphInput,
  GraphOutput,
  InputNode,
  Node,
  OpNode,
  Origin,
} from './graph.ts';
import { sameAttrs, shareTypes } from './alike.ts';
import { computationOf, defaultAttrs, inferType, isOpName } from './semantics.ts';

/** More elements than this in one tensor are refused: 2^31 float32 are 8 GiB. */
const MAX_ELEMENTS = 2 ** 31;

const NO_EPILOGUE: OpNode['epilogue'] = [];

interface ConstantOptions extends Pick<ConstantNode, 'init' | 'origins'> {
  readonly isStatistic?: boolean;
  readonly data?: Float32Array;
}

/** The only way to make nodes: types are inferred as the graph grows, operands before their users. */
export class GraphBuilder {
  readonly #name: string;
  readonly #nodes: Node[] = [];
  readonly #inputs: GraphInput[] = [];
  readonly #outputs: GraphOutput[] = [];
  readonly #names = new NameAllocator();
  readonly #inputNames = new NameAllocator();
  readonly #constants = new Set<string>();
  /** The last use of each operator, and the last constant of each number of axes: what follows is often like it. */
  readonly #lastUse = new Map<OpNode['op'], OpNode>();
  readonly #lastConstant: ConstantNode[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  /** An input that callers know by this name; its node is called by the path that the name makes. */
  input(
    name: string,
    type: TensorType,
    origin: Origin,
    more: Pick<GraphInput, 'image' | 'dims' | 'hasOpenBatch'> = {},
  ): InputNode {
    checkSize(type, name);
    const node: InputNode = { op: 'input', name: this.#names.take(toPath(name)), type, origins: [origin] };
    this.#nodes.push(node);
    this.#inputs.push({ name: this.#inputNames.take(name), node, ...more });
    return node;
  }

  /** Those made so far. */
  get inputs(): readonly GraphInput[] {
    return this.#inputs;
  }

  /** A weight at its path. Throws a `Refusal` when the path is taken. */
  constant(
    path: string,
    type: TensorType,
    { origins, init, isStatistic = false, data }: ConstantOptions,
  ): ConstantNode {
    checkSize(type, path);
    if (!addNew(this.#constants, path)) refuse('E050', `two weights have the path ${showName(path)}`);
    const axes = type.shape.length;
    const node: ConstantNode = {
      op: 'constant',
      name: path,
      type: shared(type, this.#lastConstant[axes]),
      origins,
      data,
      init,
      isStatistic,
    };
    this.#lastConstant[axes] = node;
    this.#nodes.push(node);
    return node;
  }

  /** A use of an operator. Throws a `Refusal` where operands and attributes do not go together. */
  op<Name extends string, O extends OperandSpecs, A extends AttrSpecs, K extends Kind>(
    definition: OpDefinition<Name, O, A, K>,
    operands: OperandsOf<O, Node>,
    attrs: Partial<AttrsOf<A>> | undefined,
    { name, origins }: Pick<OpNode, 'name' | 'origins'>,
  ): OpNode {
    const op: string = definition.name;
    invariant(isOpName(op), () => `${op} is in the table`);
    const last = this.#lastUse.get(op);
    const own = attrs ? { ...defaultAttrs(op), ...attrs } : defaultAttrs(op);
    const all = last && sameAttrs(last.attrs, own) ? last.attrs : own;
    // The definition is the table's, so name, operands and attributes belong together.
    const computation = computationOf({ op, attrs: all, operands, epilogue: NO_EPILOGUE });
    const isLikeLast = last?.attrs === all && shareTypes(definition.operands, last.operands, operands);
    const type = isLikeLast ? last.type : shared(inferType(computation), last);
    checkSize(type, name);
    const node: OpNode = { ...computation, name: this.#names.take(name), type, origins };
    this.#lastUse.set(op, node);
    this.#nodes.push(node);
    return node;
  }

  output(name: string, node: Node, more: Pick<GraphOutput, 'labels' | 'dims'> = {}): void {
    this.#outputs.push({ name, node, ...more });
  }

  finish(): Graph {
    return { name: this.#name, inputs: this.#inputs, outputs: this.#outputs, nodes: this.#nodes };
  }
}

/** The type, as the object that another node has if theirs are equal. */
const shared = (type: TensorType, other: Node | undefined): TensorType =>
  other && sameType(other.type, type) ? other.type : type;

/** Throws a `Refusal` (E046). */
export function checkSize(type: TensorType, name: string): void {
  if (sizeOf(type.shape) <= MAX_ELEMENTS) return;
  refuse('E046', `${showName(name)} would be a tensor of ${type.shape.join('×')}: more than 2^31 elements`);
}
