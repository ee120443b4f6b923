import type { TargetName } from '../runtime/program.ts';
import type { JsOptions } from './codegen/js/kernel.ts';
import type { WgslOptions } from './codegen/wgsl/options.ts';
import type { Read } from './frontend/read-text.ts';
import type { BindOptions } from './frontend/weights/bind.ts';

/** What every use of the compiler starts from. */
export interface SourceOptions {
  /** The program's text; without it, `path` is read. */
  readonly source?: string;
  /** The bytes of an ONNX model instead of a program. */
  readonly onnx?: Uint8Array;
  /** Inputs of an ONNX model that are really parameters (shapes, pads, scales), by name: their numbers. */
  readonly constants?: Readonly<Record<string, ArrayLike<number | bigint | boolean>>>;
  /** Sizes of an ONNX model's inputs that it leaves open, by name: `{ input: [1, 3, 224, 224] }`. */
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
  /** How pictures become the input of an ONNX model, as INPUT's arguments say it: `scale=1/255, order=bgr`. */
  readonly image?: string;
  /** What the classes of an ONNX model are called, in order. */
  readonly labels?: readonly string[];
  /** How messages name the program, and what `use` is relative to. */
  readonly path?: string;
  /** Reads files: the program, and what it uses. The compiler itself never touches a disk. */
  readonly read?: Read;
  /** The model's name; by default the file's. */
  readonly name?: string;
  /**
   * Input sizes other than the one the network was trained at: height and width, or a length. The first one
   * also settles what INPUT leaves open.
   */
  readonly at?: readonly (readonly number[])[];
  /** Evaluates a classifier at every position: all scores, or their mean or maximum before SOFTMAX. Needs `at`. */
  readonly dense?: boolean | 'average' | 'max';
  /** Dense evaluation at a finer stride than the network's own, in input positions; it must divide that. */
  readonly stride?: number;
  /** How a finer stride is reached; by default the way with fewer multiply-accumulates. */
  readonly method?: 'stitch' | 'atrous';
}

/** Bytes that a build may not exceed. */
export interface Budgets {
  /**
   * For the values that are alive at once while the network runs and, where JavaScript is generated, what its
   * kernels need beside them. Weights are not counted, nor the forms into which kernels bring them when they load.
   */
  readonly budgetMemory?: number;
  /** For all files of the bundle together. */
  readonly budgetSize?: number;
}

/** Where weights come from, and how a file of them is to be understood. */
export interface WeightsOptions extends BindOptions {
  /** The bytes of a safetensors or .npz file, or a seed for random weights (He-uniform). */
  readonly weights?: Uint8Array | ArrayBuffer | { readonly random: number };
}

/** What is common to all targets, and what only one of them knows. */
export interface CompileOptions
  extends SourceOptions, WeightsOptions, Budgets, Partial<JsOptions>, Partial<WgslOptions> {
  /** What to generate, best first. Default: all. */
  readonly targets?: readonly TargetName[];
  /** Puts the weights into the module as base64 instead of into a file beside it. */
  readonly inlineWeights?: boolean;
  /** Gives models `selfTest()`, which compares their outputs with those that the compiler got. */
  readonly selfTest?: boolean;
  /** Where the ONNX model lies, as seen from the bundle's folder: what `cnnc verify` looks for. Default: its name. */
  readonly modelFile?: string;
  /** Adds a page that shows what an image classifier does. */
  readonly html?: boolean;
  /** Passes to run instead of the usual ones: names separated by commas; `default` stands for those. */
  readonly passes?: string;
  /** How convolutions are computed: by loops, as a matrix product, or as each target likes (the default). */
  readonly conv?: 'auto' | 'direct' | 'im2col';
}

export const ALL_TARGETS: readonly TargetName[] = ['webgpu', 'js'];

/** A name for files: of the option, else of the program's file, else `model`. */
export function modelName({ name, path }: SourceOptions): string {
  const fromPath = path?.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '');
  return name ?? (fromPath !== undefined && isFileName(fromPath) ? fromPath : 'model');
}

/** Letters, digits, `.`, `_` and `-`, beginning with a letter or digit: safe as a file and in a URL. */
export const isFileName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name);
