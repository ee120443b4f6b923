// Programs of examples/models beside other people's listings of the same networks (../shared/data/arch).
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { summarize, type Summary } from '../../compiler/index.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { describeWithShared, sharedPath } from '../support/shared.ts';
import { graphOfText, programText } from '../support/programs.ts';

const read = (path: string): string => readFileSync(sharedPath(`data/arch/${path}`), 'utf8');

async function summaryOf(text: string): Promise<Summary> {
  const { summary } = await summarize({ source: text });
  return summary!;
}

describeWithShared('published numbers of parameters', ['data/arch/params.json'], () => {
  const { torchvision, caffe } = JSON.parse(read('params.json')) as Record<
    'torchvision' | 'caffe',
    Record<string, { params: number }>
  >;
  test.each([
    ['02b-vgg16', torchvision['vgg16']],
    ['06-resnet18', torchvision['resnet18']],
    ['07-mobilenetv2', torchvision['mobilenet_v2']],
    ['04-alexnet', caffe['bvlc_alexnet']],
  ])('%s', async (program, published) => {
    expect((await summaryOf(programText(program))).params).toBe(published!.params);
  });
});

describeWithShared('torchinfo', ['data/arch/torchinfo/resnet18_depth_consistency.out'], () => {
  test('ResNet-18 has these sizes and parameters, stage by stage', async () => {
    const [listing] = read('torchinfo/resnet18_depth_consistency.out').split('Total params');
    const rows = [...listing!.matchAll(/─(\w+): 1-\d+\s+\[1, ([\d, ]+)\]\s+([\d,]+|--) /g)].map(
      ([, , sizes, params]) => ({
        sizes: sizes!.split(', ').map(Number),
        params: params === '--' ? 0 : Number(params!.replaceAll(',', '')),
      }),
    );
    const { layers } = await summaryOf(programText('06-resnet18').replace('224x224', '64x64'));
    const stages = [
      'conv1',
      'bn1',
      'relu1',
      'pool1',
      'layer1.',
      'layer2.',
      'layer3.',
      'layer4.',
      'gap1',
      'fc',
    ];
    const ours = stages.map((stage) => {
      const inside = layers.filter(({ name }) =>
        stage.endsWith('.') ? name.startsWith(stage) : name === stage,
      );
      const [height, width, channels] = inside.at(-1)!.output;
      return {
        sizes: channels === undefined ? [height] : [channels, height, width],
        params: inside.reduce((sum, { params }) => sum + params, 0),
      };
    });
    // Its mean keeps two axes of one element.
    const theirs = rows.map(({ sizes, params }) => ({
      sizes: sizes.slice(1).every((size) => size === 1) ? sizes.slice(0, 1) : sizes,
      params,
    }));
    expect(rows.length).toBe(10);
    expect(ours).toEqual(theirs);
  });
});

/** Convolutions, pools and fully connected layers of a network, as listings write them. */
const layersOf = (graph: Graph): string[] =>
  graph.nodes.flatMap((node) => {
    switch (node.op) {
      case 'conv': {
        const [filters, , size] = node.operands.weight.type.shape;
        return [`conv ${filters} ${size} ${node.attrs.stride[0]} ${node.attrs.groups}`];
      }
      case 'pool':
        return [`${node.attrs.mode} ${node.attrs.kernel[0]} ${node.attrs.stride[0]}`];
      case 'fc':
        return [`fc ${node.type.shape.at(-1)}`];
      default:
        return [];
    }
  });

describeWithShared('Caffe', ['data/arch/caffe/bvlc_alexnet.prototxt'], () => {
  test('AlexNet has the same layers in the same order', async () => {
    const listed = read('caffe/bvlc_alexnet.prototxt')
      .split(/^layer \{/m)
      .flatMap((layer) => {
        const of = (key: string) => layer.match(new RegExp(`\\b${key}: "?(\\w+)`))?.[1];
        if (of('type') === 'Convolution')
          return [`conv ${of('num_output')} ${of('kernel_size')} ${of('stride') ?? 1} ${of('group') ?? 1}`];
        if (of('type') === 'Pooling') return [`max ${of('kernel_size')} ${of('stride')}`];
        return of('type') === 'InnerProduct' ? [`fc ${of('num_output')}`] : [];
      });
    expect(listed.length).toBe(11);
    expect(layersOf(await graphOfText(programText('04-alexnet')))).toEqual(listed);
  });
});

describeWithShared('Darknet', ['data/arch/darknet/vgg-16.cfg'], () => {
  test('VGG-16 has the same layers in the same order', async () => {
    const listed = read('darknet/vgg-16.cfg')
      .split(/^\[/m)
      .flatMap((section) => {
        const of = (key: string) => section.match(new RegExp(`^${key}=(\\w+)`, 'm'))?.[1];
        if (section.startsWith('convolutional'))
          return [`conv ${of('filters')} ${of('size')} ${of('stride')} 1`];
        if (section.startsWith('maxpool')) return [`max ${of('size')} ${of('stride')}`];
        return section.startsWith('connected') ? [`fc ${of('output')}`] : [];
      });
    expect(listed.length).toBe(21);
    expect(layersOf(await graphOfText(programText('02b-vgg16')))).toEqual(listed);
  });
});

describeWithShared('convnet-burden', ['data/arch/convnet-burden/resnet18.md'], () => {
  const MIB = 2 ** 20;

  test('VGG-16: 528 MB of parameters, 16 GFLOPs', async () => {
    const { params, macs } = await summaryOf(programText('02b-vgg16'));
    const report = read('convnet-burden/vgg-vd-16.md');
    expect(report).toContain(`Model params ${Math.round((4 * params) / MIB)} MB`);
    // 15.47 giga multiply-accumulates, which it rounds up.
    expect(report).toContain(`Flops: ${Math.ceil(macs / 1e9)} GFLOPs`);
  });

  test('ResNet-18: 45 MB of parameters, 7×7×512 before the head', async () => {
    const { params, layers } = await summaryOf(programText('06-resnet18'));
    const report = read('convnet-burden/resnet18.md');
    expect(report).toContain(`Model params ${Math.round((4 * params) / MIB)} MB`);
    const before = layers[layers.findIndex(({ op }) => op === 'GAP') - 1]!;
    expect(report).toContain(`| 224 x 224 | ${before.output.join(' x ')} |`);
  });
});
