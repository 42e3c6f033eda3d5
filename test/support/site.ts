/** The built page, for tests that open it. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the page is built from. */
const SOURCES = [
  'viz/app',
  'viz/charts',
  'viz/data',
  'sim',
  'agents',
  'scenarios/model',
  'scenarios/library',
];

/** Returns the folder of the built page, building it when it is missing or older than its sources. */
export async function ensureSite(): Promise<string> {
  const site = `${root}dist/viz/app-site`;
  const newest = Math.max(...SOURCES.map((folder) => newestMillis(`${root}${folder}`)));
  if (modifiedMillis(`${site}/index.html`) < newest) {
    await build({
      root: `${root}viz/app`,
      configFile: `${root}viz/app/vite.config.ts`,
      logLevel: 'warn',
    });
  }
  return site;
}

/** Bundles a module for the browser; its exports become the global `name`. */
export async function bundleGlobal(entry: string, name: string): Promise<string> {
  const built = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      lib: { entry: `${root}${entry}`, name, formats: ['iife'] },
    },
  });
  const [output] = Array.isArray(built) ? built : [built];
  if (!output || !('output' in output)) throw new Error('the bundler made nothing');
  return output.output[0].code;
}

function newestMillis(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((newest, entry) => {
    const path = join(folder, entry.name);
    return Math.max(newest, entry.isDirectory() ? newestMillis(path) : modifiedMillis(path));
  }, 0);
}

function modifiedMillis(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
