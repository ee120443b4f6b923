// The plumbing of a WGSL module: bindings, the layer's sizes, named constants, the entry point and its
// guard. A kernel gives its statements and finds in scope
// - its operands and `y`, by name;
// - `shape`, the sizes of its layer, a uniform: layers that differ in nothing else share a pipeline;
// - `thread`, its place among `shape.threads`: the guard has sent home those beyond. Kernels that work
//   together have `group` and `local` instead.
// Whole numbers are signed throughout, so that positions may lie before the beginning of a map.
import { invariant } from '../../support/assert.ts';
import { code, lines } from '../../support/code.ts';
import { sine } from './syntax.ts';

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
  /** Whether there are more columns than the largest dispatch has. */
  readonly isWide: boolean;
}

/** The text of a module. */
export function shaderText(parts: ShaderParts): string {
  const { title, variables, sizes, constants, workgroup, declarations = '', body, isWide } = parts;
  const main = parts.together === true ? together(body, isWide) : alone(body, workgroup, isWide);
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

    ${uses('sine') ? sine(variables.at(-1)!.type === 'f32' ? 'f32' : 'vec4f') : ''}

    ${declarations}

    @compute @workgroup_size(${workgroup.join(', ')})
    ${main}
  `.replaceAll(/\n{3,}/g, '\n\n');
}

const alone = (body: string, workgroup: readonly [number, number], isWide: boolean): string => code`
  fn main(@builtin(global_invocation_id) id: vec3u) {
    ${placed('thread', workgroup, isWide)}
    if (any(thread >= shape.threads)) { return; }
    ${body}
  }
`;

const together = (body: string, isWide: boolean): string => code`
  fn main(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_id) place: vec3u) {
    ${placed('group', [1, 1], isWide)}
    let local = vec2i(place.xy);
    if (${isWide ? 'any(group >= shape.threads)' : 'group.y >= shape.threads.y'}) { return; }
    ${body}
  }
`;

/** Rows beyond the largest dispatch go on in the next plane, columns beyond it in as many planes again. */
function placed(name: string, [width, height]: readonly [number, number], isWide: boolean): string {
  const most = (size: number) => (size === 1 ? MAX_WORKGROUPS : `${MAX_WORKGROUPS} * ${size}`);
  const [columns, rows] = [most(width), most(height)];
  if (!isWide) return `let ${name} = vec2i(i32(id.x), i32(id.y + id.z * ${rows}));`;
  return code`
    let planes = (shape.threads.y - 1) / (${rows}) + 1;
    let plane = vec2i(i32(id.z) / planes, i32(id.z) % planes);
    let ${name} = vec2i(id.xy) + plane * vec2i(${columns}, ${rows});
  `;
}

/** Whether so many columns are more than the largest dispatch has. */
export const isWide = (columns: number, width: number): boolean =>
  Math.ceil(columns / width) > MAX_WORKGROUPS;

/** How many workgroups to start; what is too high or wide for one plane goes on in the next. */
export function workgroupsFor(
  [columns, rows]: readonly [number, number],
  [width, height]: readonly [number, number],
): readonly [x: number, y: number, z: number] {
  const [wide, high] = [Math.ceil(columns / width), Math.ceil(rows / height)];
  const planes = Math.ceil(wide / MAX_WORKGROUPS) * Math.ceil(high / MAX_WORKGROUPS);
  invariant(planes <= MAX_WORKGROUPS, `${columns} × ${rows} threads`);
  return [Math.min(wide, MAX_WORKGROUPS), Math.min(high, MAX_WORKGROUPS), planes];
}
