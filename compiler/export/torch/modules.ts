// The modules of a network as a tree, so that the keys of its state_dict are the program's paths.
import { invariant } from '../../support/assert.ts';
import { isAttribute, literal } from './names.ts';

interface Branch {
  /** The expression that makes it, where it is a layer. */
  layer?: string;
  readonly children: Map<string, Branch>;
}

/** How a branch without a layer of its own holds its children. */
type Container = 'nn.ModuleList' | 'nn.ModuleDict' | 'nn.Module';

export class ModuleTree {
  readonly #root: Branch = { children: new Map() };

  /** `paths` are those of all layers, in order: how one is reached depends on its neighbours. */
  constructor(paths: Iterable<string>) {
    for (const path of paths) this.#find(path);
  }

  /** The expression that makes the layer at `path`; gives the one that reaches it. */
  define(path: string, constructor: string): string {
    const branch = this.#find(path);
    invariant((branch.layer ?? constructor) === constructor, `the layers that share ${path} are alike`);
    branch.layer = constructor;
    return this.reach(path);
  }

  /** `self.layer1[0].conv1` */
  reach(path: string): string {
    let [expression, branch] = ['self', this.#root];
    for (const name of path.split('.')) {
      expression += step(branch, name, branch === this.#root);
      branch = branch.children.get(name)!; // the constructor saw every path
    }
    return expression;
  }

  /** The statements that make all modules, each after the one it is in. */
  statements(): string[] {
    const list = (branch: Branch, expression: string): string[] =>
      [...branch.children].flatMap(([name, child]) => {
        const made = child.layer ?? `${containerOf(child)}()`;
        const isRoot = branch === this.#root;
        const reached = expression + step(branch, name, isRoot);
        const appends = !isRoot && isContainer(branch) && containerOf(branch) === 'nn.ModuleList';
        return [appends ? `${expression}.append(${made})` : `${reached} = ${made}`, ...list(child, reached)];
      });
    return list(this.#root, 'self');
  }

  #find(path: string): Branch {
    let branch: Branch = this.#root;
    for (const name of path.split('.')) {
      const child: Branch = branch.children.get(name) ?? { children: new Map() };
      branch.children.set(name, child);
      branch = child;
    }
    return branch;
  }
}

const isContainer = (branch: Branch): boolean => branch.layer === undefined;

function containerOf({ children }: Branch): Container {
  const names = [...children.keys()];
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
      return isAttribute(name) ? `.${name}` : `._modules[${literal(name)}]`;
  }
}
