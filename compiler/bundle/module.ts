import type { Program, TargetName } from '../../runtime/program.ts';
import type { Golden } from '../../runtime/self-test/index.ts';
import { code, lines } from '../support/code.ts';
import { encodeBase64 } from './base64.ts';
import { inComment, literal, scalar } from './literal.ts';
import { coreText, picturesText, selfTestText, sizesText, webgpuText } from './runtime-text.ts';

export interface BundleParts {
  readonly program: Program;
  /**
   * Best first: a model runs on the first that it can unless its user says otherwise. The source of each is an
   * expression or a function declaration; its value is a `TargetFactory`, for webgpu a `WebgpuPlan`.
   */
  readonly targets: Readonly<Partial<Record<TargetName, string>>>;
  /** The same for each further size of the program. */
  readonly furtherTargets?: readonly Readonly<Partial<Record<TargetName, string>>>[];
  /** Name of the weights file beside the module: `lenet.weights.bin`. */
  readonly weightsFile: string;
  /** The weights file itself, when it goes inside the module. */
  readonly inlineWeights?: Uint8Array | undefined;
  /** What the self-test compares with, where there is one. */
  readonly golden?: Golden | undefined;
  /** What the opening comment says, lines and all. */
  readonly banner: string;
}

/** Kernels that people read before shaders with their tables. */
const READING_ORDER: readonly TargetName[] = ['js', 'webgpu'];

/**
 * The text of the ES module: the network first, then the program's data, and the runtime last, each part of
 * it in a function of its own, so that no name of one part meets a name of another.
 */
export function bundleModule({
  program,
  targets,
  furtherTargets = [],
  weightsFile,
  inlineWeights,
  golden,
  banner,
}: BundleParts): string {
  const names = Object.keys(targets) as readonly TargetName[]; // the keys of its type
  const inReadingOrder = names.toSorted((a, b) => READING_ORDER.indexOf(a) - READING_ORDER.indexOf(b));
  const takesPictures = program.inputs.some(({ image }) => image !== undefined);
  const parts = [...(takesPictures ? ['readPicture'] : []), ...(furtherTargets.length > 0 ? ['sizes'] : [])];
  const model = `runtime.defineModel(program, targets, weights${parts.length > 0 ? `, { ${parts.join(', ')} }` : ''})`;
  const exported = golden
    ? `export const createModel = selfTested(${model}.createModel, golden);`
    : `export const { createModel } = ${model};`;
  const sections = [
    comment(banner),
    ...inReadingOrder.map((name) => `const ${name}Target = ${expression(targets[name]!)};`),
    ...furtherTargets.flatMap((further, i) =>
      inReadingOrder.map(
        (name) => `// At a further size.\nconst ${name}Target${i + 2} = ${expression(further[name]!)};`,
      ),
    ),
    `const program = ${literal(program)};`,
    '// The runtime, the same in every bundle: verifies the weights, checks inputs, queues runs.\n' +
      `const runtime = (() => {\n${coreText}})();`,
    ...(targets.webgpu === undefined
      ? []
      : [`// Drives the GPU.\nconst { webgpuTarget: onGpu } = (() => {\n${webgpuText}})();`]),
    ...(takesPictures
      ? [`// Pictures become inputs.\nconst { readPicture } = (() => {\n${picturesText}})();`]
      : []),
    ...(furtherTargets.length > 0
      ? [`// Chooses by the size of the input.\nconst { bySize } = (() => {\n${sizesText}})();`]
      : []),
    `const targets = ${startsOf(names, '')};`,
    ...(furtherTargets.length > 0
      ? [
          `const sizes = { bySize, targets: [${furtherTargets.map((_, i) => startsOf(names, i + 2)).join(', ')}] };`,
        ]
      : []),
    inlineWeights ? inlined(inlineWeights) : beside(weightsFile),
    ...(golden
      ? [
          `// Compares with what the compiler got.\nconst { selfTested } = (() => {\n${selfTestText}})();`,
          `const golden = ${goldenLiteral(golden)};`,
        ]
      : []),
    `${exported}\nexport default createModel;`,
  ];
  return `${sections.join('\n\n')}\n`;
}

/** How the runtime starts what was compiled. */
const STARTS: Readonly<Record<TargetName, (factory: string) => string>> = {
  webgpu: (factory) => `onGpu(${factory}, () => import.meta.url)`,
  js: (factory) => `runtime.whenLoaded(${factory})`,
};

/** `{ js: runtime.whenLoaded(jsTarget) }`, for the size of that number. */
const startsOf = (names: readonly TargetName[], size: number | ''): string =>
  `{ ${names.map((name) => `${name}: ${STARTS[name](`${name}Target${size}`)}`).join(', ')} }`;

/** Bundlers find the file by exactly this spelling. A function, so that scripts without import.meta load too. */
const beside = (file: string): string =>
  `const weights = () => new URL('./${encodeURIComponent(file).replaceAll("'", '%27')}', import.meta.url);`;

const inlined = (file: Uint8Array): string =>
  `const weights = () => runtime.decodeBase64(${scalar(encodeBase64(file))});`;

const goldenLiteral = ({ seed, outputs }: Golden): string => code`
  {
    seed: ${seed},
    outputs: [
      ${lines(outputs.map(({ name, bytes }) => `{ name: ${scalar(name)}, bytes: runtime.decodeBase64(${scalar(encodeBase64(bytes))}) },`))}
    ],
  }
`;

const expression = (source: string): string => source.trim().replace(/;$/, '');

const comment = (text: string): string =>
  `/*\n${inComment(text).replaceAll(/^/gm, ' * ').replaceAll(/ +$/gm, '')}\n */`;
