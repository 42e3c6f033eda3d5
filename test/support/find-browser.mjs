/** Finds a Chromium for the browser tests, and fetches one when the machine has none. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** The path of an installed Chromium, or null. Order: CHROMIUM_PATH, PATH, Playwright's cache. */
export function findBrowser() {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (executable(named)) return named;
    throw new Error(`CHROMIUM_PATH is ${named}, which cannot be executed`);
  }
  return onPath() ?? inPlaywrightCache();
}

/** The path of a Chromium, installing one if need be; says what it does. @throws when all ways fail. */
export function ensureBrowser(say = (line) => process.stderr.write(`${line}\n`)) {
  const found = findBrowser();
  if (found) {
    say(`browser: ${found}`);
    return found;
  }
  say('browser: none found; downloading Chromium with Playwright');
  const cli = join(dirname(createRequire(import.meta.url).resolve('playwright-core')), 'cli.js');
  attempt(process.execPath, [cli, 'install', 'chromium-headless-shell']);
  const downloaded = inPlaywrightCache();
  if (downloaded) return downloaded;
  if (process.getuid?.() === 0) {
    say("browser: the download failed; installing Debian's with apt-get");
    attempt('apt-get', ['update', '-q']);
    attempt('apt-get', [
      'install',
      '-y',
      '-q',
      '--no-install-recommends',
      'chromium',
      'fonts-dejavu-core',
    ]);
    const installed = onPath();
    if (installed) return installed;
  }
  throw new Error('no Chromium: install one, or set CHROMIUM_PATH to its executable');
}

function attempt(command, args) {
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync(command, args, { stdio: ['ignore', 2, 2], env: environment, timeout: 600_000 });
}

function onPath() {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of NAMES) {
      if (folder && executable(join(folder, name))) return join(folder, name);
    }
  }
  return null;
}

function inPlaywrightCache() {
  const root = process.env.PLAYWRIGHT_BROWSERS_PATH ?? join(homedir(), '.cache', 'ms-playwright');
  for (const folder of list(root)
    .filter((name) => name.startsWith('chromium'))
    .sort()
    .reverse()) {
    for (const platform of list(join(root, folder))) {
      for (const name of ['chrome', 'headless_shell', 'chrome-headless-shell']) {
        const path = join(root, folder, platform, name);
        if (executable(path)) return path;
      }
    }
  }
  return null;
}

function list(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
