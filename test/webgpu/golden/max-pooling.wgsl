// pool: max of 2×2
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(2) var<uniform> shape: Shape;

struct Shape {
  threads: vec2i,
  height: i32,
  width: i32,
  rows: i32,
  padded_height: i32,
  padded_width: i32,
  across: i32,
  strips: i32,
  strip_rows: i32,
}

const KERNEL_H = 2;
const KERNEL_W = 2;
const STRIDE_H = 2;
const STRIDE_W = 2;
const DILATION_H = 1;
const DILATION_W = 1;
const PAD_TOP = 0;
const PAD_LEFT = 0;

@compute @workgroup_size(2, 32)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let thread = vec2i(i32(id.x), i32(id.y + id.z * 65535 * 32));
  if (any(thread >= shape.threads)) { return; }
  let column = thread.y % shape.across;
  let strip = thread.y / shape.across;
  let image = strip / shape.strips;
  let begin = strip % shape.strips * shape.strip_rows;
  let end = min(begin + shape.strip_rows, shape.rows);
  let left = column * STRIDE_W - PAD_LEFT;
  let column0 = clamp(left + 0 * DILATION_W, 0, shape.width - 1);
  let column1 = clamp(left + 1 * DILATION_W, 0, shape.width - 1);
  for (var i = begin; i < end; i++) {
    let top = i * STRIDE_H - PAD_TOP;
    let row0 = clamp(top + 0 * DILATION_H, 0, shape.height - 1);
    let row1 = clamp(top + 1 * DILATION_H, 0, shape.height - 1);
    let line0 = (image * shape.height + row0) * shape.width;
    let line1 = (image * shape.height + row1) * shape.width;
    var result = x[(line0 + column0) * shape.threads.x + thread.x];
    result = max(result, x[(line0 + column1) * shape.threads.x + thread.x]);
    result = max(result, x[(line1 + column0) * shape.threads.x + thread.x]);
    result = max(result, x[(line1 + column1) * shape.threads.x + thread.x]);
    let to = (image * shape.rows + i) * shape.across + column;
    y[to * shape.threads.x + thread.x] = result;
  }
}
