// conv 1×1: 4 pixels × 4 filters per thread, then add, then relu
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> weight: array<mat4x4f>;
@group(0) @binding(2) var<storage, read> bias: array<vec4f>;
@group(0) @binding(3) var<storage, read> b_of_step0: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(5) var<uniform> shape: Shape;

struct Shape {
  threads: vec2i,
  pixels: i32,
  vectors: i32,
  filters: i32,
  first_filter: i32,
  all_filters: i32,
}

const PIXELS = 4;
const FILTERS = 1;

fn put(at: i32, vector: i32, result: vec4f) {
  y[at] = max(result + b_of_step0[at], vec4f(0.0));
}

@compute @workgroup_size(2, 32)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let thread = vec2i(i32(id.x), i32(id.y + id.z * 65535 * 32));
  if (any(thread >= shape.threads)) { return; }
  var at = thread.x * FILTERS;
  let feature = shape.first_filter + at;
  let pixel = thread.y * PIXELS;
  let at0 = min(pixel + 0, shape.pixels - 1) * shape.vectors;
  let at1 = min(pixel + 1, shape.pixels - 1) * shape.vectors;
  let at2 = min(pixel + 2, shape.pixels - 1) * shape.vectors;
  let at3 = min(pixel + 3, shape.pixels - 1) * shape.vectors;
  var sum0_0 = bias[feature + 0];
  var sum1_0 = bias[feature + 0];
  var sum2_0 = bias[feature + 0];
  var sum3_0 = bias[feature + 0];
  for (var c = 0; c < shape.vectors; c++) {
    let weight0 = weight[at + 0];
    let x0 = x[at0 + c];
    let x1 = x[at1 + c];
    let x2 = x[at2 + c];
    let x3 = x[at3 + c];
    sum0_0 += weight0 * x0;
    sum1_0 += weight0 * x1;
    sum2_0 += weight0 * x2;
    sum3_0 += weight0 * x3;
    at += shape.filters;
  }
  let to = pixel * shape.all_filters + feature;
  if (pixel + 0 < shape.pixels) { put(to + 0 * shape.all_filters + 0, feature + 0, sum0_0); }
  if (pixel + 1 < shape.pixels) { put(to + 1 * shape.all_filters + 0, feature + 0, sum1_0); }
  if (pixel + 2 < shape.pixels) { put(to + 2 * shape.all_filters + 0, feature + 0, sum2_0); }
  if (pixel + 3 < shape.pixels) { put(to + 3 * shape.all_filters + 0, feature + 0, sum3_0); }
}
