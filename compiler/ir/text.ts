// The graph as text, for fixtures, dumps and reading:
//
//   graph lenet5 {
//     %input = input : f32[1,32,32,1]
//     @conv1.weight : f32[6,1,5,5]
//     %conv1 = conv(%input, weight=@conv1.weight) {stride=[1,1]} then tanh : f32[1,28,28,6]
//     return output=%fc3
//   }
//
// Weights are declared, never printed; a number of the program is (`@mul1.1 : f32[1] = 2`). Attributes that have their default are left out. Names that are
// more than letters, digits and `._+-` stand in quotes. parse.ts reads it back.
import type { AttrValue } from '../ops/define.ts';
import type { OpName } from '../ops/index.ts';
import { shortest } from '../support/shortest.ts';
import { showType } from '../tensor/types.ts';
import { isOp, type ConstantNode, type Graph, type Node } from './graph.ts';
import { operatorOf, resultOperand } from './semantics.ts';

/** Deterministic: the same graph gives the same text. */
export function printGraph(graph: Graph): string {
  const outputs = graph.outputs.map(({ name, node }) => `${printName(name)}=${reference(node)}`).join(', ');
  return [
    `graph ${printName(graph.name)} {`,
    ...graph.nodes.map((node) => `  ${printNode(node)}`),
    `  return ${outputs}`,
    '}',
    '',
  ].join('\n');
}

function printNode(node: Node): string {
  const type = showType(node.type);
  if (node.op === 'constant')
    return `${reference(node)} : ${type}${node.isStatistic ? ' statistic' : ''}${printLiteral(node)}`;
  if (!isOp(node)) return `${reference(node)} = input : ${type}`;
  const use = printUse(node.op, node.operands, node.attrs);
  const epilogue = node.epilogue.map((step) => ` then ${printUse(step.op, step.operands, step.attrs)}`);
  return `${reference(node)} = ${use}${epilogue.join('')} : ${type}`;
}

function printLiteral({ init, data }: ConstantNode): string {
  if (init !== 'literal' || data?.length !== 1) return '';
  const [value] = data;
  return ` = ${Object.is(value, -0) ? '-0' : shortest(value!)}`;
}

/** `conv(%x, weight=@w) {groups=2}`; the first operand goes without its name. */
function printUse(op: OpName, operands: object, attrs: object): string {
  const args = Object.entries<Node | readonly Node[] | undefined>({ ...operands })
    .filter(([, operand]) => operand !== undefined)
    .map(([name, operand]) => (name === resultOperand(op) ? '' : `${name}=`) + printOperand(operand!));
  const specs = operatorOf(op).attrs;
  const settings = Object.entries<AttrValue>({ ...attrs })
    .filter(([name, value]) => printAttr(value) !== printAttr(specs[name]!.default))
    .map(([name, value]) => `${name}=${printAttr(value)}`);
  return [
    args.length > 0 ? `${op}(${args.join(', ')})` : op,
    ...(settings.length > 0 ? [`{${settings.join(', ')}}`] : []),
  ].join(' ');
}

const printOperand = (operand: Node | readonly Node[]): string =>
  isList(operand) ? `[${operand.map(reference).join(', ')}]` : reference(operand);

const isList = (operand: Node | readonly Node[]): operand is readonly Node[] => Array.isArray(operand);

const reference = (node: Node): string => (node.op === 'constant' ? '@' : '%') + printName(node.name);

const printName = (name: string): string => (/^[\w.+-]+$/.test(name) ? name : JSON.stringify(name));

const printAttr = (value: AttrValue): string =>
  typeof value === 'object' ? `[${value.join(',')}]` : String(value);
