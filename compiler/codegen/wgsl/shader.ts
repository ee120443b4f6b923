// The plumbing of a WGSL module: bindings, the layer's sizes, named constants, the entry point and its
// guard. A kernel gives its statements and finds in scope
// - its operands and `y`, by name;
// - `shape`, the sizes of its layer, a uniform: layers that differ in nothing else share a pipeline;
// - `thread`, its place among `shape.threads`: the guard has sent home those beyond. Kernels that work
//   together have `group` and `local` instead.
// Whole numbers are signed throughout, so that positions may lie before the beginning of a map.
import { code, lines } from '../../support/code.ts';
import { SINE } from './syntax.ts';

/** Workgroups per dimension that every device allows. */
const MAX_WORKGROUPS = 65535;

export type ElementType = 'f32' | 'vec4f' | 'mat4x4f' | 'u32' | 'vec4u' | 'atomic<u32>';

export interface Variable {
  readonly name: string;
  readonly type: ElementType;
  readonly access: 'read' | 'read_write';
}

export interface ShaderParts {
  /** What it computes: the comment at its head. */
  readonly title: string;
  readonly variables: readonly Variable[];
  /** Fields of `shape`, behind the number of threads or groups. */
  readonly sizes: readonly string[];
  readonly constants: Readonly<Record<string, number>>;
  readonly workgroup: readonly [x: number, y: number];
  /** Functions and workgroup variables. */
  readonly declarations?: string;
  readonly body: string;
  /** Whether the invocations of a workgroup work together. */
  readonly together?: boolean;
}

/** The text of a module. */
export function shaderText(parts: ShaderParts): string {
  const { title, variables, sizes, constants, workgroup, declarations = '', body } = parts;
  const uses = (helper: string) => [declarations, body].some((text) => text.includes(`${helper}(`));
  const bindings = variables.map(
    ({ name, type, access }, i) =>
      `@group(0) @binding(${i}) var<storage, ${access}> ${name}: array<${type}>;`,
  );
  return code`
    // ${title}
    ${lines(bindings)}
    @group(0) @binding(${variables.length}) var<uniform> shape: Shape;

    struct Shape {
      threads: vec2i,
      ${lines(sizes.map((name) => `${name}: i32,`))}
    }

    ${lines(Object.entries(constants).map(([name, value]) => `const ${name} = ${value};`))}

    ${uses('sine') ? SINE : ''}

    ${declarations}

    @compute @workgroup_size(${workgroup.join(', ')})
    ${parts.together === true ? together(body) : alone(body, workgroup[1])}
  `.replaceAll(/\n{3,}/g, '\n\n');
}

/** Rows of threads beyond the largest dispatch go on in the next plane. */
const alone = (body: string, workgroupRows: number): string => code`
  fn main(@builtin(global_invocation_id) id: vec3u) {
    let thread = vec2i(i32(id.x), i32(id.y + id.z * ${MAX_WORKGROUPS} * ${workgroupRows}));
    if (any(thread >= shape.threads)) { return; }
    ${body}
  }
`;

const together = (body: string): string => code`
  fn main(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_id) place: vec3u) {
    let group = vec2i(i32(id.x), i32(id.y + id.z * ${MAX_WORKGROUPS}));
    let local = vec2i(place.xy);
    if (group.y >= shape.threads.y) { return; }
    ${body}
  }
`;

/** How many workgroups to start; what is too high for one plane goes on in the next. */
export function workgroupsFor(
  [columns, rows]: readonly [number, number],
  [width, height]: readonly [number, number],
): readonly [x: number, y: number, z: number] {
  const high = Math.ceil(rows / height);
  return [Math.ceil(columns / width), Math.min(high, MAX_WORKGROUPS), Math.ceil(high / MAX_WORKGROUPS)];
}
