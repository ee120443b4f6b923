// Walks an ONNX graph, operands before their users, and lets each operator's importer emit nodes of ours.
import type { Graph, Node, Origin } from '../ir/graph.ts';
import { verify } from '../ir/verify.ts';
import { isPortName, NameAllocator, toPath } from '../support/names.ts';
import { refuse, Refusal, type Complaint } from '../support/refusal.ts';
import { sizeOf } from '../tensor/types.ts';
import { requireAttributes } from './attributes.ts';
import { Call } from './call.ts';
import { CONTROL_FLOW, type Run } from './control-flow.ts';
import { elementType } from './elements.ts';
import { Emitter, requireShape, type Purpose } from './emitter.ts';
import type { OnnxDim, OnnxFile, OnnxGraph, OnnxNode, OnnxValueInfo, OnnxTensor } from './model.ts';
import { argument, quoted } from '../support/quoted.ts';
import { nodeTitle, sorted } from './order.ts';
import { IMPORTS } from './operators/index.ts';
import { reasonAgainst, reasonAgainstUse } from './unsupported.ts';
import { plainOrder, type Value } from './value.ts';
import { wholeRanges } from './whole-ranges.ts';

export interface ImportOptions {
  readonly name: string;
  /** Inputs that are really parameters, by name. */
  readonly constants?: Readonly<Record<string, ArrayLike<number | bigint | boolean>>>;
  /** Sizes of inputs that the model leaves open, by name. */
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
}

export interface Imported {
  /** Undefined when there were complaints. */
  readonly graph?: Graph;
  readonly complaints: readonly Complaint[];
}

/** After so many nobody reads on. */
const MOST_COMPLAINTS = 20;

/** Inputs and outputs of one node: few enough to be arguments of a function. */
const MOST_OPERANDS = 2 ** 13;

/** Nodes of branches and rounds of loops, together. */
const MOST_INLINED = 2 ** 15;

/** The newest version of ONNX's operators whose changes are known. */
const NEWEST = 28;

/** The graph of a model whose external data is at hand. Bad models give complaints, never an exception. */
export function importGraph(file: OnnxFile, options: ImportOptions, purpose: Purpose = 'network'): Imported {
  const importer = new Importer(file, options, purpose);
  try {
    return importer.run();
  } catch (error) {
    if (error instanceof Refusal) return { complaints: [...importer.complaints, error.complaint] };
    throw error;
  }
}

/** What could not be imported; everything that depends on it stays silent. */
const POISON = 'poison';
type Known = Value | typeof POISON;

class Importer {
  readonly complaints: Complaint[] = [];
  readonly #file: OnnxFile;
  readonly #options: ImportOptions;
  readonly #emitter: Emitter;
  readonly #values = new Map<string, Known>();
  /** What the file calls the inputs of the graph, in their order. */
  readonly #inputNames: string[] = [];
  readonly #outputs = new NameAllocator();
  /** Nodes of operators that are not supported, by operator and reason. */
  readonly #unknown = new Map<
    string,
    { readonly op: string; readonly reason: string | undefined; readonly nodes: string[] }
  >();
  #count = 0;
  #inlined = 0;

  constructor(file: OnnxFile, options: ImportOptions, purpose: Purpose) {
    this.#file = file;
    this.#options = options;
    this.#emitter = new Emitter(options.name, purpose);
  }

