// What a bundle says of the ONNX model that it was made of, so that it can be compared with it.
import { hex, sha256 } from '../../runtime/sha256.ts';

/** What a model left open, as it was given. */
interface Given {
  /** Numbers of inputs that are parameters; as texts where JSON has no such number, and without many. */
  readonly constants?: Readonly<Record<string, readonly (number | string)[]>>;
  /** Inputs whose numbers were too many to keep. */
  readonly omitted?: readonly string[];
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
}

export interface ModelOrigin extends Given {
  /** Where it lies, as seen from the bundle's folder. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

type Constants = Readonly<Record<string, ArrayLike<number | bigint | boolean>>>;

interface Source {
  readonly onnx: Uint8Array;
  readonly file: string;
  readonly constants?: Constants | undefined;
  readonly shapes?: Readonly<Record<string, readonly number[]>> | undefined;
}

/** Numbers of one input that are kept. */
const MOST_NUMBERS = 1024;

export async function modelOrigin({ onnx, file, constants, shapes }: Source): Promise<ModelOrigin> {
  const entries = Object.entries(constants ?? {});
  const omitted = entries.filter(([, { length }]) => length > MOST_NUMBERS).map(([name]) => name);
  const kept = entries
    .filter(([name]) => !omitted.includes(name))
    .map(([name, numbers]) => [name, Array.from(numbers, toJson)] as const);
  return {
    file,
    bytes: onnx.length,
    sha256: await sha256Of(onnx),
    ...(kept.length > 0 && { constants: Object.fromEntries(kept) }),
    ...(omitted.length > 0 && { omitted }),
    ...(shapes && { shapes }),
  };
}

export const sha256Of = async (bytes: Uint8Array): Promise<string> =>
  hex(await sha256(new Uint8Array(bytes)));

function toJson(value: number | bigint | boolean): number | string {
  const number = Number(value);
  return Number.isFinite(number) ? number : String(number);
}

/** The numbers again. */
export const constantsOf = ({ constants = {} }: Given): Record<string, number[]> =>
  Object.fromEntries(Object.entries(constants).map(([name, numbers]) => [name, numbers.map(Number)]));
