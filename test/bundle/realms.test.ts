// The same files in every place that a bundle promises to run in and that is at hand.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { describe, expect, onTestFinished, test } from 'vitest';
import { folderOf, twice, write } from './twice.ts';

const run = promisify(execFile);

const MAIN = `
import createModel, { createModel as named } from './twice.js';
if (createModel !== named) throw new Error('two functions');
const model = await createModel();
const { y } = await model.run(new Float32Array(8));
console.log(process.versions.node.split('.')[0], ...y);
`;

const folderWithMain = async (): Promise<string> => {
  const { js, weights } = await twice();
  return folderOf({
    'package.json': '{ "type": "module" }',
    'twice.js': js,
    'twice.weights.bin': weights,
    'main.js': MAIN,
  });
};

// The machine's own Node may be the oldest that bundles support.
const own =
  ['/usr/local/bin/node', '/usr/bin/node'].find((path) => existsSync(path)) ??
  'none: skipped, there is none in /usr';

for (const node of [process.execPath, own])
  describe.skipIf(!existsSync(node))(`in the Node of ${node}`, () => {
    test('a bundle runs from another working directory', async () => {
      const { stdout } = await run(node, [join(await folderWithMain(), 'main.js')], { cwd: '/', env: {} });
      expect(stdout).toMatch(/^2\d 1 2 3 4 1 2 3 4\n$/);
    });

    test('a path or a file URL names other weights', async () => {
      const folder = await folderWithMain();
      const script = `
      import { createModel } from '${folder}/twice.js';
      const address = '${folder}/twice.weights.bin';
      for (const weights of [address, 'twice.weights.bin', 'file://' + address, new URL('file://' + address)]) {
        const { y } = await (await createModel({ weights })).run(new Float32Array(4));
        console.log(...y);
      }`;
      const { stdout } = await run(node, ['--input-type=module', '-e', script], { cwd: folder, env: {} });
      expect(stdout).toBe('1 2 3 4\n'.repeat(4));
    });

    test('a bundle runs where code from strings is forbidden', async () => {
      const folder = await folderWithMain();
      const flags = ['--disallow-code-generation-from-strings', join(folder, 'main.js')];
      expect((await run(node, flags, { env: {} })).stdout).toContain('1 2 3 4');
    });
  });

test('in a worker', async () => {
  const folder = await write(await twice());
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     import(workerData).then(async ({ createModel }) => {
       const { y } = await (await createModel()).run(new Float32Array(4));
       parentPort.postMessage(y, [y.buffer]);
     });`,
    { eval: true, workerData: join(folder, 'twice.js') },
  );
  onTestFinished(async () => void (await worker.terminate()));
  const [message] = await new Promise<unknown[]>((resolve, reject) => {
    worker.once('message', (value) => resolve([value]));
    worker.once('error', reject);
  });
  expect(message).toEqual(Float32Array.of(1, 2, 3, 4));
});

test('over HTTP, an absent file and a page in its place are different errors', async () => {
  const { js, weights } = await twice();
  const folder = await folderOf({ 'package.json': '{ "type": "module" }', 'twice.js': js });
  const server = createServer((request, response) => {
    if (request.url === '/missing')
      response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>404</h1>');
    else if (request.url === '/app') response.end('<!doctype html><div id=app>');
    else response.end(weights);
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const origin = typeof address === 'object' ? `http://localhost:${address?.port}` : '';
  const script = `
    import { createModel } from '${folder}/twice.js';
    const code = (path) => createModel({ weights: '${origin}' + path }).then(() => 'loaded', (error) => error.code);
    console.log(await code('/weights'), await code('/missing'), await code('/app'));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script]);
  expect(stdout).toBe('loaded WEIGHTS_NOT_FOUND WEIGHTS_HTML\n');
});

test('in a page, where there is neither process nor crypto.subtle, the address is the module’s', async () => {
  const folder = await folderWithMain();
  const script = `
    import { readFile } from 'node:fs/promises';
    const fetched = [];
    delete globalThis.process;
    Object.defineProperty(globalThis, 'crypto', { value: {} });
    globalThis.location = new URL('http://example.test/page/');
    globalThis.fetch = async (address) => (fetched.push(String(address)), new Response(await readFile('${folder}/twice.weights.bin')));
    const { createModel } = await import('${folder}/twice.js');
    const { y } = await (await createModel()).run(new Float32Array(4));
    await createModel({ weights: 'other.bin' });
    console.log(...y, ...fetched);`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script]);
  expect(stdout).toBe(`1 2 3 4 file://${folder}/twice.weights.bin other.bin\n`);
});
