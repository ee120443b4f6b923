import type { Program, TargetName, TensorSpec } from '../../runtime/program.ts';
import { code, lines } from '../support/code.ts';
import { inComment, propertyName, scalar } from './literal.ts';

/** The text of the declarations beside the module: this model's names and shapes as literal types. */
export function bundleTypes(
  program: Program,
  targets: readonly TargetName[],
  { hasSelfTest = false } = {},
): string {
  const { name, cnnc, inputs, outputs, sizes } = program;
  const target = targets.map(scalar).join(' | ');
  const isEverywhere = outputs.every(({ receptiveField }) => receptiveField !== undefined);
  const onGpu = targets.includes('webgpu');
  const values = [valueTypes(inputs, onGpu), sizes ? sizedType(program) : ''].filter(Boolean).join('\n\n');
  const input = runInput(program, onGpu);
  const text = code`
    /// <reference lib="esnext.disposable" />
    // ${name.replaceAll(/\s+/g, ' ')}, compiled by cnnc ${cnnc}

    /** What \`run\` takes; the items of a batch follow each other in each array. */
    export interface Inputs {
      ${lines(inputs.map((spec) => property(spec, inputType(spec, onGpu))))}
    }

    ${values}

    /** What \`run\` gives: fresh arrays, which are yours. */
    export interface Outputs {
      ${lines(outputs.map((spec) => property(spec, 'Float32Array')))}
    }

    /** The classes that an output's values stand for. */
    export interface Labels {
      ${lines(outputs.flatMap(labelProperty))}
    }

    export interface Model {
      readonly inputs: readonly [
        ${lines(inputs.map((spec) => `${literalType(spec)},`))}
      ];
      readonly outputs: readonly [
        ${lines(outputs.map((spec) => `${literalType(spec)},`))}
      ];
      /** Each size of the bundle; the first is that of \`inputs\` and \`outputs\`. */
      readonly sizes: readonly Size[];
      readonly target: ${target};
      readonly report: Report;
      /** Runs a batch; its size follows from the length of the arrays. Overlapping calls queue. */
      run(input: ${input}): Promise<Outputs>;
      ${onGpu ? RUN_INTO(input) : ''}
      /** What the positions of an output look at: along each axis, position i sees nothing but the \`size\` input positions from \`offset + i * stride\` on. */
      receptiveField(output: keyof Outputs): ReceptiveField${isEverywhere ? '' : ' | undefined'};
      ${hasSelfTest ? SELF_TEST_METHOD : ''}
      /** Frees the network. */
      dispose(): void;
      [Symbol.dispose](): void;
    }

    ${hasSelfTest ? `${SELF_TEST(target)}\n` : ''}
    export interface Size {
      readonly inputs: readonly { readonly name: keyof Inputs; readonly shape: readonly number[] }[];
      readonly outputs: readonly {
        readonly name: keyof Outputs;
        readonly shape: readonly number[];
        readonly receptiveField?: ReceptiveField;
      }[];
    }

    export interface ReceptiveField {
      readonly size: readonly number[];
      readonly stride: readonly number[];
      readonly offset: readonly number[];
    }

    export interface Report {
      readonly target: ${target};
      /** Better targets of the bundle that do not run here, each with the reason. */
      readonly skipped: readonly { readonly target: ${target}; readonly why: string }[];
      /** What the target runs on, where it says so: the GPU's name. */
      readonly device?: string;
      readonly weightsBytes: number;
      /** Milliseconds until the weights were there and verified. */
      readonly loadMs: number;
      /** Milliseconds the target then took to set itself up. */
      readonly prepareMs: number;
    }

    export interface Progress {
      readonly phase: "weights" | "prepare";
      /** Bytes of the weights file that arrived and proved right. */
      readonly loaded: number;
      readonly total: number;
    }

    export interface CreateOptions {
      /** Default, and "auto": the best one of the bundle that runs here. */
      readonly target?: ${target} | "auto" | undefined;
      /** Default: what was compiled with this module. In Node a string may be a path. */
      readonly weights?: string | ArrayBuffer | Uint8Array | Known<"URL" | "Response"> | undefined;
      ${onGpu ? DEVICE_OPTIONS : ''}
      readonly signal?: Known<"AbortSignal"> | undefined;
      readonly onProgress?: ((progress: Progress) => void) | undefined;
    }

    /** Loads the model. Rejects with an error whose \`code\` is a word such as \`WEIGHTS_CORRUPT\`. */
    export declare function createModel(options?: CreateOptions): Promise<Model>;
    export default createModel;
  `;
  return `${text}\n`;
}

