// conv, depthwise: strips of 2 pixels × 4 channels per thread, then relu6
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
const PIXELS = 2;

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
  let left = column * PIXELS - PAD_LEFT;
  let first = bias[vector];
  let weight0_0 = weight[(0 * KERNEL_W + 0) * shape.vectors + vector];
  let weight0_1 = weight[(0 * KERNEL_W + 1) * shape.vectors + vector];
  let weight0_2 = weight[(0 * KERNEL_W + 2) * shape.vectors + vector];
  let weight1_0 = weight[(1 * KERNEL_W + 0) * shape.vectors + vector];
  let weight1_1 = weight[(1 * KERNEL_W + 1) * shape.vectors + vector];
  let weight1_2 = weight[(1 * KERNEL_W + 2) * shape.vectors + vector];
  let weight2_0 = weight[(2 * KERNEL_W + 0) * shape.vectors + vector];
  let weight2_1 = weight[(2 * KERNEL_W + 1) * shape.vectors + vector];
  let weight2_2 = weight[(2 * KERNEL_W + 2) * shape.vectors + vector];
  let at0 = clamp(left + 0, 0, shape.width - 1);
  let inside0 = at0 == left + 0;
  let at1 = clamp(left + 1, 0, shape.width - 1);
  let inside1 = at1 == left + 1;
  let at2 = clamp(left + 2, 0, shape.width - 1);
  let inside2 = at2 == left + 2;
  let at3 = clamp(left + 3, 0, shape.width - 1);
  let inside3 = at3 == left + 3;
  var x0_0 = vec4f();
  var x0_1 = vec4f();
  var x0_2 = vec4f();
  var x0_3 = vec4f();
  var x1_0 = vec4f();
  var x1_1 = vec4f();
  var x1_2 = vec4f();
  var x1_3 = vec4f();
  for (var i = begin - (KERNEL_H - 1); i < end; i++) {
    let row = i + KERNEL_H - 1 - PAD_TOP;
    let nearest = clamp(row, 0, shape.height - 1);
    let line = (image * shape.height + nearest) * shape.width;
    let x2_0 = select(vec4f(), x[(line + at0) * shape.vectors + vector], row == nearest && inside0);
    let x2_1 = select(vec4f(), x[(line + at1) * shape.vectors + vector], row == nearest && inside1);
    let x2_2 = select(vec4f(), x[(line + at2) * shape.vectors + vector], row == nearest && inside2);
    let x2_3 = select(vec4f(), x[(line + at3) * shape.vectors + vector], row == nearest && inside3);
    if (i >= begin) {
      let to = (image * shape.rows + i) * shape.columns + column * PIXELS;
      if (column * PIXELS + 0 < shape.columns) {
        var sum = first;
        sum += weight0_0 * x0_0;
        sum += weight0_1 * x0_1;
        sum += weight0_2 * x0_2;
        sum += weight1_0 * x1_0;
        sum += weight1_1 * x1_1;
        sum += weight1_2 * x1_2;
        sum += weight2_0 * x2_0;
        sum += weight2_1 * x2_1;
        sum += weight2_2 * x2_2;
        put((to + 0) * shape.vectors + vector, vector, sum);
      }
      if (column * PIXELS + 1 < shape.columns) {
        var sum = first;
        sum += weight0_0 * x0_1;
        sum += weight0_1 * x0_2;
        sum += weight0_2 * x0_3;
        sum += weight1_0 * x1_1;
        sum += weight1_1 * x1_2;
        sum += weight1_2 * x1_3;
        sum += weight2_0 * x2_1;
        sum += weight2_1 * x2_2;
        sum += weight2_2 * x2_3;
        put((to + 1) * shape.vectors + vector, vector, sum);
      }
    }
    x0_0 = x1_0;
    x0_1 = x1_1;
    x0_2 = x1_2;
    x0_3 = x1_3;
    x1_0 = x2_0;
    x1_1 = x2_1;
    x1_2 = x2_2;
    x1_3 = x2_3;
  }
}
