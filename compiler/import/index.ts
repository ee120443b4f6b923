// The bytes of an ONNX model → our graph.
import type { Graph } from '../ir/graph.ts';
import { refuse, Refusal, type Complaint } from '../support/refusal.ts';
import { decodeModel } from './decode.ts';
import { withExternalData, type ReadExternal } from './external.ts';
import { countsItems, mixesItems, stretchesItem } from './batch.ts';
import { importGraph, type Imported, type ImportOptions } from './importer.ts';
import type { OnnxFile } from './model.ts';

export type { ImportOptions } from './importer.ts';

/**
 * Imports a model. `read` reads the files beside it that hold its weights, by their path from the model's folder.
 * Whatever is wrong is a complaint, never an exception.
 */
export async function importOnnx(
  bytes: Uint8Array,
  options: ImportOptions,
  read: ReadExternal | undefined,
): Promise<Imported & { readonly warnings?: readonly Complaint[] }> {
  try {
    if (bytes.length === 0) refuse('E090', 'the file is empty');
    const model = await withExternalData(decodeModel(bytes), read);
    const imported = importGraph(model, options);
    const { graph } = imported;
    const mixing = graph && mixingLayer(model, options, graph);
    if (!graph || mixing === undefined) return imported;
    const warning: Complaint = {
      code: 'W106',
      message: `the batch is left open, but ${mixing} looks at several of its items; here each item is computed by itself`,
      help: 'say what a batch of one is meant to be: --shape with a size for every axis',
    };
    // Several items would be something else than the model's own.
    const inputs = graph.inputs.map((input) => ({ ...input, hasOpenBatch: false }));
    return { ...imported, graph: { ...graph, inputs }, warnings: [warning] };
  } catch (error) {
    if (error instanceof Refusal) return { complaints: [error.complaint] };
    throw error;
  }
}

/** The layer of a model with an open batch that looks at several items, if any. */
function mixingLayer(model: OnnxFile, options: ImportOptions, graph: Graph): string | undefined {
  const isOpen = new Set(
    model.graph.inputs
      .filter(({ name, tensor }) => {
        const [first] = tensor?.dims ?? [];
        const isSaid = options.shapes && Object.hasOwn(options.shapes, name);
        return tensor?.dims && tensor.dims.length > 0 && typeof first !== 'number' && !isSaid;
      })
      .map(({ name }) => name),
  );
  if (isOpen.size === 0) return undefined;
  // Inputs of the graph follow the model's, without those that are constants.
  const names = model.graph.inputs
    .map(({ name }) => name)
    .filter((name) => isOpen.has(name) || !model.graph.initializers.some((each) => each.name === name));
  const opened = graph.inputs.flatMap(({ name: own, dims }, i) => {
    const name = names[i];
    return name !== undefined && isOpen.has(name) && dims ? [{ own, name, item: dims.slice(1) }] : [];
  });
  const outline = (items: number): Graph | undefined => {
    const open = opened.map(({ name, item }) => [name, [items, ...item]] as const);
    const shapes = { ...options.shapes, ...Object.fromEntries(open) };
    return importGraph(model, { ...options, shapes }, 'outline').graph;
  };
  const openNames = new Set(opened.map(({ own }) => own));
  const several = outline(ITEMS);
  const one = several && outline(1);
  const mixing = several
    ? (mixesItems(several, ITEMS, ({ name }) => openNames.has(name)) ?? (one && countsItems(one, several)))
    : stretchesItem(graph);
  const origin = mixing?.origins[0];
  return origin && `${origin.keyword} ${JSON.stringify(origin.path)}`;
}

/** A prime that other sizes are seldom multiples of: maps are often 7, 14 or 28 wide, 13, 17 or 19, and 11, 55 or 110. */
const ITEMS = 23;
