// Makes `npx cnnc` work in a checkout, as it does where the package is installed: npm links the commands of
// dependencies, but not those of the package itself.
import { chmodSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const command = join(root, 'dist/compiler/cli/main.js');
const link = join(root, 'node_modules/.bin/cnnc');

chmodSync(command, 0o755);
rmSync(link, { force: true });
symlinkSync(command, link);
