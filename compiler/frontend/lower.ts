// Instances → graph: arguments are settled, types inferred, weights named. Instances come in an order in
// which every value is made before it is read.
import { spanText, type Span } from '../../grammar/source.ts';
import { GraphBuilder } from '../ir/builder.ts';
import type { Graph, Node } from '../ir/graph.ts';
import type { Value } from '../ops/argument.ts';
import { imageSpec, type INPUT_ARGS, type InputShape } from '../ops/input.ts';
import type { Keyword } from '../ops/keyword.ts';
import { reshape } from '../ops/reshape.ts';
import { transpose } from '../ops/transpose.ts';
import { refuse, Refusal } from '../support/refusal.ts';
import { f32, showItem } from '../tensor/types.ts';
import { isSameInBothOrders } from '../tensor/window.ts';
import { usedHere, type Diagnostics } from './diagnostics.ts';
import { evaluate, NoValue, reportNoValue } from './expression.ts';
import { helpWithVector, meantByChannelsFirst } from './input-shape.ts';
import type { Expansion, InputInstance, Instance, Literal, OperatorInstance } from './instance.ts';
import { LayerCall, originOf } from './layer-call.ts';
import type { ProgramSource } from './program-source.ts';
import { neighbourhoods, type Neighbourhood } from './rules.ts';
import type { Settings } from './setting.ts';
import { INPUT_SIGNATURE, settle, type Settling, type Signature } from './settings.ts';
import { Strides } from './strides.ts';

/** One use of an operator, with all that was settled about it: what `explain` prints. */
export interface Layer {
  readonly instance: Instance;
  readonly settings: Settings;
  /** Undefined when something about it was wrong. */
  readonly result: Node | undefined;
}

export interface Lowered {
  readonly graph: Graph;
  readonly layers: readonly Layer[];
}

/** Builds the graph. What is wrong is reported, and what depends on it left out. */
export function lower(
  source: Sizing & Pick<ProgramSource, 'name'>,
  expansion: Expansion,
  diagnostics: Diagnostics,
): Lowered {
  const lowering = new Lowering(source, expansion, diagnostics);
  for (const instance of expansion.instances) lowering.instance(instance);
  return lowering.finish(expansion);
}

/** Whose windows slide over rows and columns: what slices an input may well know what its axes are. */
const SLIDING: ReadonlySet<string> = new Set(['CONV', 'DWCONV', 'DECONV', 'POOL']);

/** What becomes of sizes that INPUT leaves open. */
type Sizing = Pick<ProgramSource, 'openSizes' | 'needsTrainedSize'>;

class Lowering {
  readonly #builder: GraphBuilder;
  readonly #diagnostics: Diagnostics;
  readonly #neighbourhoods: readonly Neighbourhood[];
  /** By the `id` of their instances. */
  readonly #values: (Node | undefined)[] = [];
  readonly #strides = new Strides();
  readonly #layers: Layer[] = [];
  /** Where each input stands, by the name that callers know. */
  readonly #inputs = new Map<string, Span>();
  /** Calls without a value to work on whose arguments have been looked at. */
  readonly #looked = new Set<Instance['call']>();
  /** The instance that is being lowered; those before it are. */
  #current = 0;
  /** What is to be said of the shapes of inputs when windows slide over them. */
  readonly #doubtful = new Map<
    Instance,
    { readonly span: Span; readonly message: string; readonly help: string }
  >();
  readonly #settling: Settling;
  readonly #sizing: Sizing;

