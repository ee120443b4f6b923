// Warnings about programs that compile, but probably not to what was meant (rule 11 and others).
import type { Program } from '../../grammar/ast.ts';
import { isWeight, type Graph } from '../ir/graph.ts';
import type { ArgsOf } from '../ops/argument.ts';
import { isIdle, type INPUT_ARGS } from '../ops/input.ts';
import { sizeOf } from '../tensor/types.ts';
import { callsIn } from './calls-in.ts';
import type { Diagnostics } from './diagnostics.ts';
import { readersOf, type Expansion, type OperatorInstance } from './instance.ts';
import type { Layer } from './lower.ts';

export interface Linted {
  readonly program: Program;
  readonly expansion: Expansion;
  readonly layers: readonly Layer[];
  readonly graph: Graph;
}

/** Says what is suspicious in a program without errors. */
export function lint(linted: Linted, diagnostics: Diagnostics): void {
  lintActivations(linted, diagnostics);
  lintShares(linted, diagnostics);
  lintWithoutEffect(linted, diagnostics);
}

const CONVOLUTIONS = ['CONV', 'DWCONV'];

function lintActivations({ expansion, layers }: Linted, diagnostics: Diagnostics): void {
  const readers = readersOf(expansion.instances);
  const outputs = new Set(expansion.outputs.map(({ instance }) => instance));
  for (const { instance, settings } of layers) {
    if (instance.kind !== 'operator' || !instance.keyword.weighted) continue;
    const act = settings.get('act');
    const word = instance.keyword.keyword;
    const [reader] = readers[instance.id]!;
    if (act?.from === 'default' && act.text !== 'none') {
      const carries = `${word} carries its default act=${act.text}`;
      if (outputs.has(instance) && CONVOLUTIONS.includes(word))
        diagnostics.report('W101', instance.span, `the network ends here, and ${carries}`, {
          help: 'write act=none where the numbers are scores, or the activation that is meant',
        });
      else if (reader?.keyword.keyword === 'ADD')
        diagnostics.report('W101', instance.span, `${carries} straight into ADD`, {
          help: 'residual networks add first: write act=none here and RELU after ADD, or act=relu if it is meant',
          related: [{ span: reader.span, text: 'added here' }],
        });
    }
    const isDropped = act?.from === 'rule' && act.text === 'none' && reader?.keyword.keyword === 'BN';
    if (isDropped && !isActivated(reader, readers))
      diagnostics.report('W101', instance.span, `nothing activates ${word} and the BN behind it`, {
        help: 'write RELU after BN, or act=none here if that is meant',
        related: [{ span: reader.span, text: 'BN takes the place of the default activation' }],
      });
  }
}

const isActivated = (instance: OperatorInstance, readers: ReturnType<typeof readersOf>): boolean =>
  readers[instance.id]!.some(({ keyword }) => keyword.activates === true);

/** Above this many parameters it is worth a word when one layer has nearly all of them. */
const MANY_PARAMETERS = 100e6;
const NEARLY_ALL = 0.9;

function lintShares({ graph, layers }: Linted, diagnostics: Diagnostics): void {
  const learned = graph.nodes.filter((node) => isWeight(node) && !node.isStatistic);
  const total = learned.reduce((sum, { type }) => sum + sizeOf(type.shape), 0);
  if (total < MANY_PARAMETERS) return;
  const byPath = new Map<string, number>();
  for (const { origins, type } of learned) {
    const { path } = origins[0]!;
    byPath.set(path, (byPath.get(path) ?? 0) + sizeOf(type.shape));
  }
  for (const { instance } of layers) {
    const share = (byPath.get(instance.path) ?? 0) / total;
    if (share < NEARLY_ALL) continue;
    const all = `${Math.round(total / 1e6).toLocaleString('en')} M parameters (${(total * 4e-9).toFixed(1)} GB)`;
    diagnostics.report(
      'W102',
      instance.span,
      `${instance.path} holds ${Math.floor(share * 100)} % of ${all}`,
      {
        help: 'put more POOLs or strides, or GAP, before it; or give it fewer units',
      },
    );
  }
}

/** How the order of a picture's channels does not go with their number, if it does not. */
function contradictionOf(args: ArgsOf<typeof INPUT_ARGS>): string | undefined {
  const channels = args.shape.at(-1);
  if (args.shape.length !== 3) return undefined;
  if (args.order === 'bgr' && channels === 1) return 'one channel has no order: this does nothing';
  return args.order === 'grey' && channels === 3
    ? 'grey pictures do not fill 3 channels: this input will take none'
    : undefined;
}

/** What is odd about how pictures are cut. */
function oddCrop({ shape, resize, crop }: ArgsOf<typeof INPUT_ARGS>): string | undefined {
  if (shape.length !== 3) return undefined;
  if (resize > 0 && crop > resize)
    return `crop=${crop} cuts more than resize=${resize} leaves of the shorter side: the rest is black`;
  const [height, width] = shape;
  return height && width && crop > Math.max(height, width)
    ? `crop=${crop} cuts more than the input takes, and what is cut is shrunk to ${height}×${width}`
    : undefined;
}

function lintWithoutEffect({ program, expansion, layers }: Linted, diagnostics: Diagnostics): void {
  const readers = readersOf(expansion.instances);
  const ends = new Set(expansion.outputs.map(({ instance }) => instance));
  const mentioned = new Set(
    program.statements.flatMap((statement) => {
      if (statement.kind === 'block') return [...callsIn(statement.body)].map(({ name }) => name);
      return statement.kind === 'chain-statement'
        ? [...callsIn(statement.chain)].map(({ name }) => name)
        : [];
    }),
  );
  for (const statement of program.statements) {
    if (statement.kind === 'block' && !mentioned.has(statement.name.text))
      diagnostics.report('W103', statement.name.span, `block ${statement.name.text} is never used`);
    if (statement.kind === 'default' && !mentioned.has(statement.op.text))
      diagnostics.report('W103', statement.span, `no ${statement.op.text} follows that this default is for`);
  }
  for (const { instance, settings } of layers) {
    if (instance.kind !== 'input') continue;
    if (readers[instance.id]!.length === 0 && !ends.has(instance))
      diagnostics.report('W103', instance.span, `nothing reads the input ${instance.path}`, {
        help: 'OUTPUT behind it makes it an output; callers must give it in any case',
      });
    const args = settings.values() as ArgsOf<typeof INPUT_ARGS>; // those of an INPUT
    const why = contradictionOf(args);
    if (why !== undefined)
      diagnostics.report('W103', settings.get('order')?.span ?? instance.span, why, {
        help: 'grey pictures have 1 channel, rgb and bgr 3',
      });
    const odd = oddCrop(args);
    if (odd !== undefined)
      diagnostics.report('W108', settings.get('crop')?.span ?? instance.span, odd, {
        help: 'resize comes first, then crop, then fit: often crop is the size of the input, and resize a little more',
      });
    const given = [...settings].find(([name, { from }]) => from === 'given' && isIdle(name, args));
    if (!given) continue;
    const [name, { span = instance.span }] = given;
    diagnostics.report('W103', span, `${name} prepares pictures, and this input is none`, {
      help: 'a picture has a height, a width, and 1 or 3 channels',
    });
  }
}
