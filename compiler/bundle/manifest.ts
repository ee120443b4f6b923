import { CHUNK_BYTES } from '../../runtime/container.ts';
import type { Program } from '../../runtime/program.ts';
import { sha256Of, type ModelOrigin } from './model-origin.ts';

/** What a bundle was made of. */
export interface BundleOrigin {
  /** The program with everything that has a default written out. */
  readonly program?: string;
  /** The ONNX model. */
  readonly model?: ModelOrigin;
}

export interface ManifestParts {
  readonly program: Program;
  readonly origin: BundleOrigin;
  /** The bundle's files, this one excepted, by name. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** Learned numbers of the program; passes may store others. */
  readonly parameters: number;
  /** Steps, buffers, sizes: data of the compiler's plan for each input size. */
  readonly plans: readonly unknown[];
  /** What the self-test compares with. */
  readonly selfTest?: object | undefined;
  /** Per target, the size of its code and what else it says of itself. */
  readonly targets: Readonly<Record<string, object>>;
}

/** The text of `N.json`: what the bundle is made of, to be read by people and by tools. */
export async function bundleManifest({
  program,
  origin,
  parameters,
  files,
  plans,
  targets,
  selfTest,
}: ManifestParts): Promise<string> {
  const { name, cnnc, inputs, outputs, sizes, weights } = program;
  const manifest = {
    schema: 1,
    name,
    cnnc,
    ...(origin.program !== undefined && {
      program: { source: origin.program, ...(await fingerprint(origin.program)) },
    }),
    ...(origin.model && { model: origin.model }),
    inputs,
    outputs,
    parameters,
    weights: { ...weights, chunkBytes: CHUNK_BYTES },
    files: await fingerprints(files),
    targets,
    ...(selfTest && { selfTest }),
    plan: plans[0],
    ...(sizes && { sizes: sizes.map((size, i) => ({ ...size, plan: plans[i + 1] })) }),
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

async function fingerprints(files: ManifestParts['files']): Promise<object> {
  const entries = Object.entries(files).map(async ([name, file]) => [name, await fingerprint(file)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function fingerprint(file: string | Uint8Array): Promise<{ bytes: number; sha256: string }> {
  const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file;
  return { bytes: bytes.length, sha256: await sha256Of(bytes) };
}
