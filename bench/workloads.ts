// What is measured: single layers (W…) and whole networks (N…), as programs.
import { readFileSync } from 'node:fs';

export interface Workload {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  /** Items of the batch that is measured. */
  readonly items: number;
}

const layer = (id: string, title: string, source: string, items = 1): Workload => ({
  id,
  title,
  source,
  items,
});

const network = (id: string, title: string, file: string): Workload =>
  layer(id, title, readFileSync(new URL(`../examples/models/${file}`, import.meta.url), 'utf8'));

export const WORKLOADS: readonly Workload[] = [
  // 5,000 images in the literature; a tenth of them, for their results would be half a gigabyte.
  layer('W1', '500 images 28×28×1, conv 3×3, 32 filters', 'INPUT(28x28x1) -> CONV(32, 3, pad=valid)', 500),
  layer('W2', 'conv 3×3, 56×56, 64 → 64', 'INPUT(56x56x64) -> CONV(64, 3)'),
  layer('W3', 'conv 3×3, 14×14, 256 → 256', 'INPUT(14x14x256) -> CONV(256, 3)'),
  layer('W4', 'conv 1×1, 28×28, 128 → 512', 'INPUT(28x28x128) -> CONV(512, 1)'),
  layer('W5', 'depthwise 3×3, 56×56×128', 'INPUT(56x56x128) -> DWCONV(3)'),
  layer('W6', 'conv 7×7 stride 2, 224×224, 3 → 64', 'INPUT(224x224x3) -> CONV(64, 7, stride=2)'),
  layer('W7', 'FC 25088 → 4096', 'INPUT(1x1x25088) -> FC(4096, act=relu)'),
  layer('W8', 'max pool 2×2, 112×112×128', 'INPUT(112x112x128) -> POOL(2)'),
  layer(
    'N1',
    'MobileNetV1 224',
    `default CONV(norm=bn)
default DWCONV(norm=bn)
block Separable(f, s) = DWCONV(3, stride=s) -> CONV(f, 1)
INPUT(224x224x3) -> CONV(32, stride=2)
  -> Separable(64, 1)  -> Separable(128, 2) -> Separable(128, 1) -> Separable(256, 2) -> Separable(256, 1)
  -> Separable(512, 2) -> Separable(512, 1)*5 -> Separable(1024, 2) -> Separable(1024, 1)
  -> GAP -> FC(1000)`,
  ),
  network('N2', 'ResNet-18 224', '06-resnet18.cnn'),
  network('N4', 'LeNet-5', '03-lenet5.cnn'),
];
