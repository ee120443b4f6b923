// What only a process of its own shows.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { showsColor } from '../../compiler/cli/terminal.ts';

const start = (...args: string[]) =>
  spawn(process.execPath, ['compiler/cli/main.ts', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

test('the exit code is that of the process', async () => {
  const [code] = await once(start('check', 'no-such.cnn'), 'close');
  expect(code).toBe(1);
});

test('a reader that has seen enough is no error', async () => {
  const child = start('summary', 'examples/models/06-resnet18.cnn');
  child.stdout.destroy();
  let complaint = '';
  child.stderr.on('data', (text) => (complaint += text));
  const [code] = await once(child, 'close');
  expect({ code, complaint }).toEqual({ code: 0, complaint: '' });
});

test('colours are for terminals that are not dumb, and NO_COLOR turns them off', () => {
  const terminal = { isTTY: true };
  expect(showsColor(terminal, {})).toBe(true);
  expect(showsColor(terminal, { NO_COLOR: '1' })).toBe(false);
  expect(showsColor(terminal, { TERM: 'dumb' })).toBe(false);
  expect(showsColor({}, {})).toBe(false);
});
