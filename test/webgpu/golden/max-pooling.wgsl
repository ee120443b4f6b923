// pool: max
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(2) var<uniform> shape: Shape;

struct Shape {
  threads: vec2i,
  height: i32,
  width: i32,
  rows: i32,
  columns: i32,
  kernel_height: i32,
  kernel_width: i32,
  padded_height: i32,
  padded_width: i32,
}

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
  let vectors = shape.threads.x;
  let image = thread.y / (shape.rows * shape.columns);
  let top = thread.y / shape.columns % shape.rows * STRIDE_H - PAD_TOP;
  let left = thread.y % shape.columns * STRIDE_W - PAD_LEFT;
  var result = vec4f(-3.4028234663852886e+38);
  for (var u = 0; u < shape.kernel_height; u++) {
    let row = top + u * DILATION_H;
    for (var v = 0; v < shape.kernel_width; v++) {
      let column = left + v * DILATION_W;
      let inside = row >= 0 && row < shape.height && column >= 0 && column < shape.width;
      if (!inside) { continue; }
      let value = x[((image * shape.height + row) * shape.width + column) * vectors + thread.x];
      result = max(result, value);
    }
  }
  y[thread.y * vectors + thread.x] = result;
}
