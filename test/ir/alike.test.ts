import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../compiler/ir/builder.ts';
import { isOp, type Graph, type OpNode } from '../../compiler/ir/graph.ts';
import { verify } from '../../compiler/ir/verify.ts';
import { conv } from '../../compiler/ops/conv.ts';
import { f32 } from '../../compiler/tensor/types.ts';

/** A chain of convolutions, one for each stride. */
function chain(...strides: number[]): Graph {
  const builder = new GraphBuilder('chain');
  const origin = { path: 'c', keyword: 'CONV', blocks: [] };
  const input = builder.input('x', f32(1, 9, 9, 2), origin);
  const last = strides.reduce<OpNode | typeof input>((x, stride, i) => {
    const options = { origins: [origin], init: 'he' } as const;
    const weight = builder.constant(`c${i}.weight`, f32(2, 2, 1, 1), options);
    const operands = { x, weight, bias: undefined };
    return builder.op(conv, operands, { stride: [stride, stride] }, { name: `c${i}`, origins: [origin] });
  }, input);
  builder.output('y', last);
  return verify(builder.finish());
}

const uses = ({ nodes }: Graph): OpNode[] => nodes.filter(isOp);

describe('layers that are alike', () => {
  test('share attributes and types', () => {
    const [first, second, third] = uses(chain(1, 1, 1));
    expect(second!.attrs).toBe(first!.attrs);
    expect(second!.type).toBe(first!.type);
    expect(third!.type).toBe(first!.type);
  });

  test('those that differ have their own', () => {
    const [first, second] = uses(chain(1, 2));
    expect(first!.attrs).toMatchObject({ stride: [1, 1] });
    expect(second!.attrs).toMatchObject({ stride: [2, 2] });
    expect(first!.type).toEqual(f32(1, 9, 9, 2));
    expect(second!.type).toEqual(f32(1, 5, 5, 2));
  });
});

describe('the verifier finds what is wrong with a layer behind one that is right', () => {
  const graph = chain(1, 1, 1);
  const withLast = (changes: Partial<OpNode>): Graph => {
    const last = { ...uses(graph).at(-1)!, ...changes } as OpNode;
    return { ...graph, nodes: [...graph.nodes.slice(0, -1), last], outputs: [{ name: 'y', node: last }] };
  };
  const { attrs, operands } = uses(graph).at(-1) as OpNode<'conv'>;

  test.each<[string, Partial<OpNode>, string]>([
    ['an attribute', { attrs: { ...attrs, stride: [0, 1] } }, 'the least is 1'],
    ['its type', { type: f32(1, 9, 9, 3) }, 'its operator infers f32[1,9,9,2]'],
    [
      'an operand that is missing',
      { operands: { ...operands, weight: undefined as never } },
      'has its operand weight',
    ],
    [
      'an operand that is not in the graph',
      { operands: { ...operands, x: { ...operands.x } } },
      'stands before its user',
    ],
    ['its name', { name: 'c0' }, 'is unique'],
  ])('%s', (_, changes, message) => {
    expect(() => verify(withLast({}))).not.toThrow();
    expect(() => verify(withLast(changes))).toThrow(message);
  });
});
