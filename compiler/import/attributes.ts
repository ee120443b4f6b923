// Which attributes an operator of ONNX has, in any version: an attribute of another name would be ignored, and what
// its writer meant with it.
import { refuse } from '../support/refusal.ts';
import { didYouMean } from '../support/suggest.ts';
import type { OnnxNode } from './model.ts';
import { argument } from '../support/quoted.ts';

/** Operators that are alike, and their attributes (the schemas of onnx 1.23.1, up to operator set 28). */
const SCHEMAS = `
Abs Ceil Exp Floor Log Max Mean Min Neg PRelu Reciprocal Relu Sigmoid Sqrt Sum Tanh: consumed_inputs
Add Div Mul Sub: axis broadcast consumed_inputs
AffineGrid: align_corners
And Equal Greater Less Or Pow Xor: axis broadcast
ArgMax ArgMin: axis keepdims select_last_index
Attention: is_causal kv_num_heads left_window_size q_num_heads qk_matmul_output_mode right_window_size scale softcap softmax_precision
AveragePool: auto_pad ceil_mode count_include_pad dilations kernel_shape pads strides
BatchNormalization: consumed_inputs epsilon is_test momentum spatial training_mode
BitCast: to
BitShift: direction
BlackmanWindow HammingWindow HannWindow: output_datatype periodic
Cast: round_mode saturate to
CastLike: round_mode saturate
CausalConvWithState: activation
Celu SwiGLU Swish ThresholdedRelu: alpha
CenterCropPad MeanVarianceNormalization Squeeze Unsqueeze: axes
Clip: consumed_inputs max min
Col2Im: dilations pads strides
Compress Concat Flatten Gather GatherElements Hardmax LogSoftmax OneHot Scatter Softmax: axis
Constant: sparse_value value value_float value_floats value_int value_ints value_string value_strings
ConstantOfShape: value
Conv ConvInteger QLinearConv: auto_pad dilations group kernel_shape pads strides
ConvTranspose: auto_pad dilations group kernel_shape output_padding output_shape pads strides
CumProd CumSum: exclusive reverse
DFT: axis inverse onesided
DeformConv: dilations group kernel_shape offset_group pads strides
DepthToSpace SpaceToDepth: blocksize mode
DequantizeLinear: axis block_size output_dtype
Dropout: consumed_inputs is_test ratio seed
Einsum: equation
Elu LeakyRelu: alpha consumed_inputs
EyeLike: dtype k
GatherND: batch_dims
Gelu: approximate
Gemm: alpha beta broadcast transA transB
GlobalLpPool: p
GridSample: align_corners mode padding_mode
GroupNormalization: epsilon num_groups stash_type
HardSigmoid: alpha beta consumed_inputs
If: else_branch then_branch
Loop: body
Scan: body directions num_scan_inputs scan_input_axes scan_input_directions scan_output_axes scan_output_directions
InstanceNormalization: consumed_inputs epsilon
IsInf: detect_negative detect_positive
LRN: alpha beta bias size
LayerNormalization RMSNormalization: axis epsilon stash_type
LpNormalization: axis p
LpPool: auto_pad ceil_mode dilations kernel_shape p pads strides
MaxPool: auto_pad ceil_mode dilations kernel_shape pads storage_order strides
MaxRoiPool: pooled_shape spatial_scale
MaxUnpool: kernel_shape pads strides
MelWeightMatrix: output_datatype
Mod: fmod
NonMaxSuppression: center_point_box
Pad: mode paddings pads value
QuantizeLinear: axis block_size output_dtype precision saturate
Range: stash_type
ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare: axes keepdims noop_with_empty_axes
Reshape: allowzero consumed_inputs shape
Resize: antialias axes coordinate_transformation_mode cubic_coeff_a exclude_outside extrapolation_value keep_aspect_ratio_policy mode nearest_mode
ReverseSequence: batch_axis time_axis
RoiAlign: coordinate_transformation_mode mode output_height output_width sampling_ratio spatial_scale
RotaryEmbedding: interleaved num_heads rotary_embedding_dim
STFT: onesided
ScatterElements: axis reduction
ScatterND: reduction
Selu: alpha consumed_inputs gamma
Shape: end start
Shrink: bias lambd
Slice: axes ends starts
Split: axis num_outputs split
TensorScatter: axis mode
TopK: axis k largest sorted
Transpose: perm
Trilu: upper
Unique: axis sorted
Upsample: height_scale mode scales width_scale
`;

const ATTRIBUTES: ReadonlyMap<string, readonly string[]> = new Map(
  SCHEMAS.trim()
    .split('\n')
    .flatMap((line) => {
      const [ops = '', attributes = ''] = line.split(': ');
      return ops.split(' ').map((op) => [op, attributes.split(' ')] as const);
    }),
);

/** The attributes that an operator has, in any version. */
export const attributesOf = (op: string): readonly string[] => ATTRIBUTES.get(op) ?? [];

/** Throws a `Refusal` (E090) for an attribute that the operator of a node does not have, as ONNX's checker does. */
export function requireAttributes({ op, attributes }: OnnxNode): void {
  const known = attributesOf(op);
  for (const name of attributes.keys()) {
    if (known.includes(name)) continue;
    const list = known.length === 0 ? 'none' : known.join(', ');
    refuse('E090', `${op} has no attribute ${argument(name)}${didYouMean(name, known)}`, {
      help: `its attributes: ${list}`,
    });
  }
}
