// Installs the peers when they are not there yet: `npm run bench` is the only one who needs them.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import packages from './package.json' with { type: 'json' };

const here = import.meta.dirname;
const peers = Object.keys(packages.dependencies);
if (!peers.every((name) => existsSync(`${here}/node_modules/${name}`))) {
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: here,
    stdio: 'inherit',
    shell: true,
  });
  if (status !== 0) process.exit(status ?? 1);
}
