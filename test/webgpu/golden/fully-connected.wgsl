// fc: 32 units per workgroup
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> weight: array<mat4x4f>;
@group(0) @binding(2) var<storage, read> bias: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(4) var<uniform> shape: Shape;

struct Shape {
  threads: vec2i,
  inputs: i32,
  units: i32,
  first_unit: i32,
  all_units: i32,
}

const UNITS = 8;
const ROWS = 16;

var<workgroup> partial: array<vec4f, UNITS * ROWS>;

@compute @workgroup_size(8, 16)
fn main(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_id) place: vec3u) {
  let group = vec2i(i32(id.x), i32(id.y + id.z * 65535));
  let local = vec2i(place.xy);
  if (group.y >= shape.threads.y) { return; }
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
  sum += bias[vector];
  y[group.y * shape.all_units + vector] = sum;
}
