// conv, depthwise: strips of 4 pixels × 4 channels per thread, then relu6
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
  across: i32,
  strips: i32,
  strip_rows: i32,
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
  let column = thread.y % shape.across;
  let strip = thread.y / shape.across;
  let image = strip / shape.strips;
  let begin = strip % shape.strips * shape.strip_rows;
  let end = min(begin + shape.strip_rows, shape.rows);
  let vectors = shape.vectors;
  let left = column * PIXELS - PAD_LEFT;
  let first = bias[vector];
  let weight0_0 = weight[(0 * KERNEL_W + 0) * vectors + vector];
  let weight0_1 = weight[(0 * KERNEL_W + 1) * vectors + vector];
  let weight0_2 = weight[(0 * KERNEL_W + 2) * vectors + vector];
  let weight1_0 = weight[(1 * KERNEL_W + 0) * vectors + vector];
  let weight1_1 = weight[(1 * KERNEL_W + 1) * vectors + vector];
  let weight1_2 = weight[(1 * KERNEL_W + 2) * vectors + vector];
  let weight2_0 = weight[(2 * KERNEL_W + 0) * vectors + vector];
  let weight2_1 = weight[(2 * KERNEL_W + 1) * vectors + vector];
  let weight2_2 = weight[(2 * KERNEL_W + 2) * vectors + vector];
  let column0 = clamp(left + 0, 0, shape.width - 1);
  let inside0 = column0 == left + 0;
  let at0 = column0 * vectors + vector;
  let column1 = clamp(left + 1, 0, shape.width - 1);
  let inside1 = column1 == left + 1;
  let at1 = column1 * vectors + vector;
  let column2 = clamp(left + 2, 0, shape.width - 1);
  let inside2 = column2 == left + 2;
  let at2 = column2 * vectors + vector;
  let column3 = clamp(left + 3, 0, shape.width - 1);
  let inside3 = column3 == left + 3;
  let at3 = column3 * vectors + vector;
  let column4 = clamp(left + 4, 0, shape.width - 1);
  let inside4 = column4 == left + 4;
  let at4 = column4 * vectors + vector;
  let column5 = clamp(left + 5, 0, shape.width - 1);
  let inside5 = column5 == left + 5;
  let at5 = column5 * vectors + vector;
  let exists0 = column * PIXELS + 0 < shape.columns;
  let exists1 = column * PIXELS + 1 < shape.columns;
  let exists2 = column * PIXELS + 2 < shape.columns;
  let exists3 = column * PIXELS + 3 < shape.columns;
  let top = image * shape.height;
  let last = shape.height - 1;
  let line = shape.width * vectors;
  let to_line = shape.columns * vectors;
  var to = ((image * shape.rows + begin - (KERNEL_H - 1)) * shape.columns + column * PIXELS) * vectors + vector;
  var sum1_0 = first;
  var sum1_1 = first;
  var sum1_2 = first;
  var sum1_3 = first;
  var sum2_0 = first;
  var sum2_1 = first;
  var sum2_2 = first;
  var sum2_3 = first;
  for (var i = begin - (KERNEL_H - 1); i < end; i++) {
    let row = i + KERNEL_H - 1 - PAD_TOP;
    let nearest = clamp(row, 0, last);
    let is_row = row == nearest;
    let at = (top + nearest) * line;
    let x0 = select(vec4f(), x[at + at0], is_row && inside0);
    let x1 = select(vec4f(), x[at + at1], is_row && inside1);
    let x2 = select(vec4f(), x[at + at2], is_row && inside2);
    let x3 = select(vec4f(), x[at + at3], is_row && inside3);
    let x4 = select(vec4f(), x[at + at4], is_row && inside4);
    let x5 = select(vec4f(), x[at + at5], is_row && inside5);
    let result0 = sum2_0 + weight2_0 * x0 + weight2_1 * x1 + weight2_2 * x2;
    let result1 = sum2_1 + weight2_0 * x1 + weight2_1 * x2 + weight2_2 * x3;
    let result2 = sum2_2 + weight2_0 * x2 + weight2_1 * x3 + weight2_2 * x4;
    let result3 = sum2_3 + weight2_0 * x3 + weight2_1 * x4 + weight2_2 * x5;
    sum2_0 = sum1_0 + weight1_0 * x0 + weight1_1 * x1 + weight1_2 * x2;
    sum2_1 = sum1_1 + weight1_0 * x1 + weight1_1 * x2 + weight1_2 * x3;
    sum2_2 = sum1_2 + weight1_0 * x2 + weight1_1 * x3 + weight1_2 * x4;
    sum2_3 = sum1_3 + weight1_0 * x3 + weight1_1 * x4 + weight1_2 * x5;
    sum1_0 = first + weight0_0 * x0 + weight0_1 * x1 + weight0_2 * x2;
    sum1_1 = first + weight0_0 * x1 + weight0_1 * x2 + weight0_2 * x3;
    sum1_2 = first + weight0_0 * x2 + weight0_1 * x3 + weight0_2 * x4;
    sum1_3 = first + weight0_0 * x3 + weight0_1 * x4 + weight0_2 * x5;
    if (i >= begin) {
      if (exists0) { put(to + 0 * vectors, vector, result0); }
      if (exists1) { put(to + 1 * vectors, vector, result1); }
      if (exists2) { put(to + 2 * vectors, vector, result2); }
      if (exists3) { put(to + 3 * vectors, vector, result3); }
    }
    to += to_line;
  }
}
