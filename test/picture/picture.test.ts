import { describe, expect, test } from 'vitest';
import { drawGraph } from '../../compiler/index.ts';
import { sceneOf } from '../../compiler/picture/draw-scene.ts';
import { spotsOn, type Point, type Rectangle } from '../../compiler/picture/geometry.ts';
import { place } from '../../compiler/picture/layout.ts';
import type { Box, Frame, Scene } from '../../compiler/picture/scene.ts';
import { toSvg } from '../../compiler/picture/svg.ts';
import { toMermaid } from '../../compiler/picture/text-formats.ts';
import { build } from '../language/build.ts';
import { examples } from '../language/fixtures.ts';

const draw = async (text: string) => sceneOf(await build(text));
const titles = async (text: string): Promise<string[]> => (await draw(text)).boxes.map(({ title }) => title);

describe('what is drawn', () => {
  test.each(examples)('of $title, as Mermaid says it', async ({ text, expected }) => {
    const { picture } = await drawGraph({ source: text, format: 'mermaid' });
    await expect(picture).toMatchFileSnapshot(
      expected.replace('examples/models', 'test/picture/examples').replace('.txt', '.mmd'),
    );
  });

  test('turns that look alike are drawn once, others apart', async () => {
    expect(await titles('INPUT -> CONV(8)*3 -> [CONV -> POOL]*2')).toEqual([
      'INPUT 32×32×3',
      'CONV 8 ×3',
      'CONV 64',
      'POOL max',
      'CONV 128',
      'POOL max',
      'output',
    ]);
  });

  test('an activation stands in the box of what it follows, unless somebody else reads that', async () => {
    expect(await titles('INPUT -> CONV(8) -> BN -> TANH')).toEqual(['INPUT 32×32×3', 'CONV 8', 'output']);
    expect(await titles('INPUT -> CONV(8) as a -> TANH -> ADD(a, _)')).toContain('TANH');
  });

  test('inputs with names say them', async () => {
    const { boxes } = await draw(
      'INPUT(8x8x3) as photo\nINPUT(8x8x3, name="deep map") as depth -> SUB(photo, _) -> FC',
    );
    expect(boxes.map(({ title, detail }) => [title, detail]).slice(0, 2)).toEqual([
      ['INPUT 8×8×3', 'photo'],
      ['INPUT 8×8×3', 'deep map'],
    ]);
    expect((await draw('INPUT(8x8x3) -> FC')).boxes[0]!.detail).toBe('');
  });

  test('numbers among the operands stand in their places', async () => {
    const { boxes } = await draw(
      'block Not(n) = SUB(n, _)\nINPUT(8x8x4) -> CONV(4) -> Not(1) -> MUL(0.1, _) as a -> [SUB(_, 1/2)]*2 -> ADD(a, _, 3)',
    );
    expect(boxes.map(({ title, detail }) => [title, detail])).toEqual([
      ['INPUT 8×8×4', ''],
      ['CONV 4', '3×3 · relu'],
      ['SUB(1, _)', ''],
      ['MUL(0.1, _)', ''],
      ['SUB(_, 0.5)', ''],
      ['ADD(_, _, 3)', ''],
      ['output', ''],
    ]);
    const [, conv] = (await draw('INPUT(8x8x4) -> CONV(4) -> SUB(1, _)')).boxes;
    expect(conv!.detail).toBe('3×3 · relu · sub(1, _)');
  });

  test('a value is labelled with its size once', async () => {
    const { arrows } = await draw('INPUT(8x8x4) -> { CONV(4) | CONV(4, 1) | SKIP } -> ADD');
    expect(arrows.filter(({ from }) => from === 'input').map(({ label }) => label)).toEqual([
      '8×8×4',
      '',
      '',
    ]);
  });

  test('arrows out of a repeat leave from the turn that is drawn', async () => {
    const { boxes, arrows } = await draw(
      'block Res = { CONV(in.c, act=none) | SKIP } -> ADD\nINPUT(8x8x4) -> Res*5 as body -> FC',
    );
    const ids = new Set(boxes.map(({ id }) => id));
    expect(arrows.every(({ from, to }) => ids.has(from) && ids.has(to))).toBe(true);
  });
});

