#!/usr/bin/env node
// What comes first runs on old versions of Node too, to be able to tell them so: the rest is imported later.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

/** A reader that has seen enough (`cnnc summary net.cnn | head`) is no error; a full disk is one line. */
function endQuietly(error: NodeJS.ErrnoException): never {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`cnnc: what was printed could not be written (${error.code ?? error.message})\n`);
  process.exit(1);
}

if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(
    `cnnc: needs Node 22.12 or later, and this is ${process.versions.node}. What it compiles runs on Node 20 too.\n`,
  );
  process.exitCode = 2;
} else {
  process.stdout.on('error', endQuietly);
  process.stderr.on('error', () => process.exit(1));
  const [{ runCli }, { processTerminal }] = await Promise.all([
    import('./program.ts'),
    import('./terminal.ts'),
  ]);
  process.exitCode = await runCli(process.argv.slice(2), processTerminal());
}
