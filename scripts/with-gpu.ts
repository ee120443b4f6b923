// Starts a command so that WebGPU works in it, also on a machine without a GPU: the npm package
// @sparticuz/chromium carries SwiftShader, a GPU in software, for Linux on x64. The loader of Vulkan reads
// its variables when a process starts, so they are set here, for the child.
//
//   node scripts/with-gpu.ts vitest run
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tmpdir } from 'node:os';

/** Variables for Dawn in Node and for Chromium; none where the packages do not run or a GPU is wanted. */
async function softwareGpu(): Promise<NodeJS.ProcessEnv> {
  const fits = process.platform === 'linux' && process.arch === 'x64';
  if (!fits || process.env['CNNC_GPU'] === 'real') return {};
  // The package unpacks the libraries that a bare system lacks only where it believes to be on AWS.
  process.env['AWS_LAMBDA_JS_RUNTIME'] ??= 'nodejs22.x';
  const { default: chromium } = await import('@sparticuz/chromium');
  const browser = await chromium.executablePath();
  const folder = dirname(browser);
  const driver = join(folder, 'vk_swiftshader_icd.json');
  if (!existsSync(driver)) return {};
  const libraries = [folder, join(tmpdir(), 'al2023/lib'), process.env['LD_LIBRARY_PATH']];
  return {
    LD_LIBRARY_PATH: libraries.filter(Boolean).join(':'),
    VK_ICD_FILENAMES: driver,
    XDG_RUNTIME_DIR: process.env['XDG_RUNTIME_DIR'] ?? tmpdir(),
    CNNC_CHROMIUM: browser,
  };
}

const [command, ...rest] = process.argv.slice(2);
if (command === undefined) throw new Error('usage: node scripts/with-gpu.ts command …');
const child = spawn(command, rest, { stdio: 'inherit', env: { ...process.env, ...(await softwareGpu()) } });
child.on('error', (error) => {
  throw error;
});
child.on('exit', (code, signal) => {
  process.exitCode = signal ? 1 : (code ?? 1);
});
