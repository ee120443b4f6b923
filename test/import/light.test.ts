// The published ImageNet classifiers, all layers of them, with one number in place of their weights.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeElements } from '../../compiler/frontend/weights/elements.ts';
import { decodeModel } from '../../compiler/import/decode.ts';
import { importOnnx } from '../../compiler/import/index.ts';
import { toPath } from '../../compiler/support/names.ts';
import { channelsLastOrder } from '../../compiler/import/value.ts';
import { isConstant, isOp, type Graph } from '../../compiler/ir/graph.ts';
import type { OpName } from '../../compiler/ops/index.ts';
import { sizeOf } from '../../compiler/tensor/types.ts';
import { describeWithShared, sharedPath } from '../support/shared.ts';
import { openGraph } from '../support/targets.ts';
import { mismatch } from '../support/tolerance.ts';

const NETWORKS = ['bvlc_alexnet', 'inception_v1', 'resnet50', 'squeezenet', 'vgg19'] as const;

interface Listing {
  readonly ops: Readonly<Record<string, number>>;
  readonly parameterElements: number;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
}

const read = (network: string, file: string): Buffer =>
  readFileSync(sharedPath(`data/light/light_${network}/${file}`));

const listingOf = (network: string): Listing =>
  JSON.parse(read(network, 'shapes.json').toString()) as Listing;

async function graphOf(network: string): Promise<Graph> {
  const { graph, complaints } = await importOnnx(read(network, 'model.onnx'), { name: network }, undefined);
  expect(complaints).toEqual([]);
  return graph!;
}

/** Which of our operators stand for which of ONNX's. */
const KINDS: readonly (readonly [ours: OpName, ...theirs: string[]])[] = [
  ['conv', 'Conv'],
  ['fc', 'Gemm'],
  ['relu', 'Relu'],
  ['batch_norm', 'BatchNormalization'],
  ['lrn', 'LRN'],
  ['pool', 'MaxPool', 'AveragePool', 'GlobalAveragePool'],
  ['concat', 'Concat'],
  ['add', 'Sum'],
  ['softmax', 'Softmax'],
];

/** Caffe2's exporter leaves a shape among the parameters, which is none of ours. */
const SHAPES_AMONG_PARAMETERS: Readonly<Record<string, number>> = { resnet50: 1 };

describeWithShared(
  'published classifiers',
  NETWORKS.map((each) => `data/light/light_${each}/model.onnx`),
  () => {
    test.each(NETWORKS)(
      '%s has as many layers and parameters, and these sizes everywhere',
      async (network) => {
        const [graph, { ops, shapes, parameterElements }] = [await graphOf(network), listingOf(network)];
        for (const [ours, ...theirs] of KINDS)
          expect([ours, graph.nodes.filter(({ op }) => op === ours).length]).toEqual([
            ours,
            theirs.reduce((sum, op) => sum + (ops[op] ?? 0), 0),
          ]);
        const parameters = graph.nodes
          .filter(isConstant)
          .reduce((sum, { type }) => sum + sizeOf(type.shape), 0);
        expect(parameters + (SHAPES_AMONG_PARAMETERS[network] ?? 0)).toBe(parameterElements);

        const { nodes } = decodeModel(read(network, 'model.onnx')).graph;
        const listed = new Map(nodes.map(({ name, outputs }) => [toPath(name), shapes[outputs[0]!]]));
        const kinds = new Set(KINDS.map(([ours]) => ours));
        const compared = graph.nodes.filter(isOp).filter(({ op }) => kinds.has(op));
        for (const { name, origins, type } of compared) {
          const dims = listed.get(origins[0]!.path)!;
          // A head works on vectors, where the listing has maps of 1×1.
          const ours = sizeOf(type.shape) === type.shape.at(-1) ? [sizeOf(type.shape)] : type.shape;
          const theirs =
            sizeOf(dims) === dims[1] ? [dims[1]] : channelsLastOrder(dims.length).map((axis) => dims[axis]);
          expect([name, ours]).toEqual([name, theirs]);
        }
        expect(compared.length).toBeGreaterThan(20);
      },
    );

    test.each(['squeezenet', 'inception_v1'])(
      '%s gives the numbers that it was published with',
      async (network) => {
        const graph = await graphOf(network);
        const run = await openGraph(graph, 'js');
        const [input] = graph.inputs;
        const results = await run({
          [input!.name]: new Float32Array(sizeOf(input!.node.type.shape)).fill(1),
        });
        // A tensor's numbers are the last of its file.
        const expected = decodeElements(read(network, 'output_0.pb').subarray(-4000), 'F32');
        expect(mismatch(results[graph.outputs[0]!.name]!, expected, 'imported')).toBeUndefined();
      },
    );
  },
);