  run(): Imported {
    const { graph } = this.#file;
    this.#initializers(graph);
    this.#requireKnown();
    this.#inputs(graph);
    this.#nodes(graph);
    if (graph.outputs.length === 0) refuse('E090', 'the graph has no outputs');
    const outputs = graph.outputs.map((output) => ({
      output,
      value: this.#valueOf(output.name, 'an output'),
    }));
    for (const { name } of this.#emitter.builder.inputs) this.#outputs.take(name);
    this.#complainOfUnknown();
    if (this.complaints.length > 0) return { complaints: this.complaints };
    for (const { output, value } of outputs) {
      if (value === POISON || value === undefined) continue;
      this.#emitter.at({ path: toPath(output.name), keyword: 'Output', blocks: [] });
      const plain = this.#emitter.inOrder(value, plainOrder(value.dims.length));
      const name = this.#outputs.take(isPortName(output.name) ? output.name : toPath(output.name));
      this.#emitter.builder.output(name, this.#asItem(plain), { dims: value.dims });
    }
    return { graph: verify(this.#withRanges(this.#emitter.finish())), complaints: [] };
  }

  /** The graph's inputs with the numbers that make sense for them. */
  #withRanges(graph: Graph): Graph {
    const rangeOf = wholeRanges(sorted(this.#file.graph), (name) => {
      const value = this.#values.get(name);
      return value === POISON ? undefined : value;
    });
    const inputs = graph.inputs.map((input, i) => {
      const whole = rangeOf(this.#inputNames[i]!);
      return whole ? { ...input, whole } : input;
    });
    return { ...graph, inputs };
  }

  #initializers(graph: OnnxGraph): void {
    for (const tensor of graph.initializers) {
      const shown = `the initializer ${quoted(tensor.name)}`;
      const { sort, name: type } = elementType(tensor.type, shown);
      if (this.#values.has(tensor.name)) refuse('E090', `${shown} is there twice`);
      const { dims } = tensor;
      const given = this.#overriding(tensor);
      const path = toPath(tensor.name);
      this.#emitter.at({ path, keyword: 'Constant', blocks: [] });
      const node = given
        ? this.#emitter.weight(path, given, dims.length === 0 ? [1] : dims)
        : this.#emitter.stored(path, tensor);
      this.#values.set(tensor.name, { node, dims, order: plainOrder(dims.length), sort, type });
    }
  }

  /** What the caller gives instead of an initializer: it is only the default of an input. */
  #overriding({ name, dims }: OnnxTensor): Float32Array | undefined {
    const given = own(this.#options.constants, name);
    if (!given) return undefined;
    if (given.length !== sizeOf(dims))
      refuse(
        'E092',
        `the input ${quoted(name)} is ${dims.join('×')}, ${sizeOf(dims)} numbers, but ${given.length} are given`,
      );
    return Float32Array.from(given, Number);
  }

  /** Inputs that are initializers too have these as defaults. */
  #inputs({ inputs, initializers }: OnnxGraph): void {
    const defaults = new Set(initializers.map(({ name }) => name));
    for (const input of inputs) {
      if (defaults.has(input.name)) continue;
      if (this.#values.has(input.name)) refuse('E090', `the input ${quoted(input.name)} is there twice`);
      this.#input(input);
    }
  }

  #input(info: OnnxValueInfo): void {
    const { name } = info;
    const shown = `the input ${quoted(name)}`;
    if (!info.tensor) refuse('E091', `${shown} is no tensor`);
    const { sort, name: type } = elementType(info.tensor.type, shown);
    const given = own(this.#options.constants, name);
    const dims = this.#inputDims(name, info.tensor.dims, given?.length);
    const path = toPath(name);
    const order = plainOrder(dims.length);
    this.#emitter.at({ path, keyword: 'Input', blocks: [] });
    if (given || sizeOf(dims) === 0) {
      const data = Float32Array.from(given ?? [], Number);
      if (data.length !== sizeOf(dims))
        refuse(
          'E092',
          `${shown} is ${dims.join('×')}, ${sizeOf(dims)} numbers, but ${data.length} are given`,
        );
      const node = this.#emitter.weight(path, data, dims.length === 0 ? [1] : dims);
      this.#values.set(name, { node, dims, order, sort, type });
      return;
    }
    const item = itemShape(dims);
    const isSaid = own(this.#options.shapes, name) !== undefined;
    const batch = info.tensor.dims?.[0];
    const hasOpenBatch = !isSaid && item === dims && !(typeof batch === 'number' && batch > 0);
    const node = this.#emitter.input(name, { dims, item, hasOpenBatch });
    this.#inputNames.push(name);
    this.#values.set(name, { node: this.#emitter.view(node, dims), dims, order, sort, type });
  }

  /** The sizes of an input: as asked for, else as the model says them; a batch that is left open is 1. */
  #inputDims(name: string, said: readonly OnnxDim[] | undefined, count: number | undefined): number[] {
    const shown = `the input ${quoted(name)}`;
    const asked = own(this.#options.shapes, name);
    requireShape(asked ?? said?.map(() => 1) ?? []);
    const show = (dims: readonly OnnxDim[]) => dims.map((dim) => dim ?? '?').join('x');
    const help = (dims: readonly OnnxDim[]) => ({
      help: `give its sizes: --shape ${argument(name)}=${dims.map((dim, axis) => (typeof dim === 'number' && dim > 0 ? dim : axis === 0 ? 1 : '…')).join('x')}`,
    });
    if (asked) {
      const clashes =
        said &&
        (said.length !== asked.length ||
          said.some((dim, axis) => typeof dim === 'number' && dim > 0 && dim !== asked[axis]));
      if (clashes) refuse('E092', `${shown} is ${show(said)} in the model, not ${asked.join('x')}`);
      if (said && asked.some((size, axis) => size === 0 && said[axis] !== 0))
        refuse('E092', `${shown} cannot be ${asked.join('x')}: there would be nothing in it`, help(said));
      return [...asked];
    }
    if (!said) {
      if (count !== undefined) return [count];
      return refuse('E092', `the model does not say the shape of ${shown}`, {
        help: `give it: --shape ${argument(name)}=1x3x224x224`,
      });
    }
    return said.map((dim, axis) => {
      if (typeof dim === 'number' && dim >= 0 && !(dim === 0 && axis === 0 && said.length > 2)) return dim;
      if (typeof dim === 'number' && dim < -1) refuse('E090', `${shown} has the size ${dim}`);
      if (axis === 0) return count === undefined || said.length > 1 ? 1 : count;
      return refuse(
        'E092',
        `${shown} is ${show(said)}: its size ${quoted(String(dim ?? '?'))} is left open`,
        help(said),
      );
    });
  }

  /** Whatever is given must be of the model. */
  #requireKnown(): void {
    const names = new Set(this.#file.graph.inputs.map(({ name }) => name));
    const { constants = {}, shapes = {} } = this.#options;
    for (const name of [...Object.keys(constants), ...Object.keys(shapes)])
      if (!names.has(name))
        refuse('E092', `the model has no input ${quoted(name)}`, {
          help: `its inputs: ${[...names].slice(0, 20).map(argument).join(', ')}`,
        });
  }

  #nodes(graph: OnnxGraph): void {
    for (const node of sorted(graph)) this.#node(node);
  }

  #node(node: OnnxNode): void {
    this.#count++;
    if (node.inputs.length + node.outputs.length > MOST_OPERANDS)
      refuse('E091', `${nodeTitle(node)} has more than ${MOST_OPERANDS} inputs and outputs`);
    const name = node.name || node.outputs.find((output) => output !== '');
    const path = toPath(name ?? `${node.op}${this.#count}`);
    const values = node.inputs.map((name) =>
      name === '' ? undefined : this.#valueOf(name, nodeTitle(node)),
    );
    const importOp = node.domain === '' ? IMPORTS.get(node.op) : undefined;
    const control = node.domain === '' ? CONTROL_FLOW.get(node.op) : undefined;
    const isKnown = importOp !== undefined || control !== undefined;
    const reason = isKnown
      ? reasonAgainstUse(node, (i) => (values[i] === POISON ? undefined : values[i]))
      : reasonAgainst(node.domain, node.op);
    if (!isKnown || reason !== undefined) return this.#unsupported(node, reason);
    if (values.includes(POISON)) return this.#poison(node);
    const origin = { path, keyword: node.op, blocks: [], ...(name !== undefined && { node: name }) };
    this.#emitter.at(origin);
    try {
      requireAttributes(node);
      const opset = this.#opset();
      const call = new Call(node, {
        values: values as readonly (Value | undefined)[], // no poison among them
        opset,
        emitter: this.#emitter,
      });
      const results = importOp
        ? importOp(call)
        : control!(call, (graph, use) => this.#within(graph, origin, use));
      const list = 'node' in results ? [results] : results;
      node.outputs.forEach((name, i) => {
        if (name === '') return;
        const value = list[i];
        if (!value) refuse('E091', `its output ${i + 1} is not supported`);
        if (this.#values.has(name)) refuse('E090', `${quoted(name)}, which it gives, is there already`);
        this.#values.set(name, value);
      });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (this.complaints.length < MOST_COMPLAINTS)
        this.complaints.push({
          ...error.complaint,
          message: `${nodeTitle(node)}: ${error.complaint.message}`,
        });
      this.#poison(node);
    }
  }

  #unsupported(node: OnnxNode, reason: string | undefined): void {
    const op = node.domain === '' ? node.op : `${node.domain}.${node.op}`;
    const key = `${op} ${reason}`;
    const unknown = this.#unknown.get(key) ?? { op, reason, nodes: [] };
    this.#unknown.set(key, unknown);
    unknown.nodes.push(node.name || node.outputs[0] || '');
    this.#poison(node);
  }

  #opset(): number {
    const opset = this.#file.opsets.get('') ?? refuse('E090', 'the model does not say its operator set');
    if (opset >= 1 && opset <= NEWEST) return opset;
    return refuse('E091', `operator set ${opset} is not supported; ${NEWEST} is the newest that is`);
  }

  /** Lets `use` run a graph within a node, as if its nodes stood here. */
  #within<T>(graph: OnnxGraph, origin: Origin, use: (run: Run) => T): T {
    this.#initializers(graph);
    const names = [...graph.inputs.map(({ name }) => name), ...graph.nodes.flatMap(({ outputs }) => outputs)];
    const result = use((inputs) => {
      this.#inlined += 1 + graph.nodes.length;
      if (this.#inlined > MOST_INLINED)
        refuse('E046', `its rounds are more than ${MOST_INLINED} nodes together`);
      for (const [i, { name }] of graph.inputs.entries()) {
        if (this.#values.has(name)) refuse('E090', `its graph's input ${quoted(name)} is there already`);
        this.#values.set(name, inputs[i] ?? refuse('E090', `its graph has ${graph.inputs.length} inputs`));
      }
      this.#nodes(graph);
      const results = graph.outputs.map(({ name }) => {
        const value = this.#valueOf(name, 'its graph');
        return value === POISON ? refuse('E091', 'its graph is not supported') : value;
      });
      // Other rounds and other branches use the same names.
      for (const name of names) this.#values.delete(name);
      this.#emitter.at(origin);
      return results;
    });
    for (const { name } of graph.initializers) this.#values.delete(name);
    return result;
  }

  #poison(node: OnnxNode): void {
    for (const name of node.outputs) if (name !== '') this.#values.set(name, POISON);
  }

  #valueOf(name: string, reader: string): Known {
    return (
      this.#values.get(name) ??
      refuse('E090', `${reader} reads ${quoted(name)}, which no input, initializer or node gives`)
    );
  }

  #complainOfUnknown(): void {
    if (this.#unknown.size === 0) return;
    const shown = [...this.#unknown.values()].slice(0, MOST_COMPLAINTS).map(({ op, reason, nodes }) => {
      const names = nodes.slice(0, 3).map(quoted);
      const list = `${argument(op)} ×${nodes.length} (${names.join(', ')}${nodes.length > 3 ? ', …' : ''})`;
      return reason === undefined ? list : `${list}, ${reason}`;
    });
    const others = this.#unknown.size - shown.length;
    const more = others > 0 ? `; and ${others} more` : '';
    this.complaints.push({
      code: 'E091',
      message: `the model uses operators that are not supported: ${shown.join('; ')}${more}`,
    });
  }

  /** As the runtime gives it: items of a batch, one of which is computed at a time. */
  #asItem(node: Node): Node {
    return this.#emitter.view(node, itemShape(node.type.shape));
  }
}

/** What an option says of a name, which may be that of a method of all objects. */
const own = <T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  record && Object.hasOwn(record, name) ? record[name] : undefined;

/** A tensor as one item of a batch; where its first axis has one element, that is the batch. */
const itemShape = (dims: readonly number[]): readonly number[] =>
  dims.length > 1 && dims[0] === 1 ? dims : [1, ...(dims.length === 0 ? [1] : dims)];
