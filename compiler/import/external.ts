// Weights that an ONNX model keeps in other files. Only files inside the model's own folder are read.
import { refuse } from '../support/refusal.ts';
import type { OnnxAttribute, OnnxFile, OnnxGraph, OnnxTensor } from './model.ts';

/** The bytes of a file, by its path from the model's folder. */
export type ReadExternal = (path: string) => Promise<Uint8Array>;

/** The model with all of its tensors' bytes. Throws a `Refusal` (E090). */
export async function withExternalData(model: OnnxFile, read: ReadExternal | undefined): Promise<OnnxFile> {
  const files = new Map<string, Uint8Array>();
  for (const tensor of tensorsOf(model.graph)) {
    const path = tensor.external?.location;
    if (path === undefined || files.has(path)) continue;
    requireInside(path, tensor);
    if (!read)
      refuse(
        'E090',
        `the tensor ${shown(tensor)} is in the file ${JSON.stringify(path)}, and there is no way to read it`,
      );
    try {
      files.set(path, await read(path));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      refuse(
        'E090',
        `the file ${JSON.stringify(path)}, which holds the tensor ${shown(tensor)}, cannot be read: ${why}`,
      );
    }
  }
  return files.size === 0 ? model : { ...model, graph: filled(model.graph, files) };
}

/** A relative path that never leaves the folder. */
function requireInside(path: string, tensor: OnnxTensor): void {
  const isInside =
    path !== '' && !/^[/\\]|^[A-Za-z]:|[\0\\]/.test(path) && !path.split('/').some((part) => part === '..');
  if (!isInside)
    refuse('E090', `the tensor ${shown(tensor)} is said to be in ${JSON.stringify(path)}`, {
      help: 'only files inside the folder of the model are read',
    });
}

const shown = ({ name }: OnnxTensor): string => JSON.stringify(name);

function tensorsOf(graph: OnnxGraph): OnnxTensor[] {
  const own = graph.nodes.flatMap(({ attributes }) =>
    [...attributes.values()].flatMap((attribute) => {
      if (isTensor(attribute)) return storedParts(attribute.value);
      return attribute.kind === 'graph' ? tensorsOf(attribute.value) : [];
    }),
  );
  return [...graph.initializers.flatMap(storedParts), ...own];
}

/** The tensors whose elements stand in a file: of a sparse one, its values and their places. */
const storedParts = (tensor: OnnxTensor): OnnxTensor[] =>
  tensor.sparse ? Object.values(tensor.sparse) : [tensor];

const isTensor = (
  attribute: OnnxAttribute,
): attribute is Extract<OnnxAttribute, { kind: 'tensor' | 'sparse tensor' }> =>
  attribute.kind === 'tensor' || attribute.kind === 'sparse tensor';

/** The graph with bytes in place of references to files. */
function filled(graph: OnnxGraph, files: ReadonlyMap<string, Uint8Array>): OnnxGraph {
  const fill = (tensor: OnnxTensor): OnnxTensor => {
    const { external, sparse, ...rest } = tensor;
    if (sparse) {
      const { values, indices } = sparse;
      return { ...tensor, sparse: { values: fill(values), ...(indices && { indices: fill(indices) }) } };
    }
    if (!external) return tensor;
    const { offset, length } = external;
    const file = files.get(external.location)!;
    if (![offset, length ?? 0].every(Number.isSafeInteger))
      refuse('E090', `the tensor ${shown(tensor)} is said to lie at places that are no whole numbers`);
    const end = length === undefined ? file.length : offset + length;
    if (!(offset >= 0 && offset <= end && end <= file.length))
      refuse(
        'E090',
        `the tensor ${shown(tensor)} is said to be bytes ${offset} to ${end} of ${JSON.stringify(external.location)}, which has ${file.length}`,
      );
    return { ...rest, raw: file.subarray(offset, end) };
  };
  const fillAttribute = (attribute: OnnxAttribute): OnnxAttribute => {
    if (isTensor(attribute)) return { ...attribute, value: fill(attribute.value) };
    return attribute.kind === 'graph' ? { ...attribute, value: filled(attribute.value, files) } : attribute;
  };
  const nodes = graph.nodes.map((node) => ({
    ...node,
    attributes: new Map([...node.attributes].map(([name, attribute]) => [name, fillAttribute(attribute)])),
  }));
  return { ...graph, nodes, initializers: graph.initializers.map(fill) };
}
