// conv, depthwise: strips of 8 pixels × 1 channel per thread, then relu6
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(4) var<uniform> shape: Shape;

struct Shape {
  threads: vec2i,
  height: i32,
  width: i32,
  channels: i32,
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
const PIXELS = 8;

fn put(at: i32, vector: i32, result: f32) {
  y[at] = min(max(result, f32(0.0)), f32(6.0));
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let thread = vec2i(i32(id.x), i32(id.y + id.z * 65535 * 8));
  if (any(thread >= shape.threads)) { return; }
  let channel = thread.x;
  let column = thread.y % shape.across;
  let strip = thread.y / shape.across;
  let image = strip / shape.strips;
  let begin = strip % shape.strips * shape.strip_rows;
  let end = min(begin + shape.strip_rows, shape.rows);
  let channels = shape.channels;
  let left = column * PIXELS - PAD_LEFT;
  let first = bias[channel];
  let weight0_0 = weight[(0 * KERNEL_W + 0) * channels + channel];
  let weight0_1 = weight[(0 * KERNEL_W + 1) * channels + channel];
  let weight0_2 = weight[(0 * KERNEL_W + 2) * channels + channel];
  let weight1_0 = weight[(1 * KERNEL_W + 0) * channels + channel];
  let weight1_1 = weight[(1 * KERNEL_W + 1) * channels + channel];
  let weight1_2 = weight[(1 * KERNEL_W + 2) * channels + channel];
  let weight2_0 = weight[(2 * KERNEL_W + 0) * channels + channel];
  let weight2_1 = weight[(2 * KERNEL_W + 1) * channels + channel];
  let weight2_2 = weight[(2 * KERNEL_W + 2) * channels + channel];
  let column0 = clamp(left + 0, 0, shape.width - 1);
  let inside0 = column0 == left + 0;
  let at0 = column0 * channels + channel;
  let at1 = (left + 1) * channels + channel;
  let at2 = (left + 2) * channels + channel;
  let at3 = (left + 3) * channels + channel;
  let at4 = (left + 4) * channels + channel;
  let at5 = (left + 5) * channels + channel;
  let at6 = (left + 6) * channels + channel;
  let at7 = (left + 7) * channels + channel;
  let at8 = (left + 8) * channels + channel;
  let column9 = clamp(left + 9, 0, shape.width - 1);
  let inside9 = column9 == left + 9;
  let at9 = column9 * channels + channel;
  let top = image * shape.height;
  let last = shape.height - 1;
  let line = shape.width * channels;
  let to_line = shape.columns * channels;
  var to = ((image * shape.rows + begin - (KERNEL_H - 1)) * shape.columns + column * PIXELS) * channels + channel;
  var sum1_0 = first;
  var sum1_1 = first;
  var sum1_2 = first;
  var sum1_3 = first;
  var sum1_4 = first;
  var sum1_5 = first;
  var sum1_6 = first;
  var sum1_7 = first;
  var sum2_0 = first;
  var sum2_1 = first;
  var sum2_2 = first;
  var sum2_3 = first;
  var sum2_4 = first;
  var sum2_5 = first;
  var sum2_6 = first;
  var sum2_7 = first;
  for (var i = begin - (KERNEL_H - 1); i < end; i++) {
    let row = i + KERNEL_H - 1 - PAD_TOP;
    let nearest = clamp(row, 0, last);
    let is_row = row == nearest;
    let at = (top + nearest) * line;
    let x0 = select(f32(), x[at + at0], is_row && inside0);
    let x1 = select(f32(), x[at + at1], is_row);
    let x2 = select(f32(), x[at + at2], is_row);
    let x3 = select(f32(), x[at + at3], is_row);
    let x4 = select(f32(), x[at + at4], is_row);
    let x5 = select(f32(), x[at + at5], is_row);
    let x6 = select(f32(), x[at + at6], is_row);
    let x7 = select(f32(), x[at + at7], is_row);
    let x8 = select(f32(), x[at + at8], is_row);
    let x9 = select(f32(), x[at + at9], is_row && inside9);
    let result0 = sum2_0 + weight2_0 * x0 + weight2_1 * x1 + weight2_2 * x2;
    let result1 = sum2_1 + weight2_0 * x1 + weight2_1 * x2 + weight2_2 * x3;
    let result2 = sum2_2 + weight2_0 * x2 + weight2_1 * x3 + weight2_2 * x4;
    let result3 = sum2_3 + weight2_0 * x3 + weight2_1 * x4 + weight2_2 * x5;
    let result4 = sum2_4 + weight2_0 * x4 + weight2_1 * x5 + weight2_2 * x6;
    let result5 = sum2_5 + weight2_0 * x5 + weight2_1 * x6 + weight2_2 * x7;
    let result6 = sum2_6 + weight2_0 * x6 + weight2_1 * x7 + weight2_2 * x8;
    let result7 = sum2_7 + weight2_0 * x7 + weight2_1 * x8 + weight2_2 * x9;
    sum2_0 = sum1_0 + weight1_0 * x0 + weight1_1 * x1 + weight1_2 * x2;
    sum2_1 = sum1_1 + weight1_0 * x1 + weight1_1 * x2 + weight1_2 * x3;
    sum2_2 = sum1_2 + weight1_0 * x2 + weight1_1 * x3 + weight1_2 * x4;
    sum2_3 = sum1_3 + weight1_0 * x3 + weight1_1 * x4 + weight1_2 * x5;
    sum2_4 = sum1_4 + weight1_0 * x4 + weight1_1 * x5 + weight1_2 * x6;
    sum2_5 = sum1_5 + weight1_0 * x5 + weight1_1 * x6 + weight1_2 * x7;
    sum2_6 = sum1_6 + weight1_0 * x6 + weight1_1 * x7 + weight1_2 * x8;
    sum2_7 = sum1_7 + weight1_0 * x7 + weight1_1 * x8 + weight1_2 * x9;
    sum1_0 = first + weight0_0 * x0 + weight0_1 * x1 + weight0_2 * x2;
    sum1_1 = first + weight0_0 * x1 + weight0_1 * x2 + weight0_2 * x3;
    sum1_2 = first + weight0_0 * x2 + weight0_1 * x3 + weight0_2 * x4;
    sum1_3 = first + weight0_0 * x3 + weight0_1 * x4 + weight0_2 * x5;
    sum1_4 = first + weight0_0 * x4 + weight0_1 * x5 + weight0_2 * x6;
    sum1_5 = first + weight0_0 * x5 + weight0_1 * x6 + weight0_2 * x7;
    sum1_6 = first + weight0_0 * x6 + weight0_1 * x7 + weight0_2 * x8;
    sum1_7 = first + weight0_0 * x7 + weight0_1 * x8 + weight0_2 * x9;
    if (i >= begin) {
      put(to + 0 * channels, channel, result0);
      put(to + 1 * channels, channel, result1);
      put(to + 2 * channels, channel, result2);
      put(to + 3 * channels, channel, result3);
      put(to + 4 * channels, channel, result4);
      put(to + 5 * channels, channel, result5);
      put(to + 6 * channels, channel, result6);
      put(to + 7 * channels, channel, result7);
    }
    to += to_line;
  }
}
