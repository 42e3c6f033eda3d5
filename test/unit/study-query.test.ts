/** Questions in SQL to a study's tables. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportTable, openTables } from '../../scenarios/experiment/index.js';
import type { StudyTables } from '../../scenarios/experiment/index.js';
import { contents, remove } from '../support/cli-process.js';
import { makeFunctionStudy, makeStudy, TOY_GRID } from '../support/made-study.js';

let folder: string;
let study: string;
let tables: StudyTables;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stampede-query-'));
  study = join(folder, 'grid');
  makeFunctionStudy(study, TOY_GRID);
  tables = await openTables(study);
});
afterAll(() => {
  tables.close();
  remove(folder);
});

async function rowsOf(sql: string, from = tables): Promise<Record<string, unknown>[]> {
  const { columns, rows } = await from.ask(sql);
  const found: Record<string, unknown>[] = [];
  for await (const piece of rows) {
    for (const row of piece) found.push(Object.fromEntries(columns.map((name, k) => [name, row[k]])));
  }
  return found;
}

async function refusal(sql: string): Promise<string> {
  const error = await rowsOf(sql).then(() => null, (thrown) => thrown);
  expect(error).toMatchObject({ code: 'query/sql', exitCode: 2 });
  expect(error.message).not.toContain('\n');
  return error.message;
}

describe('answers', () => {
  it('have every kind of value', async () => {
    const sql =
      'select variant, count(*) as n, avg(y) as y, max(seed) as seed, 9007199254740993 as big, 1.50::decimal(9, 2) as money, ' +
      "date '2020-03-12' as day, timestamp '2020-03-12 10:00:00.5' as moment, timestamptz '2020-03-12 10:00:00+00' as zoned, " +
      "'nan'::double as gap, -1 / 0.0 as far, [1, 2] as list, {'a': true} as pair, map {'k': 7} as map, '\\xC3\\xA9'::blob as bytes, " +
      'null as nothing, 1 as a, 2 as a from runs group by variant order by variant';
    const rest = {
      'n': 12,
      'big': '9007199254740993',
      'money': '1.50',
      'day': '2020-03-12',
      'moment': '2020-03-12T10:00:00.5',
      'zoned': '2020-03-12T10:00:00Z',
      'gap': null,
      'far': null,
      'list': [1, 2],
      'pair': { a: true },
      'map': [{ key: 'k', value: 7 }],
      'bytes': 'w6k=',
      'nothing': null,
      'seed': Number.MAX_SAFE_INTEGER,
      'a': 1,
      'a:1': 2,
    };
    // Mean of 3 x1 + 2 x2 + .01 x3 + 5 x1 x2 over x1 in {0, .1, 1}, x2 in {0, 1}.
    const mean = (1.1 / 3) * 3 + 1 + (1.1 / 6) * 5;
    expect(await rowsOf(sql)).toEqual([
      { variant: 'base', y: expect.closeTo(mean, 12), ...rest },
      { variant: 'more', y: expect.closeTo(mean + 1, 12), ...rest },
    ]);
    expect(await rowsOf('select * from runs where point < 0')).toEqual([]);
    expect((await rowsOf('select i from range(5000) t(i)')).length).toBe(5000);
  });

  it('come from points, columns, timings and failures too', async () => {
    expect(await rowsOf('select x1, x2 from points where point in (1, 5)')).toEqual([{ x1: 0, x2: 1 }, { x1: 1, x2: 1 }]);
    expect(await rowsOf("select name, kind, unit from columns where name in ('seed', 'y')")).toEqual([
      { name: 'seed', kind: 'int64', unit: '' },
      { name: 'y', kind: 'double', unit: '1' },
    ]);
    expect(await rowsOf('select sum(wallSeconds) as s from runs join timings using (run)')).toEqual([{ s: 12 }]);
    const failing = join(folder, "o'clock");
    makeStudy(failing, { ...TOY_GRID, name: 'failing' }, ({ point }) => (point === 2 ? 'fell "over"' : { y: null }));
    const other = await openTables(failing);
    expect(await rowsOf('select variant, x1, seed, reason from failures limit 1', other)).toEqual([
      { variant: 'base', x1: 0.1, seed: 9007199254740990, reason: 'made/up: fell "over"' },
    ]);
    expect(await rowsOf('select count(*) as n, count(y) as known from runs', other)).toEqual([{ n: 24, known: 0 }]);
    other.close();
  });
});

describe('further tables', () => {
  it('that a study keeps can be asked and exported, others not', async () => {
    const made = join(folder, 'episodes');
    const rows = [[0, 0, 1e6, 2e6, 7, 1234.5, 3], [1, 0, 5e6, 5e6, 1, 10, 1]];
    makeStudy(made, { name: 'episodes', base: 'calm', replicates: 3, tables: ['episodes'] }, () => ({ trades: 1 }), { episodes: rows });
    const other = await openTables(made);
    expect(await rowsOf('select seed, sum(notionalQuote) as n from episodes join runs using (run) group by seed order by seed', other)).toEqual(
      [0, 1, 2].map((seed) => ({ seed, n: 1244.5 })),
    );
    const error = await rowsOf('select notionalQuotes from episodes', other).then(() => null, (thrown) => thrown);
    expect(error?.message).toContain('did you mean "notionalQuote"?');
    other.close();
    const out = join(folder, 'episodes.csv');
    const request = { folder: made, format: 'csv', out } as const;
    expect(await exportTable({ ...request, table: 'episodes' })).toEqual({ rows: 6, columns: 8 });
    expect(readFileSync(out, 'utf8')).toMatch(/^run,episode,instrument,startMicros,.*\r\n\w{32},0,0,1000000,2000000,7,1234.5,3\r\n/);
    await expect(exportTable({ ...request, table: 'intervals' })).rejects.toMatchObject({
      code: 'export/table', message: expect.stringContaining('this study has runs, timings, episodes;'),
    });
  });
});

describe('questions', () => {
  it('read and nothing else', async () => {
    const file = join(study, 'runs.parquet');
    const before = readFileSync(file);
    writeFileSync(join(folder, 'secret.csv'), 'a\n1\n');
    for (const sql of [
      `select * from '${join(folder, 'secret.csv')}'`,
      `select * from read_text('${join(folder, 'secret.csv')}')`,
      `from glob('${folder}/*')`,
      `copy runs to '${join(folder, 'out.csv')}'`,
      `copy (select 1) to '${file}'`,
      `explain analyze copy (select 1) to '${file}'`,
      'create table t as select 1',
      'insert into columns values (1, 2, 3, 4)',
      'drop view runs',
      'set threads = 4',
      'set enable_external_access = true',
      `attach '${join(folder, 'x.db')}'`,
      'install httpfs',
      "select * from 'https://example.org/x.parquet'",
    ]) {
      await refusal(sql);
    }
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(contents(folder)).not.toContain('out.csv');
    expect(contents(folder)).not.toContain('x.db');
    expect(await rowsOf('select count(*) as n from columns')).toEqual([{ n: 11 }]);
  });

  it('that are wrong are told in one line, with what was meant', async () => {
    expect(await refusal('select variants from runs')).toBe(
      'query: Referenced column "variants" not found in FROM clause; did you mean "variant"?',
    );
    expect(await refusal('select zebra from runs')).toContain('select * from columns lists the columns');
    expect(await refusal('select * from run')).toContain('did you mean "runs"?');
    expect(await refusal('selec 1')).toBe('query: syntax error at or near "selec"; line 1, column 1');
    expect(await refusal('select 1,\n  foo(2)')).toContain('foo does not exist');
    expect(await refusal(' -- nothing')).toContain('query: was empty');
    expect(await refusal('select 1; select 2')).toBe('query: was 2 statements, must be one');
    // Found while rows are read, not before.
    expect(await refusal('select cast(variant as int) from runs')).toContain("Could not convert string 'base' to INT32");
  });

  it('that leave out the quotes of a name with dots are told how to write it', async () => {
    const made = join(folder, 'dots');
    makeStudy(made, { name: 'dots', base: 'calm', replicates: 2 }, ({ replicate }) => ({ 'liquidations.count': replicate }));
    const dots = await openTables(made);
    const hint = 'write "liquidations.count" in double quotes, and the query in single ones';
    for (const name of ['liquidations.count', 'runs.liquidations.count', 'LIQUIDATIONS.COUNT']) {
      const error = await rowsOf(`select ${name} from runs`, dots).then(() => null, (thrown) => thrown);
      expect(error?.message).toContain(hint);
    }
    const near = await rowsOf('select "liquidations.cuont" from runs', dots).then(() => null, (thrown) => thrown);
    expect(near?.message).toContain('did you mean "liquidations.count"?');
    expect(await rowsOf('select sum("liquidations.count") as n from runs', dots)).toEqual([{ n: 1 }]);
    dots.close();
  });
});
