/** `stampede query` and `stampede export` through the real binary. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { remove, scratchFolder, stampede } from '../support/cli-process.js';
import { makeFunctionStudy, TOY_GRID } from '../support/made-study.js';

let folder: string;

beforeAll(() => {
  folder = scratchFolder();
  makeFunctionStudy(join(folder, 'grid'), TOY_GRID);
});
afterAll(() => remove(folder));

async function ok(words: string[], input = ''): Promise<string> {
  const { code, stdout, stderr } = await stampede(words, folder, { input });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

async function refused(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await stampede(words, folder);
  expect({ code, stdout, lines: stderr.trimEnd().split('\n').length }).toEqual({ code: 2, stdout: '', lines: 1 });
  return stderr.trimEnd();
}

describe('query', () => {
  it('answers in JSON, and as a table that says what it leaves out', async () => {
    const sql = 'select variant, max(seed) as seed, 9007199254740993 as big from runs group by all order by all';
    expect(JSON.parse(await ok(['query', 'grid', sql, '--json']))).toEqual([
      { variant: 'base', seed: 9007199254740991, big: '9007199254740993' },
      { variant: 'more', seed: 9007199254740991, big: '9007199254740993' },
    ]);
    expect(await ok(['query', 'grid', '-', '--json'], 'select * from failures')).toBe('[]\n');
    expect(await ok(['query', 'grid', 'select *, x1 / 3 as third from points', '--limit', '3'])).toBe(
      'point   x1  x2      third\n    0    0   0          0\n    1    0   1          0\n' +
        '    2  0.1   0  0.0333333\n6 rows, 3 not shown: --limit n shows more, --json all\n',
    );
  });

  it('refuses in one line', async () => {
    expect(await refused('query', 'grid', 'select x3 from runs')).toMatch(/did you mean "x1"\? \[query\/sql\]$/);
    expect(await refused('query', 'grid', 'select cast(variant as int) from runs', '--json')).toMatch(/\[query\/sql\]$/);
    expect(await refused('query', 'nowhere', 'select 1')).toContain('folder "nowhere" does not exist');
  });
});

describe('export', () => {
  it('writes CSV to stdout and the rest to files', async () => {
    expect(await ok(['export', 'grid', '--table', 'timings'])).toMatch(/^run,wallSeconds\r\n(\w{32},0.5\r\n){24}$/);
    const { code, stderr } = await stampede(['export', 'grid', '--format', 'arrow', '--out', 'a.arrow'], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '24 rows of 11 columns in a.arrow\n' });
    expect(tableFromIPC(readFileSync(join(folder, 'a.arrow'))).numRows).toBe(24);
  });

  it('refuses in one line and leaves nothing', async () => {
    expect(await refused('export', 'grid', '--format', 'arrow')).toContain('--out was left out');
    expect(await refused('export', 'grid', '--format', 'arow', '--out', 'x')).toContain('did you mean "arrow"?');
    expect(await refused('export', 'grid', '--format', 'csv', '--out', 'a.arrow')).toContain('exists already');
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });
});

describe('folders', () => {
  it('must be whole studies', async () => {
    mkdirSync(join(folder, 'empty'));
    expect(await refused('export', 'empty')).toContain('it has no study.json [study/missing]');
    makeFunctionStudy(join(folder, 'other'), TOY_GRID);
    const manifest = join(folder, 'other', 'manifest.json');
    appendFileSync(join(folder, 'other', 'runs.parquet'), 'x');
    expect(await refused('query', 'other', 'select 1')).toContain('is not the one the manifest describes');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"ok": 24', '"ok": 25'));
    expect(await refused('export', 'other')).toContain('was changed since it was written');
    rmSync(manifest);
    const told = await refused('query', 'other', 'select 1');
    expect(told).toContain('to write those of the runs there are: stampede merge other');
    await ok(['merge', 'other']);
    expect(await ok(['query', 'other', 'select count(*) as n from runs'])).toBe(' n\n24\n1 row\n');
  });
});
