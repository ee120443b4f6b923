// The expanded program → a scene. Turns of a repeat that look alike are drawn once, with their number.
import {
  readersOf,
  type CallTree,
  type ChainTree,
  type Instance,
  type ItemTree,
  type PrimaryTree,
} from '../frontend/instance.ts';
import type { Layer } from '../frontend/lower.ts';
import type { BuiltProgram } from '../frontend/program.ts';
import { isConstant } from '../ir/graph.ts';
import { showItem } from '../tensor/types.ts';
import { briefOf, categoryOf, operandsOf, tailOf, type Brief } from './brief.ts';
import type { Arrow, Box, Frame, Scene } from './scene.ts';

/** What a network looks like. */
export function sceneOf(built: BuiltProgram): Scene {
  const artist = new Artist(built);
  for (const chain of built.expansion.chains) artist.chain(chain, undefined);
  return artist.finish(built);
}

/** Boxes between a value and its reader, from which on its size is said again. */
const FAR = 4;

class Artist {
  readonly #layers: ReadonlyMap<Instance, Layer>;
  readonly #readers: ReturnType<typeof readersOf>;
  readonly #looks = new Map<PrimaryTree, string>();
  /** Where an instance is drawn: in its own box, in that of the one before it, or in an earlier turn. */
  readonly #drawnAs = new Map<Instance, Instance>();
  readonly #boxes = new Map<Instance, { box: Box; tails: string[] }>();
  readonly #frames: Frame[] = [];
  /** Numbers among the operands of merges, by name. */
  readonly #numbers: ReadonlyMap<string, number>;

