// The page of --html, used as people use it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
  let site: Awaited<ReturnType<typeof serve>>;
  let page: Page;
  let errors: string[];

  beforeAll(async () => {
    const { folder } = await writeBundle({
      path: 'examples/lenet5.cnn',
      weights: new Uint8Array(readFileSync('examples/lenet5.safetensors')),
      html: true,
    });
    browser = await openBrowser();
    site = await serve(folder);
    ({ page, errors } = await openPage(browser, `${site.url}lenet5.html`));
    await page.getByText('Ready.').waitFor();
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    site.close();
  });

  const best = () => page.locator('#ranking li span').first().textContent();

  test('a seven that is drawn is read as a seven', async () => {
    const field = (await page.locator('#field').boundingBox())!; // it is shown
    const at = (x: number, y: number) => [field.x + x * field.width, field.y + y * field.height] as const;
    await page.mouse.move(...at(0.25, 0.2));
    await page.mouse.down();
    await page.mouse.move(...at(0.75, 0.2), { steps: 8 });
    await page.mouse.move(...at(0.45, 0.85), { steps: 8 });
    await page.mouse.up();
    await page.getByText('Answered in').waitFor();
    await expect.poll(best).toBe('7');
    await page.screenshot({ path: 'out/page-light.png' });
  });

  test('a one that is drawn with keys is read as a one, and where the pen is can be seen', async () => {
    await page.getByRole('button', { name: 'Clear' }).click();
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
    await page.getByText('no picture that the browser can read').waitFor();
    expect(await page.locator('#ranking li').count()).toBe(0);
    expect(await page.locator('#preview').isVisible()).toBe(false);
    expect(errors).toEqual([]);
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
});
