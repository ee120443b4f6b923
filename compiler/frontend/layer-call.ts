// What the `build` of a keyword works with, for one use of it in a program.
import type { GraphBuilder } from '../ir/builder.ts';
import type { Node, Origin } from '../ir/graph.ts';
import type { AttrsOf, AttrSpecs, Kind, OpDefinition, OperandsOf, OperandSpecs } from '../ops/define.ts';
import type { Value } from '../ops/argument.ts';
import type { Call, Init } from '../ops/keyword.ts';
import { invariant } from '../support/assert.ts';
import { f32, type Shape } from '../tensor/types.ts';
import type { Instance, OperatorInstance } from './instance.ts';
import type { Neighbourhood } from './rules.ts';
import type { Settings } from './setting.ts';
import type { Strides } from './strides.ts';

/** One use of an operator, with the values that flow into it. */
interface Use {
  readonly instance: OperatorInstance;
  readonly inputs: readonly Node[];
  readonly settings: Settings;
  readonly neighbourhood: Neighbourhood;
}

export class LayerCall implements Call {
  readonly #use: Use;
  readonly #builder: GraphBuilder;
  readonly #strides: Strides;
  readonly #origins: readonly Origin[];
  #hasEmitted = false;

  constructor(use: Use, builder: GraphBuilder, strides: Strides) {
    this.#use = use;
    this.#builder = builder;
    this.#strides = strides;
    this.#origins = [originOf(use.instance)];
  }

  get x(): Value {
    return this.#use.inputs[0]!;
  }

  get values(): readonly Value[] {
    return this.#use.inputs;
  }

  get accumulatedStride(): number {
    return this.#strides.before(this.#use.inputs);
  }

  get isLast(): boolean {
    return this.#use.neighbourhood.isLast;
  }

  get isFollowedByActivation(): boolean {
    return this.#use.neighbourhood.isFollowedByActivation;
  }

  weight(name: string, shape: Shape, init: Init, statistic?: 'statistic'): Value {
    const { path } = this.#use.instance;
    return this.#builder.constant(name === '' ? path : `${path}.${name}`, f32(...shape), {
      origins: this.#origins,
      init,
      isStatistic: statistic !== undefined,
    });
  }

  emit<Name extends string, O extends OperandSpecs, A extends AttrSpecs, K extends Kind>(
    op: OpDefinition<Name, O, A, K>,
    operands: OperandsOf<O, Value>,
    attrs?: Partial<AttrsOf<A>>,
  ): Value {
    const { path } = this.#use.instance;
    const name = this.#hasEmitted ? `${path}.${op.name}` : path;
    this.#hasEmitted = true;
    // Every value comes from this builder, so it is a node.
    return this.#builder.op(op, operands as never, attrs, { name, origins: this.#origins });
  }

  origin(argument: string): 'given' | 'file' | 'default' {
    const from = this.#use.settings.get(argument)?.from;
    return from === undefined || from === 'rule' ? 'default' : from;
  }

  decide<T>(argument: string, value: T, reason: string): T {
    const { keyword } = this.#use.instance;
    const spec = keyword.args[argument];
    invariant(spec, () => `${keyword.keyword} has an argument ${argument}`);
    this.#use.settings.set(argument, { text: spec.show(value), value, from: 'rule', reason });
    return value;
  }
}

export const originOf = (instance: Instance): Origin => ({
  path: instance.path,
  keyword: instance.call.name.text,
  span: instance.span,
  blocks: instance.blocks,
});
