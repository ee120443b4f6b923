// Weights that passes make from other weights.
import type { ConstantNode, Layer, Node, Origin } from '../ir/graph.ts';
import type { Shape } from '../tensor/types.ts';

/** The weight with other numbers, and perhaps another shape. Its data is made only where there is data. */
export function derive(from: ConstantNode, shape: Shape, data: Float32Array | undefined): ConstantNode {
  return { ...from, type: { ...from.type, shape }, data };
}

/** The layer with other parameters, or reading another value. */
export const withParameters = <L extends Layer>(layer: L, operands: Partial<Layer['operands']>): L => ({
  ...layer,
  operands: { ...layer.operands, ...operands },
});

/** A bias for a layer that has none yet: `conv1.weight` gets `conv1.bias` beside it. */
export function biasBeside(
  weight: ConstantNode,
  length: number,
  data: Float32Array | undefined,
): ConstantNode {
  const name = weight.name.replace(/(^|\.)weight$/, '$1bias');
  return {
    ...derive(weight, [length], data),
    name: name === weight.name ? `${weight.name}.bias` : name,
    init: 'zero',
  };
}

/** The data of all of them, or undefined when one has none: then only shapes are known. */
export function dataOf<const T extends readonly (ConstantNode | undefined)[]>(
  ...constants: T
): { [K in keyof T]: T[K] extends ConstantNode ? Float32Array : Float32Array | undefined } | undefined {
  if (constants.some((constant) => constant && !constant.data)) return undefined;
  // Each constant that there is has data.
  return constants.map((constant) => constant?.data) as never;
}

/** Where all of the nodes come from, each place once. */
export const originsOf = (...nodes: readonly Node[]): readonly Origin[] => [
  ...new Set(nodes.flatMap(({ origins }) => origins)),
];