const property = ({ name, shape }: TensorSpec, type: string): string =>
  lines([`/** ${shape.join(' × ')} values per item. */`, `readonly ${propertyName(name)}: ${type};`]);

/** What `run` takes: the only input's values, or all inputs by name, each perhaps with its size. */
function runInput({ inputs, sizes }: Program, onGpu: boolean): string {
  const single = inputs.length === 1 ? [inputType(inputs[0]!, onGpu), ...(sizes ? ['Sized'] : [])] : [];
  return [...single, sizes ? '{ readonly [K in keyof Inputs]: Inputs[K] | Sized<K> }' : 'Inputs'].join(' | ');
}

/** The sizes that each input may have, as literal types. */
function sizedType({ inputs, outputs, sizes = [] }: Program): string {
  const shapes = inputs.map(({ name, shape }, i) => {
    const all = [shape, ...sizes.map((size) => size.inputs[i]!.shape)];
    return `readonly ${propertyName(name)}: ${all.map(literalType).join(' | ')};`;
  });
  const results = outputs.map(
    ({ name }, i) => `${name} ${sizes.map((size) => size.outputs[i]!.shape.join(' × ')).join(', ')}`,
  );
  return code`
    /** The shapes that one item may have; the first is meant where none is given. */
    export interface Shapes {
      ${lines(shapes)}
    }

    /** Values and the shape of one item. Further sizes give: ${inComment(results.join('; '))}. */
    export interface Sized<K extends keyof Inputs = keyof Inputs> {
      readonly data: Inputs[K];
      readonly shape: Shapes[K];
    }
  `;
}

/** What one input takes. */
const inputType = ({ image }: TensorSpec, onGpu: boolean): string =>
  ['Float32Array', ...(onGpu ? ['GPUBuffer'] : []), ...(image ? ['Picture'] : [])].join(' | ');

const valueTypes = (inputs: readonly TensorSpec[], onGpu: boolean): string =>
  [KNOWN, onGpu ? BUFFER : '', inputs.some(({ image }) => image) ? PICTURE : ''].filter(Boolean).join('\n\n');

const KNOWN = code`
  /** Types of the platform, where the project knows them: without the DOM or WebGPU it compiles too. */
  type Known<Name extends string> = Name extends string
    ? typeof globalThis extends { [K in Name]: { prototype: infer T } }
      ? T
      : never
    : never;
`;

const PICTURE = code`
  /** Prepared as INPUT's attributes say. */
  export type Picture = Known<
    | "ImageData"
    | "ImageBitmap"
    | "HTMLImageElement"
    | "HTMLCanvasElement"
    | "HTMLVideoElement"
    | "OffscreenCanvas"
    | "VideoFrame"
  >;
`;

const BUFFER = code`
  type GPUBuffer = Known<"GPUBuffer">;
  type GPUDevice = Known<"GPUDevice">;
`;

const RUN_INTO = (input: string): string => code`
  /** Writes outputs into buffers of the model's device instead of fresh arrays. */
  run(input: ${input}, options: { readonly into?: { readonly [K in keyof Outputs]?: GPUBuffer } }): Promise<Partial<Outputs>>;
`;

const DEVICE_OPTIONS = code`
  /** For the target webgpu: a device of yours, to share its buffers. It is not destroyed with the model. */
  readonly device?: GPUDevice | undefined;
  /** When a GPU was lost twice: go on with the next target, or reject with DEVICE_LOST. Default: fallback. */
  readonly onDeviceLost?: "fallback" | "reject" | undefined;
`;

const SELF_TEST_METHOD = code`
  /** Runs on inputs of its own and compares the outputs with those that the compiler got. */
  selfTest(): Promise<SelfTest>;
`;

const SELF_TEST = (target: string): string => code`
  /** How far off the model is on this device. */
  export interface SelfTest extends Deviation {
    readonly target: ${target};
    readonly outputs: readonly ({ readonly name: keyof Outputs; readonly allowed: number } & Deviation)[];
  }

  export interface Deviation {
    readonly ok: boolean;
    readonly maxAbsolute: number;
    /** The same as a share of an output's largest value. */
    readonly maxRelative: number;
  }
`;

/** Refers to the list of labels above it, which may be long. */
const labelProperty = ({ name, labels }: TensorSpec, index: number): string[] =>
  labels ? [`readonly ${propertyName(name)}: Model["outputs"][${index}]["labels"][number];`] : [];

/** The type that has plain data as its only value. */
function literalType(value: unknown): string {
  if (Array.isArray(value)) return `readonly [${value.map(literalType).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return scalar(value);
  const properties = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{ ${properties.map(([name, item]) => `readonly ${propertyName(name)}: ${literalType(item)}`).join('; ')} }`;
}
