// conv: 4 pixels × 4 filters per thread, then sigmoid
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> weight: array<mat4x4f>;
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
  filters: i32,
  first_filter: i32,
  all_filters: i32,
  group_vectors: i32,
  group_filters: i32,
  tiles_per_row: i32,
  filled_channels: i32,
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
const FILTERS = 1;

fn put(at: i32, vector: i32, result: vec4f) {
  y[at] = filled((vec4f(1.0) / (vec4f(1.0) + exp(-result))), vector);
}

// The channels that only fill up the last vector of a pixel are zeros.
fn filled(value: vec4f, vector: i32) -> vec4f {
  return select(vec4f(), value, vec4i(0, 1, 2, 3) + 4 * vector < vec4i(shape.filled_channels));
}

@compute @workgroup_size(2, 32)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let thread = vec2i(i32(id.x), i32(id.y + id.z * 65535 * 32));
  if (any(thread >= shape.threads)) { return; }
  let own = thread.x * FILTERS;
  let feature = shape.first_filter + own;
  let line = thread.y / shape.tiles_per_row;
  let column = thread.y % shape.tiles_per_row * PIXELS;
  let image = line / shape.rows * shape.height;
  let top = line % shape.rows * STRIDE_H - PAD_TOP;
  let left = column * STRIDE_W - PAD_LEFT;
  let first_vector = feature / shape.group_filters * shape.group_vectors;
  var sum0_0 = bias[feature + 0];
  var sum1_0 = bias[feature + 0];
  var sum2_0 = bias[feature + 0];
  var sum3_0 = bias[feature + 0];
  for (var u = 0; u < KERNEL_H; u++) {
    let row = top + u * DILATION_H;
    if (row < 0 || row >= shape.height) { continue; }
    for (var v = 0; v < KERNEL_W; v++) {
      let column0 = left + 0 * STRIDE_W + v * DILATION_W;
      let inside0 = column0 >= 0 && column0 < shape.width;
      let at0 = ((image + row) * shape.width + clamp(column0, 0, shape.width - 1)) * shape.vectors + first_vector;
      let column1 = left + 1 * STRIDE_W + v * DILATION_W;
      let inside1 = column1 >= 0 && column1 < shape.width;
      let at1 = ((image + row) * shape.width + clamp(column1, 0, shape.width - 1)) * shape.vectors + first_vector;
      let column2 = left + 2 * STRIDE_W + v * DILATION_W;
      let inside2 = column2 >= 0 && column2 < shape.width;
      let at2 = ((image + row) * shape.width + clamp(column2, 0, shape.width - 1)) * shape.vectors + first_vector;
      let column3 = left + 3 * STRIDE_W + v * DILATION_W;
      let inside3 = column3 >= 0 && column3 < shape.width;
      let at3 = ((image + row) * shape.width + clamp(column3, 0, shape.width - 1)) * shape.vectors + first_vector;
      var at = (u * KERNEL_W + v) * shape.group_vectors * shape.filters + own;
      for (var c = 0; c < shape.group_vectors; c++) {
        let weight0 = weight[at + 0];
        let x0 = select(vec4f(), x[at0 + c], inside0);
        let x1 = select(vec4f(), x[at1 + c], inside1);
        let x2 = select(vec4f(), x[at2 + c], inside2);
        let x3 = select(vec4f(), x[at3 + c], inside3);
        sum0_0 += weight0 * x0;
        sum1_0 += weight0 * x1;
        sum2_0 += weight0 * x2;
        sum3_0 += weight0 * x3;
        at += shape.filters;
      }
    }
  }
  let to = (line * shape.columns + column) * shape.all_filters + feature;
  if (column + 0 < shape.columns) { put(to + 0 * shape.all_filters + 0, feature + 0, sum0_0); }
  if (column + 1 < shape.columns) { put(to + 1 * shape.all_filters + 0, feature + 0, sum1_0); }
  if (column + 2 < shape.columns) { put(to + 2 * shape.all_filters + 0, feature + 0, sum2_0); }
  if (column + 3 < shape.columns) { put(to + 3 * shape.all_filters + 0, feature + 0, sum3_0); }
}
