// Fully connected layer: a workgroup computes eight vectors of units, each of its sixteen rows of threads
// taking every sixteenth input; their sums meet in workgroup memory. Weights larger than one binding are
// cut along the units, a dispatch for each part.
import { code, lines } from '../../../support/code.ts';
import { map2d } from '../../../tensor/window.ts';
import { partsOf } from '../limits.ts';
import type { Kernel } from '../kernel.ts';
import { vectors } from '../layout.ts';
import { partOf, type MatrixSource, type Part } from '../packing.ts';

const UNITS = 8;
const ROWS = 16;

export const fc: Kernel<'fc'> = (node, context) => {
  const { x, weight, bias } = node.operands;
  const [batch, height, width, channels] = map2d(x.type.shape);
  const units = node.type.shape[1]!;
  const inputs = height * width * vectors(channels);
  // A map is flattened in C, H, W order.
  const source: MatrixSource = {
    outputs: { length: units, stride: height * width * channels },
    inputs: { length: channels, stride: height * width },
    taps: { length: height * width, stride: 1 },
  };
  const layoutOf = (part: Part) => partOf(source, part);
  const { bindingBytes } = context;
  return partsOf(layoutOf, { vectors: vectors(units), together: 1, bindingBytes }).map((part) =>
    context.dispatch({
      title: `fc: ${4 * UNITS} units per workgroup`,
      reads: [
        context.read('x', x),
        context.weights('weight', weight, layoutOf(part), 'mat4x4f'),
        ...(bias ? [context.read('bias', bias)] : []),
      ],
      sizes: { inputs, units: part.count, first_unit: part.from, all_units: vectors(units) },
      constants: { UNITS, ROWS },
      threads: [Math.ceil(part.count / UNITS), batch],
      workgroup: [UNITS, ROWS],
      together: true,
      declarations: 'var<workgroup> partial: array<vec4f, UNITS * ROWS>;',
      body: code`
        let unit = group.x * UNITS + local.x;
        let clamped = min(unit, shape.units - 1);
        var sum = vec4f();
        for (var i = local.y; i < shape.inputs; i += ROWS) {
          sum += weight[i * shape.units + clamped] * x[group.y * shape.inputs + i];
        }
        partial[local.y * UNITS + local.x] = sum;
        workgroupBarrier();
        if (local.y > 0 || unit >= shape.units) { return; }
        for (var row = 1; row < ROWS; row++) { sum += partial[row * UNITS + local.x]; }
        let vector = shape.first_unit + unit;
        ${lines(bias ? ['sum += bias[vector];'] : [])}
        ${context.store('sum', { index: 'group.y * shape.all_units + vector', vector: 'vector' })}
      `,
    }),
  );
};
