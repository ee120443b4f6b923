import type { Program, TargetName, TensorSpec } from '../../runtime/program.ts';
import { code, lines } from '../support/code.ts';
import { propertyName, scalar } from './literal.ts';

/** The text of the declarations beside the module: this model's names and shapes as literal types. */
export function bundleTypes(program: Program, targets: readonly TargetName[]): string {
  const { name, cnnc, inputs, outputs } = program;
  const target = targets.map(scalar).join(' | ');
  const text = code`
    /// <reference lib="esnext.disposable" />
    // ${name.replaceAll(/\s+/g, ' ')}, compiled by cnnc ${cnnc}

    /** What \`run\` takes; the items of a batch follow each other in each array. */
    export interface Inputs {
      ${lines(inputs.map(arrayProperty))}
    }

    /** What \`run\` gives: fresh arrays, which are yours. */
    export interface Outputs {
      ${lines(outputs.map(arrayProperty))}
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
      readonly target: ${target};
      readonly report: Report;
      /** Runs a batch; its size follows from the length of the arrays. Overlapping calls queue. */
      run(input: ${inputs.length === 1 ? 'Float32Array | Inputs' : 'Inputs'}): Promise<Outputs>;
      /** Frees the network. */
      dispose(): void;
      [Symbol.dispose](): void;
    }

    export interface Report {
      readonly target: ${target};
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
      /** Default: the best one of the bundle. */
      readonly target?: ${target} | undefined;
      /** Default: what was compiled with this module. In Node a string may be a path. */
      readonly weights?: URL | string | Response | ArrayBuffer | Uint8Array | undefined;
      readonly signal?: AbortSignal | undefined;
      readonly onProgress?: ((progress: Progress) => void) | undefined;
    }

    /** Loads the model. Rejects with an error whose \`code\` is a word such as \`WEIGHTS_CORRUPT\`. */
    export declare function createModel(options?: CreateOptions): Promise<Model>;
    export default createModel;
  `;
  return `${text}\n`;
}

const arrayProperty = ({ name, shape }: TensorSpec): string =>
  lines([`/** ${shape.join(' × ')} values per item. */`, `readonly ${propertyName(name)}: Float32Array;`]);

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
