// The page of --html, used as people use it.
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { compile } from '../../compiler/index.ts';
import { hasBrowser, openBrowser, openPage, serve, whyNoBrowser } from '../support/browser.ts';
import { writeBundle } from '../support/bundle.ts';

test('a page for a network that takes no pictures is a clear error', async () => {
  const source = 'INPUT(16) -> FC(3)\n';
  const { ok, diagnostics } = await compile({ source, weights: { random: 1 }, html: true });
  expect(ok).toBe(false);
  expect(diagnostics[0]).toMatchObject({ code: 'E047', message: expect.stringContaining('picture') });
});

describe.skipIf(!hasBrowser)(`the page of a digit reader${whyNoBrowser}`, { timeout: 120_000 }, () => {
  let browser: Browser;
  let folder: string;
  let site: Awaited<ReturnType<typeof serve>>;
  let page: Page;
  let errors: string[];

  beforeAll(async () => {
    ({ folder } = await writeBundle({
      path: 'examples/lenet5.cnn',
      weights: new Uint8Array(readFileSync('examples/lenet5.safetensors')),
      html: true,
    }));
    browser = await openBrowser();
    site = await serve(folder);
    ({ page, errors } = await openPage(browser, `${site.url}lenet5.html`));
    await imitateCamera(page);
    await page.locator('#status', { hasText: 'Ready.' }).waitFor();
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    site.close();
  });

  const best = () => page.locator('#ranking li span').first().textContent();

  const statusOf = () => page.locator('#status').textContent();
  const clear = () => page.getByRole('button', { name: 'Clear' }).click();
  const shares = () => page.locator('#ranking li').count();

  /** Places of the page by shares of the field. */
  async function places() {
    const field = (await page.locator('#field').boundingBox())!; // it is shown
    return (x: number, y: number) => [field.x + x * field.width, field.y + y * field.height] as const;
  }

  async function drawSeven(): Promise<void> {
    const at = await places();
    await page.mouse.move(...at(0.25, 0.2));
    await page.mouse.down();
    await page.mouse.move(...at(0.75, 0.2), { steps: 8 });
    await page.mouse.move(...at(0.45, 0.85), { steps: 8 });
    await page.mouse.up();
  }

  const hasInk = (x: number, y: number) =>
    page
      .locator('#field')
      .evaluate(
        (field: HTMLCanvasElement, [column, row]) =>
          field.getContext('2d')!.getImageData(column! * field.width, row! * field.height, 1, 1).data[0]! > 0,
        [x, y],
      );

  test('a seven that is drawn is read as a seven', async () => {
    await drawSeven();
    await expect.poll(statusOf).toMatch(/^Answered in/);
    await expect.poll(best).toBe('7');
    await page.screenshot({ path: 'out/page-light.png' });
  });

  test('a one that is drawn with keys is read as a one, and where the pen is can be seen', async () => {
    await clear();
    const field = page.getByRole('application');
    await page.keyboard.press('Shift+Tab'); // rings are for those who use keys
    await field.focus();
    await expect.poll(() => field.evaluate((each) => getComputedStyle(each).outlineStyle)).toBe('solid');
    for (const key of [...Array<string>(9).fill('ArrowUp'), 'Space', ...Array<string>(18).fill('ArrowDown')])
      await page.keyboard.press(key);
    await expect.poll(best).toBe('1');
    expect(await page.locator('#pen').isVisible()).toBe(true);
    await page.screenshot({ path: 'out/page-keys.png' });
    await field.blur();
    expect(await page.locator('#pen').isVisible()).toBe(false);
  });

  test('a picture that is chosen is read', async () => {
    await page.locator('#file').setInputFiles(join('examples/digits', '2-a.png'));
    await expect.poll(best).toBe('2');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 400, height: 800 });
    await page.screenshot({ path: 'out/page-dark.png' });
  });

  test('a file that is no picture is said to be none', async () => {
    const buffer = Buffer.from('not a picture');
    await page.locator('#file').setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer });
    await expect.poll(statusOf).toContain('no picture that the browser can read');
    expect(await shares()).toBe(0);
    expect(await page.locator('#preview').isVisible()).toBe(false);
    expect(errors).toEqual([]);
  });

  test('the right button draws nothing, and neither does a second finger', async () => {
    await clear();
    const at = await places();
    await page.mouse.move(...at(0.2, 0.8));
    await page.mouse.down({ button: 'right' });
    await page.mouse.move(...at(0.8, 0.8), { steps: 4 });
    await page.mouse.up({ button: 'right' });
    expect(await hasInk(0.5, 0.8)).toBe(false);

    const session = await page.context().newCDPSession(page);
    const finger = (id: number, x: number, y: number) => ({ id, x: at(x, y)[0], y: at(x, y)[1] });
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...fingers: ReturnType<typeof finger>[]) =>
      session.send('Input.dispatchTouchEvent', { type, touchPoints: fingers });
    await touch('touchStart', finger(1, 0.2, 0.2));
    await touch('touchStart', finger(1, 0.2, 0.2), finger(2, 0.8, 0.8));
    await touch('touchMove', finger(1, 0.2, 0.6), finger(2, 0.8, 0.4));
    await touch('touchEnd');
    await expect.poll(() => hasInk(0.2, 0.4)).toBe(true);
    expect(await hasInk(0.5, 0.5)).toBe(false);
    expect(await hasInk(0.8, 0.8)).toBe(false);
    expect(await hasInk(0.8, 0.6)).toBe(false);
  });

  test('after Clear comes no answer to what was drawn before', async () => {
    await drawSeven();
    await expect.poll(shares).toBeGreaterThan(0);
    await page.evaluate(async () => {
      const press = (key: string) =>
        document.getElementById('field')!.dispatchEvent(new KeyboardEvent('keydown', { key }));
      for (const key of [' ', 'ArrowDown', ' ']) press(key);
      document.getElementById('clear')!.click(); // while the model computes
      await new Promise((resolve) => setTimeout(resolve, 300));
    });
    expect(await shares()).toBe(0);
    expect(await statusOf()).toBe('Ready.');
  });

  test('a screen reader hears what a drawing is when it rests, not at every move', async () => {
    await clear();
    const heard = await page.evaluateHandle(() => {
      const texts: string[] = [];
      for (const region of document.querySelectorAll('[aria-live], [role=status], [role=alert]'))
        new MutationObserver(() => {
          if (region.textContent) texts.push(region.textContent);
        }).observe(region, { childList: true, characterData: true, subtree: true });
      return texts;
    });
    await drawSeven();
    await expect.poll(() => heard.evaluate((texts) => texts), { timeout: 5000 }).toHaveLength(1);
    const [[said], rows] = [await heard.jsonValue(), await page.locator('#ranking li').first().innerText()];
    expect(said).toMatch(/^7, \d+\.\d %$/);
    expect(rows.split(/\s*\n\s*/).join(', ')).toContain(said);
    await page.locator('#file').setInputFiles({
      name: 'x.png',
      mimeType: 'image/png',
      buffer: Buffer.from('not a picture'),
    });
    await expect.poll(() => heard.evaluate((texts) => texts.at(-1))).toContain('no picture');
  });

  describe('while the camera runs', () => {
    const camera = () => page.locator('#camera');
    const track = () => page.evaluate(() => cameraTrack.readyState);
    const PICTURE = join('examples/digits', '2-a.png');

    beforeEach(async () => {
      await clear();
      await camera().click();
      await page.locator('#camera', { hasText: 'Stop camera' }).waitFor();
      await page.locator('#ranking li').first().waitFor();
    });
    const expectOff = async () => {
      expect(await camera().textContent()).toBe('Camera');
      expect(await track()).toBe('ended');
      expect(errors).toEqual([]);
    };
    afterEach(expectOff);

    test('the pen takes over', async () => {
      await drawSeven();
      await expect.poll(best).toBe('7');
      expect(await hasInk(0.5, 0.2)).toBe(true);
      expect(await page.locator('#preview').isVisible()).toBe(false);
    });

    test('a file takes over', async () => {
      await page.locator('#file').setInputFiles(PICTURE);
      await expect.poll(best).toBe('2');
    });

    test.each(['drop', 'paste'] as const)('a picture by %s takes over', async (way) => {
      await page.evaluate(
        async ([type, picture]) => {
          const blob = await (await fetch(`data:image/png;base64,${picture}`)).blob();
          const data = new DataTransfer();
          data.items.add(new File([blob], 'x.png', { type: 'image/png' }));
          const event =
            type === 'drop'
              ? new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
              : new ClipboardEvent('paste', { clipboardData: data, bubbles: true });
          document.body.dispatchEvent(event);
        },
        [way, readFileSync(PICTURE).toString('base64')] as const,
      );
      await expect.poll(best).toBe('2');
    });

    test('Clear stops it', async () => {
      await clear();
      expect(await statusOf()).toBe('Ready.');
      expect(await shares()).toBe(0);
      expect(await page.locator('#preview').isVisible()).toBe(false);
    });

    test('its end, when it was unplugged, is said', async () => {
      await page.evaluate(() => cameraTrack.stop());
      await expect.poll(statusOf).toBe('The camera has stopped.');
    });
  });

  test('every control has a name, and says on what the model runs', async () => {
    const unnamed = await page
      .locator('button, input, canvas:visible')
      .evaluateAll((all) =>
        all
          .filter((each) => !each.ariaLabel && !each.textContent && !('labels' in each && each.labels))
          .map((each) => each.id),
      );
    expect(unnamed).toEqual([]);
    expect(await page.locator('#target').textContent()).toMatch(/^Runs on (GPU|JavaScript)/);
  });

  describe('where the model cannot be had', () => {
    /** Whether the page still shows progress when it says what is expected. */
    async function progressBeside(status: RegExp, url: string): Promise<boolean> {
      const { page: other } = await openPage(browser, url);
      await other.locator('#status', { hasText: status }).waitFor();
      const isVisible = await other.locator('#progress').isVisible();
      await other.close();
      return isVisible;
    }

    test('a page that was opened as a file says how to serve it', async () => {
      const { href } = pathToFileURL(join(folder, 'lenet5.html'));
      expect(await progressBeside(/opened as a file.*npx serve/, href)).toBe(false);
    });

    test('a page whose script a policy forbids says so', async () => {
      const { url, close } = await serve(folder, { csp: "default-src 'self'" });
      expect(await progressBeside(/script of this page does not run/, `${url}lenet5.html`)).toBe(false);
      close();
    });

    test('a page without its module says so', async () => {
      await rm(join(folder, 'lenet5.js'));
      const status = /^The model cannot be loaded: .*lenet5\.js/;
      expect(await progressBeside(status, `${site.url}lenet5.html`)).toBe(false);
    });
  });
});

