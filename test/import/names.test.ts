// Names in a model are anything at all; in what is generated they can do nothing.
import { parseSync } from 'oxc-parser';
import { expect, test } from 'vitest';
import { openFiles } from '../../compiler/cli/open-model.ts';
import { compile } from '../../compiler/index.ts';
import { floats, model, node, value } from '../support/onnx-writer.ts';

const NAMES = {
  code: '"; process.exit() //',
  'the end of a comment': '*/ process.exit() /*',
  'a template': '${process.exit()}`',
  'the end of a script': '</script><script>process.exit()</script>',
  'the prototype': '__proto__',
  'a constructor': 'constructor',
  'a method of all objects': 'hasOwnProperty',
  'the global object': 'globalThis.process.exit()',
  'reserved words': 'await function class',
  'lines and ends of texts': 'a\nb\r\u2028\0c',
  'letters from everywhere': 'größe 畳み込み 🦆',
  'half a letter': 'a\uD83E',
  'a path out of here': '../../etc/passwd',
  '10 MB': 'a'.repeat(10_000_000),
};

/** Two nodes, with everything named so. */
async function compiled(name: string) {
  const [x, w, sum, positive] = ['', 'w', '1', '2'].map((suffix) => name + suffix) as [
    string,
    string,
    string,
    string,
  ];
  const onnx = model({
    nodes: [node('Add', [x, w], [sum], {}, { name }), node('Relu', [sum], [positive], {}, { name })],
    initializers: [floats(w, [4], [1, -2, 3, -4])],
    inputs: [value(x, [1, 4])],
    outputs: [value(positive), value(sum)],
  });
  return compile({ onnx, name: 'net', targets: ['js', 'webgpu'] });
}

/** The sorts of all parts of a program, in order: what it does, whatever its names and texts are. */
function structureOf(code: string): string {
  const { program, errors } = parseSync('net.js', code);
  expect(errors).toEqual([]);
  return JSON.stringify(program, (key, part: unknown) =>
    typeof part === 'object' || key === 'type' || key === 'operator' ? part : undefined,
  );
}

test.each(Object.entries(NAMES))('%s as a name', async (_, name) => {
  const [{ diagnostics, files }, plain] = [await compiled(name), await compiled('x')];
  expect(diagnostics).toEqual([]);
  const [text, plainText] = [files, plain.files].map((all) => new TextDecoder().decode(all.get('net.js')));
  expect(structureOf(text!)).toBe(structureOf(plainText!));
  expect(text!.length).toBeLessThan(plainText!.length + 10_000);
  const bundle = await openFiles(files, { target: 'js' });
  const results = await bundle.run({ [bundle.inputs[0]!.name]: Float32Array.of(1, 1, 1, 1) });
  expect(bundle.outputs.map((output) => [...results[output.name]!])).toEqual([
    [2, 0, 4, 0],
    [2, -1, 4, -3],
  ]);
});

test.each(Object.entries(NAMES))('%s as an operator is told in a short message', async (_, name) => {
  const onnx = model({
    nodes: [node(name, ['x'], ['y'], {}, { name, domain: name })],
    inputs: [value('x', [1])],
    outputs: [value('y')],
  });
  const { diagnostics } = await compile({ onnx });
  expect(diagnostics.map(({ code }) => code)).toEqual(['E091']);
  expect(diagnostics[0]!.message.length).toBeLessThan(1000);
  expect(diagnostics[0]!.message).not.toMatch(/[\p{Cc}\p{Zl}]/u);
});
