// The page of `cnnc compile --html`, for LeNet-5: draw a digit in a browser and see it read.
//
//   npx node examples/page.ts [port]   then open http://localhost:8080/, or what it says
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { compile } from '../compiler/index.ts';

const { files } = await compile({
  path: 'examples/lenet5.cnn',
  read: (path) => readFile(path),
  weights: new Uint8Array(await readFile('examples/lenet5.safetensors')),
  html: true,
});

const types: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript' };

const port = Number(process.argv[2] ?? 8080);

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const name = pathname === '/' ? 'lenet5.html' : pathname.slice(1);
  const file = files.get(name);
  const type = types[name.split('.').at(-1)!] ?? 'application/octet-stream';
  response.writeHead(file ? 200 : 404, { 'Content-Type': `${type}; charset=utf-8` }).end(file);
});
server.on('error', ({ message }) => console.error(`${message}: give another port`));
server.listen(port, 'localhost', () => console.log(`http://localhost:${port}/`));
