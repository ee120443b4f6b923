// Headless Chromium on SwiftShader (scripts/with-gpu.ts), and a server for pages that use bundles.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';

/** Where with-gpu.ts unpacked the browser; undefined where it does not run. */
const executable = process.env['CNNC_CHROMIUM'];

export const hasBrowser = executable !== undefined;

/** For titles: a run that skips says so. */
export const whyNoBrowser = hasBrowser
  ? ''
  : ' (skipped: no Chromium; start with scripts/with-gpu.ts on Linux x64)';

/** With CNNC_GPU=real, CNNC_CHROMIUM names a browser that reaches the GPU. */
const ADAPTER =
  process.env['CNNC_GPU'] === 'real'
    ? ['--enable-features=Vulkan', '--use-angle=vulkan', '--disable-vulkan-surface']
    : ['--use-webgpu-adapter=swiftshader', '--enable-unsafe-swiftshader'];

const FLAGS = [
  ...ADAPTER,
  '--no-sandbox',
  '--no-zygote',
  '--enable-unsafe-webgpu',
  '--enable-webgpu-developer-features', // times of the GPU to the nanosecond
  '--disable-background-networking',
  '--enable-precise-memory-info',
];

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: executable!, args: FLAGS });

export interface Site {
  readonly url: string;
  close(): void;
}

export interface SiteOptions {
  /** The header Content-Security-Policy. */
  readonly csp?: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.wasm': 'application/wasm',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.png': 'image/png',
};

/** Serves a folder. */
export async function serve(folder: string, { csp }: SiteOptions = {}): Promise<Site> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = normalize(decodeURIComponent(pathname === '/' ? '/index.html' : pathname));
    const headers: Record<string, string> = {
      'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
      ...(csp !== undefined && { 'Content-Security-Policy': csp }),
    };
    readFile(join(folder, path)).then(
      (bytes) => response.writeHead(200, headers).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port
  return { url: `http://localhost:${port}/`, close: () => void server.close() };
}

/** A page; what it says on its console fails the test when it is an error. */
export async function openPage(browser: Browser, url: string): Promise<{ page: Page; errors: string[] }> {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('favicon')) errors.push(message.text());
  });
  await page.goto(url);
  return { page, errors };
}
