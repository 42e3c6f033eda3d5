/** A user's file becomes one module: the same anywhere, with the simulator's arithmetic. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundleStrategy } from '../../scenarios/runtime/strategies/bundle.js';
import { exp, pow } from '../../sim/kernel/index.js';
import { remove, scratchFolder } from '../support/cli-process.js';

let folder: string;

beforeEach(() => {
  folder = scratchFolder();
});
afterEach(() => {
  remove(folder);
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

async function exported(text: string): Promise<unknown> {
  const code = await bundleStrategy(file('mine.ts', text));
  const url = `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
  return ((await import(/* @vite-ignore */ url)) as { default: unknown }).default;
}

describe('the module', () => {
  it('holds what the file imports, and no path of the machine', async () => {
    const text = "import { DAY_MICROS } from 'stampede-sim';\nimport { two } from './parts/two.js';\n" +
      'export default [DAY_MICROS, two];\n';
    for (const where of ['a', 'b/c']) {
      file(`${where}/parts/two.ts`, 'export const two: number = 2;\n');
      file(`${where}/mine.ts`, text);
      // Compiler options of the user's do not reach it.
      file(`${where}/tsconfig.json`, '{ "compilerOptions": { "target": "ES5", "baseUrl": "nowhere" } }');
    }
    const one = await bundleStrategy(join(folder, 'a/mine.ts'));
    expect(await bundleStrategy(join(folder, 'b/c/mine.ts'))).toBe(one);
    expect(one).not.toContain(folder);
    expect(one).not.toMatch(/\bimport\b|\brequire\b/);
    expect(await exported("export default import.meta.url === undefined ? 1 : 2")).toBe(2);
  });

  it('computes with the simulator’s functions', async () => {
    const values = await exported(
      "const x: number = 0.1;\nexport default [Math.exp(x), Math['exp'](x), 1.1 ** x, Math.pow(1.1, x), Math.sqrt(x)];",
    );
    expect(values).toEqual([exp(0.1), exp(0.1), pow(1.1, 0.1), pow(1.1, 0.1), Math.sqrt(0.1)]);
    expect(await bundleStrategy(file('p.ts', 'export default (x: number) => x ** 3;'))).not.toContain('Math.pow');
  });

  it.each([
    ['Math.random()', 'Math.random is not available in a simulation: use batch.random, or batch.noise'],
    ['Date.now()', 'a clock is not available'],
    ['new Date().getTime()', 'a clock is not available'],
    ['performance.now()', 'a clock is not available'],
    ['Math.cbrt(2)', 'this function of Math is not available'],
  ])('refuses %s when it is called', async (text, message) => {
    const rule = (await exported(`export default () => ${text};`)) as () => number;
    expect(rule).toThrow(message);
  });
});

describe('what is refused', () => {
  it.each([
    ["import 'node:fs';\nexport default 1;", 'strategy/import', 'mine.ts:1:8: imports "node:fs": a strategy may import'],
    ["export default 1;\nimport x from 'lodash';\nx();", 'strategy/import', 'mine.ts:2:15: imports "lodash"'],
    ["import '/etc/hosts';\nexport default 1;", 'strategy/import', 'imports "/etc/hosts"'],
    ["import './absent.js';\nexport default 1;", 'strategy/import', 'mine.ts:1:8: Could not resolve "./absent.js"'],
    ["import { nothing } from 'stampede-sim';\nexport default nothing;", 'strategy/import', 'mine.ts:1:10: imports "nothing", which "stampede-sim" does not export'],
    ['export default {\n  a: 1,,\n};', 'strategy/syntax', 'mine.ts:2:8: '],
    ['export const strategy = 1;', 'strategy/default', 'mine.ts: has no default export, must be: export default'],
  ])('%s', async (text, code, message) => {
    await expect(bundleStrategy(file('mine.ts', text))).rejects.toMatchObject({
      name: 'UserError', code, exitCode: 2, message: expect.stringContaining(message),
    });
  });

  it('a file that is none', async () => {
    const error = (path: string) => bundleStrategy(join(folder, path)).catch((one: Error) => one.message);
    mkdirSync(join(folder, 'x.ts'));
    file('mine.yaml', '');
    expect(await error('no.ts')).toMatch(/^strategy file ".*no\.ts" does not exist; make one with/);
    expect(await error('x.ts')).toMatch(/is not a file/);
    expect(await error('mine.yaml')).toMatch(/must end in \.ts, \.js, \.mjs, \.mts/);
  });
});
