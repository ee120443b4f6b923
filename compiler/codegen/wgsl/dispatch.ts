// One dispatch: a shader, what it reads and writes, and how many threads. Everything about memory is
// said by name here and becomes numbers in index.ts.
import type { Extent, Packing } from '../../../runtime/webgpu/plan.ts';
import { isWide, shaderText, workgroupsFor, type ElementType } from './shader.ts';

/** Memory for a value of the network, or for something that lives between two dispatches of a layer. */
export interface Value {
  readonly kind: 'value';
  readonly name: string;
  readonly bytes: number;
}

/** A tensor of the weights file in the order in which a kernel reads it. */
export interface Weights {
  readonly kind: 'weights';
  readonly tensor: string;
  readonly layout: Packing;
}

export type Source = Value | Weights;

/** Something that a kernel reads, by the name that its text uses. */
export interface Binding {
  readonly name: string;
  readonly type: ElementType;
  readonly source: Source;
}

/** A shader, and how its work is cut into threads. */
export interface Variant extends Extent {
  readonly text: string;
}

export interface Dispatch extends Variant {
  readonly reads: readonly Source[];
  readonly writes: Value;
  /** Other ways to the same, as `PlannedDispatch` describes them. */
  readonly unshared?: Variant;
  readonly inSoftware?: Variant;
}

/** A dispatch with other ways to the same, where they are others; all of them have the same operands. */
export function withVariants(
  main: Dispatch,
  {
    unshared = main,
    inSoftware = unshared,
  }: { readonly unshared?: Dispatch; readonly inSoftware?: Dispatch },
): Dispatch {
  return {
    ...main,
    ...(unshared.text !== main.text && { unshared: variantOf(unshared) }),
    ...(inSoftware.text !== unshared.text && { inSoftware: variantOf(inSoftware) }),
  };
}

const variantOf = ({ text, shape, workgroups }: Dispatch): Variant => ({ text, shape, workgroups });

export interface DispatchParts {
  readonly title: string;
  readonly reads: readonly Binding[];
  readonly writes: { readonly value: Value; readonly type: ElementType };
  /** What differs from layer to layer, by name. */
  readonly sizes: Readonly<Record<string, number>>;
  /** What is the same for all layers that share the pipeline, by name. */
  readonly constants?: Readonly<Record<string, number>>;
  /** Threads, or with `together` workgroups, along the vectors of channels and along pixels. */
  readonly threads: readonly [number, number];
  /** Other threads, and the sizes that differ then, where the GPU is one in software. */
  readonly inSoftware?: Pick<DispatchParts, 'sizes' | 'threads'>;
  readonly workgroup: readonly [x: number, y: number];
  readonly together?: boolean;
  readonly declarations?: string;
  readonly body: string;
}

export function makeDispatch(parts: DispatchParts): Dispatch {
  const { reads, writes, sizes, inSoftware, workgroup, together = false } = parts;
  const tile = together ? ([1, 1] as const) : workgroup;
  const extent = (threads: readonly [number, number], all: DispatchParts['sizes']): Extent => ({
    shape: [...threads, ...Object.values(all)],
    workgroups: workgroupsFor(threads, tile),
  });
  const text = shaderText({
    ...parts,
    isWide: [parts, inSoftware].some((each) => each && isWide(each.threads[0], tile[0])),
    constants: parts.constants ?? {},
    sizes: Object.keys(sizes),
    variables: [
      ...reads.map(({ name, type }) => ({ name, type, access: 'read' as const })),
      { name: 'y', type: writes.type, access: 'read_write' as const },
    ],
  });
  return {
    text,
    reads: reads.map(({ source }) => source),
    writes: writes.value,
    ...extent(parts.threads, sizes),
    ...(inSoftware && {
      inSoftware: { text, ...extent(inSoftware.threads, { ...sizes, ...inSoftware.sizes }) },
    }),
  };
}

const INVOCATIONS = 64;

/**
 * 64 threads: eight vectors of channels by eight pixels where there are so many, so that neighbours share what
 * they read. Few shapes, because each is a pipeline of its own.
 */
export function workgroupFor([columns, rows]: readonly [number, number]): readonly [x: number, y: number] {
  const width = rows === 1 ? INVOCATIONS : columns >= 7 ? 8 : Math.min(columns, 2);
  return [width, INVOCATIONS / width];
}
