// The page of `cnnc compile --html`, for LeNet-5: draw a digit in a browser and see it read.
//
//   npx node examples/page.ts          then open http://localhost:8080/
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

createServer((request, response) => {
  const name = request.url === '/' ? 'lenet5.html' : (request.url ?? '').slice(1);
  const file = files.get(name);
  const type = types[name.split('.').at(-1)!] ?? 'application/octet-stream';
  response.writeHead(file ? 200 : 404, { 'Content-Type': `${type}; charset=utf-8` }).end(file);
}).listen(8080, 'localhost', () => console.log('http://localhost:8080/'));