describe.skipIf(!hasBrowser)(`a page with long names${whyNoBrowser}`, { timeout: 120_000 }, () => {
  const LABELS = [
    'tree, '.repeat(34).slice(0, 200),
    'x'.repeat(200),
    'قطة مصرية صغيرة '.repeat(13).slice(0, 200),
    'חתול (tabby), 7 ק״ג',
    '\u{1f431} cat',
  ];

  test('they wrap on a phone, each in its own direction', async () => {
    const { folder } = await writeBundle({
      source: 'INPUT(8x8x1) -> FC(5) -> SOFTMAX(labels="names.txt")\n',
      name: 'long',
      weights: { random: 1 },
      html: true,
      read: async () => Buffer.from(LABELS.join('\n')),
    });
    const browser = await openBrowser();
    const { url, close } = await serve(folder);
    const { page, errors } = await openPage(browser, `${url}long.html`);
    await page.setViewportSize({ width: 360, height: 800 });
    await page.locator('#file').setInputFiles(join('examples/digits', '2-a.png'));
    await expect.poll(() => page.locator('#ranking li').count()).toBe(LABELS.length);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
      await page.screenshot({ path: `out/page-labels-${colorScheme}.png`, fullPage: true });
    }
    const directions = await page
      .locator('#ranking span')
      .evaluateAll((all) => all.map((each) => [each.textContent, getComputedStyle(each).direction] as const));
    const expected = LABELS.map((name) => [name.trim(), /^[\u0590-\u06ff]/.test(name) ? 'rtl' : 'ltr']);
    expect(new Map(directions)).toEqual(new Map(expected as [string, string][]));
    expect(errors).toEqual([]);
    await browser.close();
    close();
  });
});

/** Gives the page a camera that shows a seven. */
async function imitateCamera(page: Page): Promise<void> {
  await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 64;
    const context = canvas.getContext('2d')!;
    setInterval(() => {
      context.fillRect(0, 0, 64, 64);
      context.strokeStyle = 'white';
      context.lineWidth = 5;
      context.stroke(new Path2D('M18 14 H46 L30 52'));
    }, 20);
    navigator.mediaDevices.getUserMedia = async () => {
      const stream = canvas.captureStream();
      cameraTrack = stream.getTracks()[0]!;
      return stream;
    };
  });
}

declare global {
  /** Of the camera that was imitated last. */
  var cameraTrack: MediaStreamTrack;
}
