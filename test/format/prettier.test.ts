import * as prettier from 'prettier';
import { expect, test } from 'vitest';
import { format, sourceFile } from '../../grammar/index.ts';
import * as plugin from '../../prettier/index.ts';
import { examples } from '../language/fixtures.ts';

const tidy = (text: string, options: prettier.Options = {}): Promise<string> =>
  prettier.format(text, { filepath: 'net.cnn', plugins: [plugin], ...options });

test.each(examples)('Prettier formats $title as we do', async ({ text }) => {
  expect({ text: await tidy(text) }).toEqual(format(sourceFile(text)));
});

test('its options for widths are ours', async () => {
  const options = { printWidth: 20, tabWidth: 4 };
  expect(await tidy('INPUT -> CONV(64, 3) -> POOL', options)).toBe(
    'INPUT\n    -> CONV(64, 3)\n    -> POOL\n',
  );
});

test('its option for line ends is obeyed', async () => {
  expect(await tidy('# a\nINPUT->CONV', { endOfLine: 'crlf' })).toBe('# a\r\nINPUT -> CONV\r\n');
});

test('programs within Markdown are formatted', async () => {
  const text = 'Look:\n\n- one\n  ```cnn\n  INPUT->CONV # c\n  ->FC\n  ```\n';
  expect(await tidy(text, { filepath: 'readme.md' })).toContain('  INPUT -> CONV  # c\n    -> FC\n');
});

test('a mistake is an error with its place', async () => {
  await expect(tidy('INPUT -> CONV POOL')).rejects.toThrow(
    /^E010: missing '->' before 'POOL'.*\n> 1 \| INPUT -> CONV POOL\n {4}\| {15}\^{4}$/,
  );
});
