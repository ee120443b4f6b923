// The modules of a network as a tree, so that the keys of its state_dict are the program's paths.
import { invariant } from '../../support/assert.ts';
import { isAttribute, literal } from './names.ts';

interface Branch {
  /** The expression that makes it, where it is a layer. */
  layer?: string;
  readonly children: Map<string, Branch>;
  /** The ends of the paths of its weights. */
  readonly keys: Set<string>;
  /** What it owns itself, by name: how it is made. */
  readonly tensors: Map<string, Owned>;
}

/** The module that a weight belongs to, and how PyTorch names the weight in it. */
export interface Place {
  readonly path: string;
  readonly key: string;
}

/** Learnt, or kept. */
export type TensorKind = 'parameter' | 'buffer';

interface Owned {
  readonly tensor: string;
  readonly kind: TensorKind;
}

/** How a branch without a layer of its own holds its children. */
type Container = 'nn.ModuleList' | 'nn.ModuleDict' | 'nn.Module';

export class ModuleTree {
  readonly #root: Branch = newBranch();

  /** `weights` are all there are, in order: how a module is reached depends on its neighbours. */
  constructor(weights: Iterable<Place>) {
    for (const { path, key } of weights) this.#find(path).keys.add(key);
  }

  /** The expression that makes the layer at `path`; gives the one that reaches it. */
  define(path: string, constructor: string): string {
    const branch = this.#find(path);
    invariant((branch.layer ?? constructor) === constructor, `the layers that share ${path} are alike`);
    branch.layer = constructor;
    return this.reach(path);
  }

  /** A tensor that belongs to no layer; gives the expression that reaches it. */
  tensor({ path, key }: Place, tensor: string, kind: TensorKind): string {
    const branch = this.#find(path);
    branch.tensors.set(key, branch.tensors.get(key) ?? { tensor, kind });
    return this.reach(path) + field(branch, key, branch.tensors.get(key)!);
  }

  /** `self.layer1[0].conv1` */
  reach(path: string): string {
    let [expression, branch] = ['self', this.#root];
    for (const name of pathOf(path)) {
      expression += step(branch, name, branch === this.#root);
      branch = branch.children.get(name)!; // the constructor saw every path
    }
    return expression;
  }

  /** The statements that make all modules, each after the one it is in. */
  statements(): string[] {
    const list = (branch: Branch, expression: string): string[] => [
      ...[...branch.tensors].map(([name, owned]) => definition(expression, branch, name, owned)),
      ...[...branch.children].flatMap(([name, child]) => {
        const made = child.layer ?? `${containerOf(child)}()`;
        const isRoot = branch === this.#root;
        const reached = expression + step(branch, name, isRoot);
        const appends = !isRoot && isContainer(branch) && containerOf(branch) === 'nn.ModuleList';
        return [appends ? `${expression}.append(${made})` : `${reached} = ${made}`, ...list(child, reached)];
      }),
    ];
    return list(this.#root, 'self');
  }

  #find(path: string): Branch {
    let branch: Branch = this.#root;
    for (const name of pathOf(path)) {
      const child: Branch = branch.children.get(name) ?? newBranch();
      branch.children.set(name, child);
      branch = child;
    }
    return branch;
  }
}

const newBranch = (): Branch => ({ children: new Map(), keys: new Set(), tensors: new Map() });

/** The names of a path; the module itself has none. */
const pathOf = (path: string): string[] => (path === '' ? [] : path.split('.'));

/** Layers have these; where there is no layer, they are free. */
const OF_LAYERS = new Set(['weight', 'bias']);

/** From a module to a tensor that it owns. */
function field({ children, layer }: Branch, name: string, { kind }: Owned): string {
  const isFree = isAttribute(name) || (OF_LAYERS.has(name) && layer === undefined);
  return isFree && !children.has(name) ? `.${name}` : `._${kind}s[${literal(name)}]`;
}

function definition(module: string, branch: Branch, name: string, owned: Owned): string {
  const place = field(branch, name, owned);
  if (owned.kind === 'parameter') return `${module}${place} = nn.Parameter(${owned.tensor})`;
  return place.startsWith('._')
    ? `${module}${place} = ${owned.tensor}`
    : `${module}.register_buffer(${literal(name)}, ${owned.tensor})`;
}

const isContainer = (branch: Branch): boolean => branch.layer === undefined;

function containerOf({ children }: Branch): Container {
  const names = [...children.keys()];
  if (names.length === 0) return 'nn.Module';
  if (names.every((name, i) => name === String(i))) return 'nn.ModuleList';
  return names.every((name) => /^\d+$/.test(name)) ? 'nn.ModuleDict' : 'nn.Module';
}

/** From a module to its child. */
function step(branch: Branch, name: string, isRoot: boolean): string {
  const container = isRoot || !isContainer(branch) ? 'nn.Module' : containerOf(branch);
  switch (container) {
    case 'nn.ModuleList':
      return `[${name}]`;
    case 'nn.ModuleDict':
      return `[${literal(name)}]`;
    case 'nn.Module':
      return isAttribute(name) && !branch.keys.has(name) ? `.${name}` : `._modules[${literal(name)}]`;
  }
}
