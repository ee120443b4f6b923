import type { Program, TargetName } from '../../runtime/program.ts';
import { encodeBase64 } from './base64.ts';
import { inComment, literal, scalar } from './literal.ts';
import { runtimeText } from './runtime-text.ts';

export interface BundleParts {
  readonly program: Program;
  /**
   * Best first: a model runs on the first unless its user says otherwise. The source of each is an expression or a
   * function declaration, whose value is the `TargetFactory`.
   */
  readonly targets: Readonly<Partial<Record<TargetName, string>>>;
  /** Name of the weights file beside the module: `lenet.weights.bin`. */
  readonly weightsFile: string;
  /** The weights file itself, when it goes inside the module. */
  readonly inlineWeights?: Uint8Array | undefined;
  /** What the opening comment says, lines and all. */
  readonly banner: string;
}

/**
 * The text of the ES module: the network first, then the program's data, and the runtime last, in a
 * function of its own, so that no name of one part meets a name of another.
 */
export function bundleModule({ program, targets, weightsFile, inlineWeights, banner }: BundleParts): string {
  const names = Object.keys(targets);
  const sections = [
    comment(banner),
    ...Object.entries(targets).map(([name, source]) => `const ${name}Target = ${expression(source)};`),
    `const targets = { ${names.map((name) => `${name}: ${name}Target`).join(', ')} };`,
    `const program = ${literal(program)};`,
    `// The runtime, the same in every bundle: verifies the weights, checks inputs, queues runs.\n` +
      `const { defineModel, decodeBase64 } = (() => {\n${runtimeText}})();`,
    inlineWeights ? inlined(inlineWeights) : beside(weightsFile),
    'export const { createModel } = defineModel(program, targets, weights);\nexport default createModel;',
  ];
  return `${sections.join('\n\n')}\n`;
}

/** Bundlers find the file by exactly this spelling. A function, so that scripts without import.meta load too. */
const beside = (file: string): string =>
  `const weights = () => new URL('./${encodeURIComponent(file).replaceAll("'", '%27')}', import.meta.url);`;

const inlined = (file: Uint8Array): string =>
  `const weights = () => decodeBase64(${scalar(encodeBase64(file))});`;

const expression = (source: string): string => source.trim().replace(/;$/, '');

const comment = (text: string): string =>
  `/*\n${inComment(text).replaceAll(/^/gm, ' * ').replaceAll(/ +$/gm, '')}\n */`;
