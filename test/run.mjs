/** `npm test`: builds, finds a browser, runs the tests, and ends with one line of counts. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBrowser } from './support/find-browser.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const REPORT = join(ROOT, 'dist', 'test-report.json');

process.exitCode = main(process.argv.slice(2));

function main(args) {
  const data = args.includes('--data');
  const rest = args.filter((arg) => arg !== '--data');
  if (!build()) return finish({ passed: 0, failed: 1, skipped: 0 }, 1);
  const environment = { ...process.env };
  try {
    environment.CHROMIUM_PATH = ensureBrowser();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    return finish({ passed: 0, failed: 1, skipped: 0 }, 1);
  }
  rmSync(REPORT, { force: true });
  mkdirSync(dirname(REPORT), { recursive: true });
  const flags = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];
  if (data) flags.push('--config', join(ROOT, 'test', 'data.config.mjs'), '--passWithNoTests');
  const status = node(
    join(packageFolder('vitest'), 'vitest.mjs'),
    [...flags, ...rest],
    environment,
  );
  return finish(readCounts(status), status);
}

/** Compiles what is out of date (incremental) and bundles the page. */
function build() {
  process.stderr.write('build: tsc -b, vite build\n');
  const compiler = join(packageFolder('@typescript/native'), 'bin', 'tsc');
  if (node(compiler, ['-b'], process.env) !== 0) return false;
  const vite = join(packageFolder('vite'), 'bin', 'vite.js');
  return node(vite, ['build', 'viz/app', '--logLevel', 'warn'], process.env) === 0;
}

function packageFolder(name) {
  return join(ROOT, 'node_modules', ...name.split('/'));
}

function node(script, args, env) {
  const result = spawnSync(process.execPath, [script, ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env,
  });
  return result.status ?? 1;
}

function readCounts(status) {
  if (!existsSync(REPORT)) return { passed: 0, failed: status === 0 ? 0 : 1, skipped: 0 };
  const report = JSON.parse(readFileSync(REPORT, 'utf8'));
  // A file that fails to load has no failed test of its own.
  const broken = report.testResults.filter(
    (file) =>
      file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = report.numFailedTests + broken;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  };
}

function finish(counts, status) {
  process.stdout.write(
    `\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`,
  );
  return status === 0 && counts.failed === 0 ? 0 : 1;
}
