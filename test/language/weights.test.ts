import { expect, test } from 'vitest';
import { weightsOf } from './build.ts';
import { examples } from './fixtures.ts';

test.each(examples)('$title has these weights', async ({ text, expected }) => {
  const name = expected.split('/').at(-1)!;
  const lines = (await weightsOf(text)).map((line) => `${line}\n`).join('');
  await expect(lines).toMatchFileSnapshot(`weights/${name}`);
});

test('ResNet-18 has the keys of torchvision', async () => {
  const { text } = examples.find(({ title }) => title.includes('resnet18'))!;
  const paths = (await weightsOf(text)).map((line) => line.split(' ')[0]!);
  expect(paths.toSorted()).toEqual(torchvisionResNet18().toSorted());
});

/** What `torchvision.models.resnet18().state_dict()` lists, without `num_batches_tracked`. */
function torchvisionResNet18(): string[] {
  const bn = (path: string) =>
    ['weight', 'bias', 'running_mean', 'running_var'].map((name) => `${path}.${name}`);
  const convBn = (conv: string, norm: string) => [`${conv}.weight`, ...bn(norm)];
  const blocks = [1, 2, 3, 4].flatMap((layer) =>
    [0, 1].flatMap((block) => {
      const path = `layer${layer}.${block}`;
      const shortcut = layer > 1 && block === 0 ? convBn(`${path}.downsample.0`, `${path}.downsample.1`) : [];
      return [
        ...convBn(`${path}.conv1`, `${path}.bn1`),
        ...convBn(`${path}.conv2`, `${path}.bn2`),
        ...shortcut,
      ];
    }),
  );
  return [...convBn('conv1', 'bn1'), ...blocks, 'fc.weight', 'fc.bias'];
}
