import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openCamera } from '../../runtime/page/camera.ts';

/** Streams in the order in which they were asked for, and what grants the permission for each. */
const streams: { active: boolean }[] = [];
const grants: (() => void)[] = [];

beforeEach(() => {
  streams.length = 0;
  grants.length = 0;
  const getUserMedia = () =>
    new Promise((resolve) => {
      const stream = { active: true, getTracks: () => [{ stop: () => (stream.active = false) }] };
      grants.push(() => {
        streams.push(stream);
        resolve(stream);
      });
    });
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia } });
  vi.stubGlobal('document', { createElement: () => ({ play: async () => {} }) });
  vi.stubGlobal('requestAnimationFrame', (next: () => void) => setTimeout(next));
});
afterEach(() => void vi.unstubAllGlobals());

/** The camera's button, as the page has it. */
function openButton() {
  const button = Object.assign(new EventTarget(), { textContent: 'Camera', setAttribute: () => {} });
  const fail = vi.fn<(why: string) => void>();
  const ended = vi.fn<() => void>();
  const stop = openCamera(button as unknown as HTMLButtonElement, { look: async () => {}, fail, ended });
  return { button, fail, ended, stop, click: () => button.dispatchEvent(new Event('click')) };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

test('clicks during the question for permission ask no second time, and Stop leaves nothing on', async () => {
  const { button, click, fail, ended } = openButton();
  click();
  click();
  for (const grant of grants) grant();
  await settle();
  expect(button.textContent).toBe('Stop camera');
  click();
  await settle();
  expect(button.textContent).toBe('Camera');
  expect(streams.map(({ active }) => active)).toEqual([false]);
  expect(fail).not.toHaveBeenCalled();
  expect(ended).not.toHaveBeenCalled();
});

test('after a refusal it may be asked again', async () => {
  const { button, click, fail } = openButton();
  vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockRejectedValueOnce(new Error('denied'));
  click();
  await settle();
  expect(fail).toHaveBeenCalledWith('denied');
  click();
  for (const grant of grants) grant();
  await settle();
  expect(button.textContent).toBe('Stop camera');
  click();
});

test('what is permitted after something else took over is ended at once', async () => {
  const { button, click, stop, fail } = openButton();
  click();
  stop();
  for (const grant of grants) grant();
  await settle();
  expect(streams.map(({ active }) => active)).toEqual([false]);
  expect(button.textContent).toBe('Camera');
  expect(fail).not.toHaveBeenCalled();
});

test('a camera that ends by itself is said to have ended, and may be started again', async () => {
  const { button, click, ended, stop } = openButton();
  click();
  for (const grant of grants) grant();
  await settle();
  streams[0]!.active = false;
  await settle();
  expect(ended).toHaveBeenCalledOnce();
  expect(button.textContent).toBe('Camera');
  click();
  for (const grant of grants) grant();
  await settle();
  expect(button.textContent).toBe('Stop camera');
  stop();
});
