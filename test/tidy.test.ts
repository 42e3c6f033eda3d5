/** What the compiler cannot see about the house: size, purity, direction, words. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const boxes = ['sim', 'agents', 'scenarios', 'viz', 'test', 'bin'];

function filesUnder(folder: string, ending: RegExp): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !/(^|\/)(dist|node_modules|app-site)\//.test(path));
}

const sources = boxes.flatMap((box) => filesUnder(box, /\.ts$/));
const pure = sources.filter((path) => /^(sim|agents|scenarios\/model|viz\/data)\//.test(path));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const code = (path: string): string =>
  read(path)
    .replace(/\/\*[\s\S]*?\*\//g, (text) => text.replace(/[^\n]/g, ' '))
    .replace(/(^|[^:])\/\/[^\n]*/g, '$1');

/** Classes on the hot path may be longer than other files. */
const hot = /^sim\/(book\/(order-book|book-memory|trigger-book)|venue\/(perpetual-venue|liquidation-index)|engine\/(shard|market))\.ts$/;

describe('the house', () => {
  it('keeps files short', () => {
    const long = sources.filter((path) => {
      const lines = read(path).split('\n').length;
      return lines > (hot.test(path) ? 600 : 400);
    });
    expect(long).toEqual([]);
  });

  it('keeps the pure boxes pure', () => {
    const impure =
      /\bMath\.(random|exp|expm1|log|log2|log10|log1p|pow|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|cbrt|hypot)\b|\bDate\b|\bperformance\b|\bsetTimeout\b|\bconsole\b|\bprocess\b|[^*/]\*\*[^*/]/;
    const asynchronous = /\basync\b|\bawait\b|\bPromise\b/;
    const found = pure.flatMap((path) =>
      code(path)
        .split('\n')
        .map((line, n) => ({ line: line.replace(/'[^']*'|`[^`]*`|"[^"]*"/g, "''"), n }))
        .filter(
          ({ line }) =>
            impure.test(line) || (/^(sim|agents)\//.test(path) && asynchronous.test(line)),
        )
        .map(({ line, n }) => `${path}:${n + 1}: ${line.trim()}`),
    );
    expect(found).toEqual([]);
  });

  it('gives every folder one door and a readme', () => {
    const folders = ['sim', 'agents', 'scenarios', 'viz']
      .flatMap((box) => [box, ...subfolders(box)])
      .filter((folder) =>
        readdirSync(join(root, folder)).some((name) => name.endsWith('.ts')),
      );
    const missing = folders.flatMap((folder) => {
      const wanted = ['README.md'];
      if (!/^(scenarios\/cli|viz\/app)/.test(folder)) wanted.push('index.ts');
      return wanted.filter((name) => !existsSync(join(root, folder, name))).map((name) => `${folder}/${name}`);
    });
    expect(missing).toEqual([]);
  });

  it('keeps doors free of logic', () => {
    const doors = sources.filter((path) => path.endsWith('/index.ts') && !path.startsWith('test/'));
    const logic = doors.filter((path) =>
      code(path)
        .replace(/export\s+(type\s+)?\{[^}]*\}\s+from\s+'[^']+';/g, '')
        .replace(/import\s+[^;]+;/g, '')
        .trim(),
    );
    expect(logic).toEqual([]);
  });

  it('imports in one direction, through doors, without circles', () => {
    const bin = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
    const args = [bin, '--config', '.dependency-cruiser.cjs', '--output-type', 'err', 'sim', 'agents', 'scenarios', 'viz'];
    let output = '';
    try {
      output = execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    } catch (error) {
      output = String((error as { stdout?: unknown }).stdout ?? error);
    }
    expect(output).toMatch(/no dependency violations found/);
  });

  it('never branches on a strategy’s or protocol’s name in shared code', () => {
    const branch = /\b(strategy|protocol|venue)\.name\s*(===|!==)\s*['"`]|switch\s*\(\s*\w*\.?(strategy|protocol)\.name\s*\)/;
    const found = sources.filter((path) => !path.startsWith('test/') && branch.test(code(path)));
    expect(found).toEqual([]);
  });

  it('skips no test and leaves no marker', () => {
    const marker = new RegExp(['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].map((w) => `\\b${w}\\b`).join('|'));
    const skipped = /\b(it|test|describe)\.(skip|only|todo|fails)\b|\b(skipIf|runIf)\b/;
    const found = sources.filter(
      (path) => path !== 'test/tidy.test.ts' && (marker.test(read(path)) || skipped.test(code(path))),
    );
    expect(found).toEqual([]);
  });

  it('names no host in the lock file and no path of a machine anywhere', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved": *"https?:/);
    const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n');
    const found = tracked.filter((path) => {
      if (!/\.(ts|md|json|ya?ml|mjs|cjs|js|html|css)$/.test(path)) return false;
      if (!existsSync(join(root, path)) || statSync(join(root, path)).size > 2_000_000) return false;
      return read(path).includes(`${root}/`);
    });
    expect(found).toEqual([]);
  });
});

function subfolders(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['dist', 'node_modules', 'library'].includes(entry.name))
    .flatMap((entry) => [`${folder}/${entry.name}`, ...subfolders(`${folder}/${entry.name}`)]);
}
