// A model to run: a bundle that was compiled before, or a program that is compiled now.
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CreateModel, Model } from '../../runtime/index.ts';
import { compile } from '../index.ts';
import { InputError } from './failure.ts';
import { ONNX_FLAGS, type OnnxFlags } from './onnx-flags.ts';
import { programSource } from './program-source.ts';
import { fileReason, STDIN } from './read-input.ts';
import { reportResult } from './report.ts';
import { sizeOptions, type SizeFlags } from './size-flags.ts';
import type { Terminal } from './terminal.ts';
import { readWeights, type WeightsFlags } from './weights-flags.ts';
import { writeFiles } from './write-files.ts';

type TargetWish = NonNullable<NonNullable<Parameters<CreateModel>[0]>['target']>;

/** Where a model runs; JavaScript unless told otherwise, which starts at once and needs no driver. */
interface TargetChoice {
  readonly target?: TargetWish;
}

type OpenFlags = WeightsFlags & SizeFlags & OnnxFlags & TargetChoice;

/** Opens a bundle's folder or module, or compiles a program. */
export async function openModel(path: string, flags: OpenFlags, terminal: Terminal): Promise<Model> {
  const module = await bundleModule(path);
  if (module === undefined) return compileAndOpen(path, flags, terminal);
  if (flags.weights !== undefined || flags.randomWeights !== undefined)
    throw new InputError(`${path}: is compiled and has its weights; --weights is for programs`);
  const modelFlag = ONNX_FLAGS.find((name) => flags[name] !== undefined);
  if (modelFlag) throw new InputError(`${path}: is compiled already; --${modelFlag} is for ONNX models`);
  const { at: _, ...scanning } = sizeOptions(flags);
  const [flag] = Object.keys(scanning);
  if (flag !== undefined)
    throw new InputError(`${path}: is compiled already; --${flag} is for programs, and --at chooses a size`);
  return importModel(module, flags);
}

/** The module of a bundle, given by its folder or by itself; undefined for what is to be compiled. */
export async function bundleModule(path: string): Promise<string | undefined> {
  const kind = path === STDIN ? 'program' : await kindOf(path);
  if (kind === 'program') return undefined;
  return kind === 'folder' ? moduleIn(path) : path;
}

async function kindOf(path: string): Promise<'folder' | 'module' | 'program'> {
  try {
    if ((await stat(path)).isDirectory()) return 'folder';
  } catch (error) {
    throw new InputError(`${path}: ${fileReason(error)}`);
  }
  return /\.m?js$/.test(path) ? 'module' : 'program';
}

/** A bundle's manifest names its module. */
async function moduleIn(folder: string): Promise<string> {
  const found: string[] = [];
  for (const name of await readdir(folder)) {
    if (name.endsWith('.json') && (await isManifest(join(folder, name))))
      found.push(name.replace(/\.json$/, '.js'));
  }
  if (found.length === 1) return join(folder, found[0]!);
  throw new InputError(
    found.length === 0
      ? `${folder}: has no bundle in it; cnnc compile NET.cnn -o ${folder} makes one`
      : `${folder}: has several bundles in it; name one of ${found.join(', ')}`,
  );
}

async function isManifest(path: string): Promise<boolean> {
  try {
    const manifest: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof manifest === 'object' && manifest !== null && 'schema' in manifest && 'cnnc' in manifest;
  } catch {
    return false;
  }
}

async function compileAndOpen(path: string, flags: OpenFlags, terminal: Terminal): Promise<Model> {
  const result = await compile({
    ...(await programSource(path, terminal, flags)),
    ...(await readWeights(flags)),
    ...sizeOptions(flags),
  });
  reportResult(result, terminal);
  return openFiles(result.files, flags);
}

/** Opens a bundle that is not on the disk. */
export const openFiles = async (
  files: ReadonlyMap<string, Uint8Array>,
  choice: TargetChoice = {},
): Promise<Model> => (await importFiles(files, choice)).model;

/** The same, with everything else that its module exports. */
export async function importFiles(
  files: ReadonlyMap<string, Uint8Array>,
  choice: TargetChoice = {},
): Promise<{ readonly model: Model; readonly module: object }> {
  const folder = await mkdtemp(join(tmpdir(), 'cnnc-run-'));
  try {
    await writeFiles(folder, files);
    const path = await moduleIn(folder);
    const module = await importModule(path);
    return { model: await createIn(module, path, choice), module };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const importModel = async (path: string, choice: TargetChoice): Promise<Model> =>
  createIn(await importModule(path), path, choice);

interface BundleModule {
  readonly createModel?: CreateModel;
}

async function importModule(path: string): Promise<BundleModule> {
  try {
    return await import(pathToFileURL(resolve(path)).href);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const hint = /import\.meta|Unexpected token 'export'/.test(message)
      ? '; the package.json above it must say "type": "module"'
      : '';
    throw new InputError(`${path}: cannot be loaded: ${message}${hint}`);
  }
}

async function createIn({ createModel }: BundleModule, path: string, choice: TargetChoice): Promise<Model> {
  if (!createModel) throw new InputError(`${path}: is no bundle of cnnc: it exports no createModel`);
  try {
    return await create(createModel, choice);
  } catch (error) {
    throw new InputError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function create(createModel: CreateModel, { target }: TargetChoice): Promise<Model> {
  if (target !== undefined) return createModel({ target });
  try {
    return await createModel({ target: 'js' });
  } catch (error) {
    // A bundle without JavaScript runs on what it has. Its errors are of its own copy of the runtime.
    if (error instanceof Error && 'code' in error && error.code === 'TARGET_UNKNOWN') return createModel();
    throw error;
  }
}
