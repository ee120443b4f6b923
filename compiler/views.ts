// A program seen in other ways: as itself with everything spelled, and as a picture.
import { flag, positive, word } from './check-options.ts';
import { program } from './import-model.ts';
import { checked, type CheckResult } from './stages.ts';
import { explain } from './explain/explain.ts';
import { Diagnostics } from './frontend/diagnostics.ts';
import type { SourceOptions } from './options.ts';
import { sceneOf } from './picture/draw-scene.ts';
import { place } from './picture/layout.ts';
import type { Scene } from './picture/scene.ts';
import { toSvg } from './picture/svg.ts';
import { toDot, toMermaid } from './picture/text-formats.ts';

export interface ExplainOptions extends SourceOptions {
  /** Says by comments which arguments nobody wrote, and why they are what they are. Default: true. */
  readonly marks?: boolean;
  /** Lines are no longer than this, where that is possible. */
  readonly width?: number;
}

export interface ExplainResult extends CheckResult {
  /** A program for the same network, without defaults. */
  readonly text?: string;
}

/** The program with every argument of every operator spelled. */
export async function explainProgram(options: ExplainOptions): Promise<ExplainResult> {
  const diagnostics = new Diagnostics();
  const right = checked(options, { marks: flag, width: positive }, diagnostics);
  if (!right) return { ok: false, diagnostics: diagnostics.list };
  const { marks = true, width = 100, ...source } = right;
  const built = await program(source, diagnostics);
  return {
    ok: built !== undefined,
    diagnostics: diagnostics.list,
    ...(built && { text: explain(built, { marks, width }) }),
  };
}

/** What pictures can be written as. */
export const PICTURE_FORMATS = ['svg', 'dot', 'mermaid'] as const;
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

export interface DrawOptions extends SourceOptions {
  /** Default: svg. */
  readonly format?: PictureFormat;
}

export interface DrawResult extends CheckResult {
  readonly picture?: string;
}

/** Layout takes long for more boxes than this, and nobody could look at them. */
const MOST_BOXES = 1500;

/** A picture of the network: blocks and branches, sizes on the arrows, repeats drawn once. */
export async function drawProgram(options: DrawOptions): Promise<DrawResult> {
  const diagnostics = new Diagnostics();
  const right = checked(options, { format: word(...PICTURE_FORMATS) }, diagnostics);
  if (!right) return { ok: false, diagnostics: diagnostics.list };
  const { format = 'svg', ...source } = right;
  const built = await program(source, diagnostics);
  const scene = built && sceneOf(built);
  const picture = scene && scene.boxes.length <= MOST_BOXES ? DRAW[format](scene) : undefined;
  if (scene && picture === undefined)
    diagnostics.list.push({
      code: 'E047',
      severity: 'error',
      message:
        scene.boxes.length > MOST_BOXES
          ? `a picture of ${scene.boxes.length.toLocaleString('en')} boxes is too large; ${MOST_BOXES.toLocaleString('en')} are drawn at most`
          : `a picture of ${scene.boxes.length.toLocaleString('en')} boxes, so many of them below each other, is too deep to lay out`,
      labels: [],
      help: 'repeats whose turns are alike are drawn once: write them with *N',
    });
  return {
    ok: picture !== undefined,
    diagnostics: diagnostics.list,
    ...(picture !== undefined && { picture }),
  };
}

/** Undefined for what is so deep that layout, which is recursive, has no stack left for it. */
function drawSvg(scene: Scene): string | undefined {
  try {
    return toSvg(scene.name, place(scene));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const DRAW: Readonly<Record<PictureFormat, (scene: Scene) => string | undefined>> = {
  svg: drawSvg,
  dot: toDot,
  mermaid: toMermaid,
};