describe('what a merge joins stands from left to right in the order of the program', () => {
  test.each([
    ['{ CONV(1) | CONV(2) -> CONV(3) | CONV(4) } -> CONCAT', ['CONV 1', 'CONV 2', 'CONV 4']],
    ['{ CONV(1) -> CONV(2) | SKIP | CONV(3) } -> CONCAT', ['CONV 1', 'CONV 3']],
    ['{ CONV(1) | [CONV(2) -> CONV(3)] as two | CONV(4)*2 } -> CONCAT', ['CONV 1', 'CONV 2', 'CONV 4 ×2']],
    [
      '{ { CONV(1) | CONV(2) } -> CONCAT | { CONV(3) | CONV(4) } -> CONCAT } -> CONCAT',
      [1, 2, 3, 4].map((n) => `CONV ${n}`),
    ],
  ])('in %s', async (branch, arms) => {
    const { boxes } = place(await draw(`INPUT(8x8x4) -> ${branch} -> FC`));
    const left = arms.map((arm) => boxes.find(({ title }) => title === arm)!.at.x);
    expect(left).toEqual(left.toSorted((a, b) => a - b));
  });

  test('also where two merges want it otherwise', async () => {
    const scene = await draw(
      'INPUT as x -> CONV(4) as a\nx -> CONV(4) as b\nCONCAT(a, b) as c\nCONCAT(b, a) -> ADD(c, _)',
    );
    expect(place(scene).boxes).toHaveLength(scene.boxes.length);
  });
});

test('a value that is read far below says its size there as well', async () => {
  const { arrows } = await draw('INPUT -> CONV(8) as a -> CONV*2 -> POOL -> CONV -> UP -> CONCAT(a, _)');
  const sizes = arrows
    .filter(({ from, to }) => from === 'a' && to.startsWith('concat'))
    .map(({ label }) => label);
  expect(sizes).toEqual(['32×32×8']);
});

const blocksThatBeginWithSkips = {
  title: 'blocks whose first arm is SKIP',
  text: `block Dense(n) = { SKIP | CONV(n) } -> CONCAT
block Se(r) = { SKIP | GAP -> FC(r) -> FC(in.c, act=sigmoid) } -> MUL
INPUT(32x32x3) as photo -> CONV(8) -> Dense(8)*2 as dense -> Se(4) as squeeze_and_excite
INPUT(32x32x3) as depth -> CONV(8) -> SUB(1, _) -> CONCAT(squeeze_and_excite, _) -> GAP -> FC(10)`,
};

const branchesInBranches = {
  title: 'branches within branches, and blocks in arms',
  text: `block Se(r) = { SKIP | GAP -> FC(r) -> FC(in.c, act=sigmoid) } -> MUL
block Wide(n) = { CONV(n, 1) | CONV(n) -> Se(8) | [CONV(n, 5) -> BN] as five | SKIP } -> CONCAT
INPUT(224x224x3) as photo -> Wide(16) as a
  -> { { CONV(8) | { CONV(8) | CONV(8) | CONV(8) } -> ADD | CONV(8) } -> ADD | Wide(8) -> CONV(8) } -> ADD as b
  -> POOL -> CONV(1024) -> UP -> CONCAT(b, _, a) -> GAP -> FC(1000)`,
};

describe.each([...examples, blocksThatBeginWithSkips, branchesInBranches])(
  'in the picture of $title',
  ({ text }) => {
    const overlap = (a: Rectangle, b: Rectangle): boolean =>
      a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

    test('no arrow runs through the name of a frame, and no label lies on the edge of one', async () => {
      const { frames, arrows } = place(await draw(text));
      const names = frames.map(({ nameAt, title }) => ({
        x: nameAt.x,
        y: nameAt.y - 11,
        width: title.length * 6.4,
        height: 14,
      }));
      expect(names.filter((name) => isCrossed(name, arrows))).toEqual([]);
      const labels = labelsOf(arrows);
      const struck = labels.filter((label) =>
        frames.some(({ at }) =>
          [at.y, at.y + at.height].some((y) => overlap(label, { ...at, y, height: 1 })),
        ),
      );
      expect(struck).toEqual([]);
    });

    test('no label is touched by an arrow, a box, the side of a frame or another label', async () => {
      const { width, boxes, frames, arrows } = place(await draw(text));
      const labels = labelsOf(arrows);
      const sides = frames.flatMap(({ at }) =>
        [at, { ...at, x: at.x + at.width }].map((side) => ({ ...side, width: 1 })),
      );
      const touched = labels.filter(
        (label, at) =>
          label.x + label.width > width ||
          isCrossed(label, arrows) ||
          [...boxes.map((box) => box.at), ...sides, ...labels.slice(at + 1)].some((thing) =>
            overlap(label, thing),
          ),
      );
      expect(touched).toEqual([]);
    });

    test('every arrow has a head of its own', async () => {
      const { arrows } = place(await draw(text));
      const heads = arrows.map(({ points }) => points.at(-1)!);
      for (const [at, head] of heads.entries()) {
        const near = heads.slice(at + 1).filter(({ x, y }) => Math.hypot(x - head.x, y - head.y) < 10);
        expect(near).toEqual([]);
      }
    });

    test('no boxes overlap, and frames hold what is theirs', async () => {
      const { boxes, frames, width, height } = place(await draw(text));
      for (const [at, { at: box, frame }] of boxes.entries()) {
        expect(boxes.slice(at + 1).some((other) => overlap(box, other.at))).toBe(false);
        const around = frames.find(({ id }) => id === frame)?.at ?? { x: 0, y: 0, width, height };
        expect(box.x >= around.x && box.x + box.width <= around.x + around.width).toBe(true);
        expect(box.y >= around.y && box.y + box.height <= around.y + around.height).toBe(true);
      }
    });
  },
);

