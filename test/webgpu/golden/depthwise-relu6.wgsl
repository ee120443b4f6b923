// conv, depthwise: 4 pixels × 4 channels per thread, then relu6
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> weight: array<vec4f>;
@group(0) @binding(2) var<storage, read> bias: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(4) var<uniform> shape: Shape;

struct Shape {
  threads: vec2i,
  height: i32,
  width: i32,
  vectors: i32,
  rows: i32,
  columns: i32,
  tiles_per_row: i32,
}

const KERNEL_H = 3;
const KERNEL_W = 3;
const STRIDE_H = 1;
const STRIDE_W = 1;
const DILATION_H = 1;
const DILATION_W = 1;
const PAD_TOP = 1;
const PAD_LEFT = 1;
const PIXELS = 4;

fn put(at: i32, vector: i32, result: vec4f) {
  y[at] = min(max(result, vec4f(0.0)), vec4f(6.0));
}

@compute @workgroup_size(2, 32)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let thread = vec2i(i32(id.x), i32(id.y + id.z * 65535 * 32));
  if (any(thread >= shape.threads)) { return; }
  let vector = thread.x;
  let line = thread.y / shape.tiles_per_row;
  let column = thread.y % shape.tiles_per_row * PIXELS;
  let image = line / shape.rows * shape.height;
  let top = line % shape.rows * STRIDE_H - PAD_TOP;
  let left = column * STRIDE_W - PAD_LEFT;
  var sum0 = bias[vector];
  var sum1 = bias[vector];
  var sum2 = bias[vector];
  var sum3 = bias[vector];
  for (var u = 0; u < KERNEL_H; u++) {
    let row = top + u * DILATION_H;
    if (row < 0 || row >= shape.height) { continue; }
    let line_at = (image + row) * shape.width;
    let weight0 = weight[(u * KERNEL_W + 0) * shape.vectors + vector];
    let weight1 = weight[(u * KERNEL_W + 1) * shape.vectors + vector];
    let weight2 = weight[(u * KERNEL_W + 2) * shape.vectors + vector];
    let column0 = clamp(left + 0, 0, shape.width - 1);
    let x0 = select(vec4f(), x[(line_at + column0) * shape.vectors + vector], column0 == left + 0);
    sum0 += weight0 * x0;
    let column1 = clamp(left + 1, 0, shape.width - 1);
    let x1 = select(vec4f(), x[(line_at + column1) * shape.vectors + vector], column1 == left + 1);
    sum0 += weight1 * x1;
    sum1 += weight0 * x1;
    let column2 = clamp(left + 2, 0, shape.width - 1);
    let x2 = select(vec4f(), x[(line_at + column2) * shape.vectors + vector], column2 == left + 2);
    sum0 += weight2 * x2;
    sum1 += weight1 * x2;
    sum2 += weight0 * x2;
    let column3 = clamp(left + 3, 0, shape.width - 1);
    let x3 = select(vec4f(), x[(line_at + column3) * shape.vectors + vector], column3 == left + 3);
    sum1 += weight2 * x3;
    sum2 += weight1 * x3;
    sum3 += weight0 * x3;
    let column4 = clamp(left + 4, 0, shape.width - 1);
    let x4 = select(vec4f(), x[(line_at + column4) * shape.vectors + vector], column4 == left + 4);
    sum2 += weight2 * x4;
    sum3 += weight1 * x4;
    let column5 = clamp(left + 5, 0, shape.width - 1);
    let x5 = select(vec4f(), x[(line_at + column5) * shape.vectors + vector], column5 == left + 5);
    sum3 += weight2 * x5;
  }
  let to = (line * shape.columns + column) * shape.vectors + vector;
  if (column + 0 < shape.columns) { put(to + 0 * shape.vectors, vector, sum0); }
  if (column + 1 < shape.columns) { put(to + 1 * shape.vectors, vector, sum1); }
  if (column + 2 < shape.columns) { put(to + 2 * shape.vectors, vector, sum2); }
  if (column + 3 < shape.columns) { put(to + 3 * shape.vectors, vector, sum3); }
}