  constructor(
    { name, ...sizing }: Sizing & Pick<ProgramSource, 'name'>,
    expansion: Expansion,
    diagnostics: Diagnostics,
  ) {
    this.#builder = new GraphBuilder(name);
    this.#sizing = sizing;
    this.#diagnostics = diagnostics;
    this.#neighbourhoods = neighbourhoods(expansion);
    this.#settling = {
      valueOf: (instance, span) => this.#valueOf(instance, span),
      diagnostics,
      bases: new Map(),
    };
  }

  instance(instance: Instance): void {
    this.#current = instance.id;
    if (this.#isPoisoned(instance) && !this.#isFirstLook(instance)) return;
    const signature = signatureOf(instance);
    const written = instance.kind === 'input' ? (instance.call.args ?? []) : instance.args;
    const settings = settle(signature, written, instance.scope, this.#settling);
    if (!settings) return;
    if (instance.kind === 'operator') this.#warnOfShape(instance);
    const result = this.#reporting(instance, settings, () =>
      instance.kind === 'input' ? this.#input(instance, settings) : this.#operator(instance, settings),
    );
    this.#layers.push({ instance, settings, result });
    if (result) this.#values[instance.id] = result;
  }

  #warnOfShape({ keyword, inputs }: OperatorInstance): void {
    const [input] = inputs;
    const doubt = input && this.#doubtful.get(input.instance);
    if (doubt && SLIDING.has(keyword.keyword))
      this.#diagnostics.report('W109', doubt.span, doubt.message, { help: doubt.help });
  }

  #isPoisoned(instance: Instance): boolean {
    return (
      instance.kind === 'operator' &&
      instance.inputs.some((input) => this.#values[input.instance.id] === undefined)
    );
  }

  /** The arguments behind a mistake are looked at as well, though not in each of 100,000 turns. */
  #isFirstLook({ call }: Instance): boolean {
    const isFirst = !this.#looked.has(call);
    this.#looked.add(call);
    return isFirst;
  }

  finish({ outputs }: Expansion): Lowered {
    const single = outputs.length === 1;
    const taken = new Map(this.#inputs);
    for (const { instance, name, span } of outputs) {
      const node = this.#values[instance.id];
      if (!node) continue;
      const outputName = name ?? (single ? 'output' : instance.path);
      const items = node.type.shape[0]!;
      if (items !== 1)
        this.#diagnostics.report('E047', span, `an output of ${items} items, where the input has one`, {
          help: 'RESHAPE(…, batch=1) in front of it makes them one; a WEIGHT starts its shape with 1',
        });
      const before = taken.get(outputName);
      taken.set(outputName, span);
      if (!before) this.#builder.output(outputName, node);
      else {
        const isInput = before === this.#inputs.get(outputName);
        this.#diagnostics.report(
          'E050',
          span,
          `${isInput ? 'an input and an output' : 'two outputs'} are called ${outputName}`,
          {
            related: [{ span: before, text: isInput ? 'the input' : 'the other one' }],
            ...(isInput && { help: 'give one of them another name' }),
          },
        );
      }
    }
    return { graph: this.#builder.finish(), layers: this.#layers };
  }

  /** Names are looked up when their scope is complete: one may be that of a value which is made further on. */
  #valueOf({ id }: Instance, span: Span): Node {
    if (id >= this.#current)
      throw new NoValue({
        code: 'E022',
        span,
        message: `'${spanText(span)}' is no value yet: it is made ${id === this.#current ? 'here' : 'further on'}`,
        help: 'arguments may use values that are made before',
      });
    const node = this.#values[id];
    if (!node) throw new NoValue();
    return node;
  }

  /** Runs `build`; a refusal becomes a diagnostic at the argument to blame, or at the operator. */
  #reporting(instance: Instance, settings: Settings, build: () => Node | undefined): Node | undefined {
    try {
      return build();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { code, message, help, argument } = error.complaint;
      const span = (argument !== undefined && settings.get(argument)?.span) || instance.span;
      const inputs = instance.kind === 'operator' ? instance.inputs : [];
      const related = inputs.flatMap((input) => {
        const type = this.#values[input.instance.id]?.type;
        const isHere = input.span.start === span.start && input.span.source === span.source;
        return type && !isHere ? [{ span: input.span, text: `gives ${showItem(type)}` }] : [];
      });
      const place = usedHere(instance.blocks, span);
      const [first] = inputs;
      const isVectorGiven = code === 'E045' && first?.instance.kind === 'input' && argument === undefined;
      const isVector = isVectorGiven && this.#values[first.instance.id]?.type.shape.length === 2;
      const { turn } = instance.scope;
      const label = turn && turn.of > 1 ? `in turn ${turn.index + 1} of ${turn.of}` : undefined;
      const advice = isVector ? helpWithVector(first.instance.call) : help;
      this.#diagnostics.report(code, span, message, { help: advice, label, related: [...related, ...place] });
      return undefined;
    }
  }

  #input(instance: InputInstance, settings: Settings): Node {
    const args = argumentsOf<typeof INPUT_ARGS>(settings);
    const shape = closed(args.shape, this.#sizing);
    const image = imageSpec(args);
    const given = args.channels === 'first' ? [shape.at(-1)!, ...shape.slice(0, -1)] : shape;
    const isFirst = args.channels === 'first';
    const meant = meantByChannelsFirst(args.shape);
    if (meant !== undefined)
      this.#doubtful.set(instance, {
        span: settings.get('shape')?.span ?? instance.span,
        message: `channels come last, and this input has ${args.shape.at(-1)!} of them`,
        help: `write ${meant}${isFirst ? '' : '; channels=first says that callers give channels first'}`,
      });
    const name = args.name ?? instance.path;
    this.#inputs.set(name, instance.span);
    const node = this.#builder.input(name, f32(1, ...given), originOf(instance), {
      ...(image && { image }),
      ...(isFirst && { dims: [1, ...given], hasOpenBatch: true }),
    });
    return given === shape ? node : this.#channelsLast(node, shape, instance);
  }

  #channelsLast(node: Node, shape: readonly number[], instance: InputInstance): Node {
    const named = { name: instance.path, origins: [originOf(instance)] };
    if (isSameInBothOrders([1, ...shape])) return this.#builder.op(reshape, { x: node }, { shape }, named);
    const perm = [0, ...shape.slice(1).map((_, axis) => axis + 2), 1];
    return this.#builder.op(transpose, { x: node }, { perm }, named);
  }

  #operator(instance: OperatorInstance, settings: Settings): Node | undefined {
    const inputs = instance.inputs.map((input) => this.#values[input.instance.id]);
    if (!inputs.every((input) => input !== undefined)) return undefined;
    for (const literal of instance.literals) {
      const node = this.#literal(literal, instance);
      if (!node) return undefined;
      inputs.splice(literal.at, 0, node);
    }
    const call = new LayerCall(
      { instance, inputs, settings, neighbourhood: this.#neighbourhoods[instance.id]! },
      this.#builder,
      this.#strides,
    );
    return asNode(instance.keyword.build(call, argumentsOf<Keyword['args']>(settings)));
  }

  /** A number among the values that a merge joins. */
  #literal({ at, expression }: Literal, instance: OperatorInstance): Node | undefined {
    try {
      const written = evaluate(expression, instance.scope, this.#settling.valueOf);
      if (written.kind === 'number')
        return this.#builder.constant(`${instance.path}.${at}`, f32(1), {
          origins: [originOf(instance)],
          init: 'literal',
          data: Float32Array.of(written.value),
        });
      this.#diagnostics.report('E039', expression.span, `'${spanText(expression.span)}' is not a number`);
    } catch (error) {
      reportNoValue(error, instance.scope, this.#diagnostics);
    }
    return undefined;
  }
}

