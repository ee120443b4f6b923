// Names of a program in Python: identifiers are made of them, and what cannot be one is a string.

const KEYWORDS = new Set(
  `False None True and as assert async await break case class continue def del elif else except finally for from
  global if import in is lambda match nonlocal not or pass raise return try type while with yield`.split(
    /\s+/,
  ),
);

/** What modules of PyTorch have already: an attribute of such a name would not be a layer, or break the module. */
const TAKEN = new Set(
  `T_destination add_module affine append apply bfloat16 bias buffers call_super_init children clear compile cpu
  cuda dilation double dump_patches eps eval extend extra_repr float forward get_buffer get_extra_state
  get_parameter get_submodule groups half in_channels in_features insert ipu items kernel_size keys
  load_state_dict modules momentum mtia named_buffers named_children named_modules named_parameters
  num_batches_tracked num_features out_channels out_features output_padding padding padding_mode parameters pop
  register_backward_hook register_buffer register_forward_hook register_forward_pre_hook
  register_full_backward_hook register_full_backward_pre_hook register_load_state_dict_post_hook
  register_load_state_dict_pre_hook register_module register_parameter register_state_dict_post_hook
  register_state_dict_pre_hook requires_grad_ reset_parameters reset_running_stats running_mean running_var
  set_extra_state set_submodule share_memory state_dict stride to to_empty track_running_stats train training
  transposed type update values weight xpu zero_grad`.split(/\s+/),
);

/** Can a layer be reached as an attribute of that name? Python changes names that begin with `__`. */
export const isAttribute = (name: string): boolean =>
  /^[A-Za-z]\w*$/.test(name) && !KEYWORDS.has(name) && !TAKEN.has(name);

/** A string of Python: JSON's escapes are Python's too. */
export const literal = (text: string): string => JSON.stringify(text);

/** A name on one line of a comment or a docstring, which it ends in no way. */
export const plain = (text: string): string =>
  text.replaceAll(/[^\x20-\x7e\u00a0-\u2027\u202a-\uffff]/g, ' ').replaceAll(/["\\]/g, "'");

/** `06-resnet-18` → `Resnet18`. */
export function className(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const joined = words
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join('')
    .replace(/^\d+(?=[A-Za-z])/, '');
  return /^[A-Za-z]/.test(joined) && !KEYWORDS.has(joined) && joined !== 'F' ? joined : `Net${joined}`;
}

/** An identifier that Python does not keep; anything but letters and digits is `_`. */
export function identifier(name: string): string {
  const word = name.replaceAll(/\W+/g, '_');
  return /^[A-Za-z]/.test(word) && !KEYWORDS.has(word) ? word : `_${word}`;
}