  constructor({ layers, expansion, graph }: BuiltProgram) {
    this.#numbers = new Map(
      graph.nodes.flatMap((node) =>
        isConstant(node) && node.init === 'literal' ? [[node.name, node.data![0]!] as const] : [],
      ),
    );
    this.#layers = new Map(layers.map((layer) => [layer.instance, layer]));
    this.#readers = readersOf(expansion.instances);
  }

  chain({ items }: ChainTree, frame: string | undefined): void {
    for (const item of items) this.#item(item, frame);
  }

  #item({ item, path, turns }: ItemTree, frame: string | undefined): void {
    const isGroup = item.primary.kind === 'group' && path !== undefined;
    const runs = this.#runs(turns);
    for (const { turn, copies, first } of runs) {
      const times = copies.length > 0 ? `×${copies.length + 1}` : '';
      const ownPath = runs.length > 1 && path !== undefined ? `${path}.${first}` : path;
      if (turn.kind === 'call') {
        if (turn.instance) this.#box(turn.instance, frame, times);
      } else {
        const isFramed = turn.kind === 'block' || isGroup || times !== '';
        const title = words(frameName(turn, ownPath), times);
        this.#primary(turn, isFramed ? this.#frame(title, frame) : frame);
      }
      for (const copy of copies) this.#alias(copy, turn);
    }
  }

  /** Turns that follow each other and look alike. */
  #runs(turns: readonly PrimaryTree[]): { turn: PrimaryTree; copies: PrimaryTree[]; first: number }[] {
    const runs: { turn: PrimaryTree; copies: PrimaryTree[]; first: number }[] = [];
    for (const [index, turn] of turns.entries()) {
      const last = runs.at(-1);
      if (last && this.#look(last.turn) === this.#look(turn)) last.copies.push(turn);
      else runs.push({ turn, copies: [], first: index });
    }
    return runs;
  }

  #frame(title: string, frame: string | undefined): string {
    const id = `frame${this.#frames.length + 1}`;
    this.#frames.push({ id, title, ...(frame !== undefined && { frame }) });
    return id;
  }

  #primary(tree: Exclude<PrimaryTree, CallTree>, frame: string | undefined): void {
    switch (tree.kind) {
      case 'group':
        return this.chain(tree.chain, frame);
      case 'block':
        return this.chain(tree.body, frame);
      case 'branch':
        for (const arm of tree.arms) this.chain(arm, frame);
    }
  }

  #box(instance: Instance, frame: string | undefined, times: string): void {
    const layer = this.#layers.get(instance);
    if (!layer) return;
    const host = this.#hostOf(instance, frame);
    if (host) {
      this.#drawnAs.set(instance, host);
      this.#boxes.get(host)!.tails.push(words(tailOf(layer) + operandsOf(layer, this.#numbers), times));
      return;
    }
    const { title, detail } = this.#briefOf(layer);
    const category = categoryOf(instance.call.name.text);
    const box: Box = {
      id: instance.path,
      category,
      title: words(title, times),
      detail,
      hint: instance.path,
      ...(frame !== undefined && { frame }),
    };
    this.#boxes.set(instance, { box, tails: [] });
  }

  #briefOf(layer: Layer): Brief {
    const { title, detail } = briefOf(layer);
    return { title: title + operandsOf(layer, this.#numbers), detail };
  }

  /** An activation or a norm goes into the box before it, if nobody else reads that and it is in the same frame. */
  #hostOf(instance: Instance, frame: string | undefined): Instance | undefined {
    if (instance.kind !== 'operator' || instance.inputs.length !== 1) return undefined;
    if (categoryOf(instance.call.name.text) !== 'scalar') return undefined;
    const before = instance.inputs[0]!.instance;
    const host = this.#drawnIn(before);
    const known = this.#boxes.get(host);
    if (!known || known.box.frame !== frame || known.box.category === 'input') return undefined;
    return this.#readers[before.id]!.length === 1 ? host : undefined;
  }

  /** The instances of a turn are drawn where those of an earlier one are. */
  #alias(copy: PrimaryTree, turn: PrimaryTree): void {
    const [copies, originals] = [[...instancesIn(copy)], [...instancesIn(turn)]];
    for (const [at, instance] of copies.entries()) this.#drawnAs.set(instance, originals[at]!);
  }

  #drawnIn(instance: Instance): Instance {
    let place = instance;
    for (let next = this.#drawnAs.get(place); next; next = this.#drawnAs.get(place)) place = next;
    return place;
  }

  /** Two turns with the same look can share a picture. */
  #look(tree: PrimaryTree): string {
    const known = this.#looks.get(tree);
    if (known !== undefined) return known;
    const look = this.#lookAnew(tree);
    this.#looks.set(tree, look);
    return look;
  }

  #lookAnew(tree: PrimaryTree): string {
    const chain = ({ items }: ChainTree): string =>
      items.map(({ turns }) => turns.map((turn) => this.#look(turn)).join('*')).join('->');
    switch (tree.kind) {
      case 'group':
        return `[${chain(tree.chain)}]`;
      case 'block':
        return `${tree.call.name.text}[${chain(tree.body)}]`;
      case 'branch':
        return `{${tree.arms.map(chain).join('|')}}`;
      case 'call': {
        const layer = tree.instance && this.#layers.get(tree.instance);
        if (!layer?.result) return tree.call.name.text;
        const { title, detail } = this.#briefOf(layer);
        return `${title} ${detail} ${showItem(layer.result.type)}`;
      }
    }
  }

  finish({ graph, expansion }: BuiltProgram): Scene {
    const arrows: Arrow[] = [];
    const labelled = new Set<Instance>();
    const depths = new Map<string, number>();
    const draw = (from: Instance, to: string): void => {
      const place = this.#drawnIn(from);
      const type = this.#layers.get(from)?.result?.type;
      // Who reads it far below should not have to look up.
      const isFar = depths.get(to)! - depths.get(place.path)! >= FAR;
      const label = type && (isFar || !labelled.has(place)) ? showItem(type) : '';
      labelled.add(place);
      arrows.push({ from: place.path, to, label });
    };
    for (const instance of this.#boxes.keys())
      if (instance.kind === 'operator') {
        const above = instance.inputs.map((input) => depths.get(this.#drawnIn(input.instance).path) ?? 0);
        depths.set(instance.path, Math.max(-1, ...above) + 1);
        for (const input of instance.inputs) draw(input.instance, instance.path);
      } else depths.set(instance.path, 0);
    const outputs = expansion.outputs.map(({ instance }, at): Box => {
      const { name } = graph.outputs[at]!;
      const id = `output ${name}`;
      depths.set(id, 0);
      draw(instance, id);
      return { id, category: 'output', title: name, detail: '', hint: `output ${name}` };
    });
    const boxes = [...this.#boxes.values()].map(({ box, tails }) => ({
      ...box,
      detail: [box.detail, ...tails].filter((part) => part !== '').join(' · '),
    }));
    return { name: graph.name, boxes: [...boxes, ...outputs], frames: this.#frames, arrows };
  }
}

const words = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ');

/** `Two d1`, `Two two2` and `Basic layer2.1`; `stage1` and `downsample`, which say enough. */
function frameName(tree: PrimaryTree, path: string | undefined): string {
  const last = (whole: string): string => whole.split('.').at(-1)!;
  if (tree.kind === 'block')
    return path === undefined
      ? `${tree.call.name.text} ${last(tree.path)}`
      : `${tree.call.name.text} ${/\.\d+$/.test(path) ? path : last(path)}`;
  return path === undefined ? '' : last(path);
}

function* instancesIn(tree: PrimaryTree): Generator<Instance> {
  switch (tree.kind) {
    case 'call':
      if (tree.instance) yield tree.instance;
      return;
    case 'group':
      return yield* instancesOf(tree.chain);
    case 'block':
      return yield* instancesOf(tree.body);
    case 'branch':
      for (const arm of tree.arms) yield* instancesOf(arm);
  }
}

function* instancesOf({ items }: ChainTree): Generator<Instance> {
  for (const { turns } of items) for (const turn of turns) yield* instancesIn(turn);
}