const signatureOf = (instance: Instance): Signature =>
  instance.kind === 'input' ? INPUT_SIGNATURE : instance.keyword;

/** The settings as the record that their specs describe: each value was read by its own spec. */
const argumentsOf = <A extends Keyword['args']>(settings: Settings) =>
  settings.values() as Parameters<Keyword<A>['build']>[1];

/** `build` makes its values with `emit` and `weight` only. */
const asNode = (value: Value): Node => value as Node;

/** The shape with its open sizes filled in, axis by axis, from those given when compiling. */
function closed(shape: InputShape, { openSizes, needsTrainedSize }: Sizing): number[] {
  return shape.map((size, axis) => {
    const [example, flag] = shape.length === 3 ? ['224x224', '224x224x3'] : ['16000', '16000x1'];
    if (size === null && needsTrainedSize)
      return refuse('E071', 'dense evaluation needs the size that the network was trained at', {
        argument: 'shape',
        help: `write it in the program: INPUT(${flag}); --at says how large the pictures are now`,
      });
    const known = size ?? (shape.length > 3 ? undefined : openSizes?.[axis]);
    if (known !== undefined) return known;
    return refuse('E051', 'INPUT leaves a size open', {
      argument: 'shape',
      help:
        shape.length > 3
          ? 'say it in the program: --at is for maps and sequences'
          : `say it when you compile: --at ${example}; or in the program: INPUT(${flag})`,
    });
  });
}
