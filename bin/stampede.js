#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
const main = new URL('../dist/scenarios/cli/main.js', import.meta.url);

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`error: Node was ${process.versions.node}, must be at least 20.19\n`);
  process.exitCode = 2;
} else if (!existsSync(fileURLToPath(main))) {
  process.stderr.write('error: stampede is not built; run: npm run build\n');
  process.exitCode = 2;
} else {
  const { runCli } = await import(main.href);
  process.exitCode = await runCli(process.argv.slice(2));
}