type Arrows = ReturnType<typeof place>['arrows'];

/** Where the texts of labels are. */
const labelsOf = (arrows: Arrows): Rectangle[] =>
  arrows
    .filter(({ label }) => label !== '')
    .map(({ labelAt: { y, height, ...at } }) => ({ ...at, y: y + 2, height: height - 4 }));

/** Whether an arrow runs through. */
const isCrossed = (area: Rectangle, arrows: Arrows): boolean =>
  arrows.some(({ points }) =>
    spotsOn(points).some((spot, at, spots) => at > 0 && crosses(spots[at - 1]!, spot, area)),
  );

/** Whether a straight line meets a rectangle; looked at in small steps. */
function crosses(from: Point, to: Point, { x, y, width, height }: Rectangle): boolean {
  if (Math.max(from.x, to.x) < x || Math.min(from.x, to.x) > x + width) return false;
  if (Math.max(from.y, to.y) < y || Math.min(from.y, to.y) > y + height) return false;
  return Array.from({ length: 101 }, (_, i) => i / 100).some((t) => {
    const [px, py] = [from.x + t * (to.x - from.x), from.y + t * (to.y - from.y)];
    return px > x && px < x + width && py > y && py < y + height;
  });
}

test('the SVG is well formed, without scripts, and knows the dark', async () => {
  const { picture } = await drawGraph({ source: 'INPUT as "x' });
  expect(picture).toBeUndefined();
  const svg = (await drawGraph({ source: 'INPUT -> CONV -> FC', name: 'net' })).picture!;
  expect(svg).toContain('prefers-color-scheme: dark');
  expect(svg).not.toMatch(/<script|href=/);
  const [open, close] = [/<(?![/!?])[a-z]+[^>]*[^/]>/g, /<\/[a-z]+>/g].map((tag) => svg.match(tag)!.length);
  expect(open).toBe(close);
});

test('a layer may have any name, also one that every object of JavaScript has', async () => {
  const names = 'constructor __proto__ toString hasOwnProperty valueOf frame1 n1'.split(' ');
  const layers = names.map((name) => `CONV(4) as ${name}`).join(' -> ');
  for (const source of [`INPUT -> ${layers}`, `INPUT -> [[${layers}] as constructor] as __proto__`]) {
    const { picture } = await drawGraph({ source });
    for (const name of names) expect(picture).toMatch(new RegExp(`<title>([\\w.]+\\.)?${name}</title>`));
  }
});

test('texts cannot become anything else', () => {
  const box: Box = { id: 'a', category: 'input', title: '<b>&"', detail: '<i>', hint: '</title>' };
  const frame: Frame = { id: 'frame1', title: '"<br>&amp;' };
  const scene: Scene = { name: '<x>', boxes: [{ ...box, frame: 'frame1' }], frames: [frame], arrows: [] };
  const svg = toSvg(scene.name, place(scene));
  expect(svg).toContain('&lt;b&gt;&amp;&quot;');
  expect(svg).not.toMatch(/<(b|i|br|x)>|<\/title>[^<]*<\/title>/);
  const mermaid = toMermaid(scene);
  expect(mermaid).toContain('<b>#lt;b#gt;#amp;#quot;</b><br/>#lt;i#gt;');
  expect(mermaid).toContain('["#quot;#lt;br#gt;#amp;amp;"]');
});

test('1,500 boxes are drawn, also all below each other; more are refused', { timeout: 60_000 }, async () => {
  const chain = (boxes: number) => `INPUT(8x8x4)${' -> CONV(4) -> POOL(1)'.repeat((boxes - 2) / 2)}`;
  expect(await drawGraph({ source: chain(1500) })).toMatchObject({ ok: true, diagnostics: [] });
  const { ok, diagnostics } = await drawGraph({ source: chain(1502) });
  expect([ok, diagnostics.map(({ code, message }) => [code, message])]).toEqual([
    false,
    [['E047', 'a picture of 1,502 boxes is too large; 1,500 are drawn at most']],
  ]);
});
