/** A study's tables as other programs read them. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { tableFromIPC } from 'apache-arrow';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportTable } from '../../scenarios/experiment/index.js';
import type { ExportFormat, ExportTable } from '../../scenarios/experiment/index.js';
import { contents, remove } from '../support/cli-process.js';
import { makeStudy, TOY_GRID } from '../support/made-study.js';

/** More rows than one group of a file has. */
const RUNS = 12 * 1500;

let folder: string;
let study: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stampede-export-'));
  study = join(folder, 'study');
  makeStudy(study, { ...TOY_GRID, seed: 9007199254730000, replicates: RUNS / 12 }, ({ point, variant, replicate }) => {
    if (point === 1 && replicate === 3) return 'said "no",\r\nthen\nnothing';
    return { y: replicate === 5 ? null : (point + variant) / 3 + replicate * 1e-17 };
  });
});
afterAll(() => remove(folder));

async function bytesOf(format: ExportFormat, table: ExportTable = 'runs'): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const out = new Writable({
    write(piece: Buffer, _, done) {
      pieces.push(piece);
      done();
    },
  });
  expect(await exportTable({ folder: study, table, format, out })).toMatchObject({ rows: RUNS });
  return Buffer.concat(pieces);
}

/** Rows of the table as another reader sees them. */
async function parquetRows(name = 'runs'): Promise<Record<string, unknown>[]> {
  const file = new Uint8Array(readFileSync(join(study, `${name}.parquet`))).buffer;
  return await parquetReadObjects({ file });
}

/** Fields of CSV by the letter of RFC 4180. */
function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  let record: string[] = [];
  for (let found = field.exec(text); found !== null; found = field.exec(text)) {
    record.push(found[1]?.replaceAll('""', '"') ?? found[2]);
    if (found[3] === ',') continue;
    records.push(record);
    record = [];
  }
  expect(record).toEqual([]);
  return records;
}

describe('exportTable', () => {
  it('writes CSV that reads back to the last bit', async () => {
    const [head, ...records] = parseCsv((await bytesOf('csv')).toString('utf8'));
    expect(head).toEqual(['run', 'point', 'replicate', 'variant', 'seed', 'status', 'reason', 'stateHash', 'x1', 'x2', 'y']);
    const rows = await parquetRows();
    const read = records.map((cells, i) => Object.fromEntries(cells.map((cell, k) => {
      const value = rows[i][head[k]];
      if (cell === '') return [head[k], null];
      return [head[k], typeof value === 'bigint' ? BigInt(cell) : typeof value === 'number' ? Number(cell) : cell];
    })));
    expect(read).toEqual(rows);
    expect(read[1503].reason).toBe(rows[1503].reason);
    expect(rows.filter((row) => row.reason !== null).length).toBe(2);
  });

  it('writes Arrow with types, nulls and docs kept', async () => {
    const table = tableFromIPC(await bytesOf('arrow'));
    expect(table.schema.fields.map(({ name, type, nullable }) => `${name} ${type}${nullable ? ' null' : ''}`)).toEqual([
      'run Utf8', 'point Int32', 'replicate Int32', 'variant Utf8', 'seed Int64', 'status Utf8', 'reason Utf8 null',
      'stateHash Utf8 null', 'x1 Float64', 'x2 Float64', 'y Float64 null',
    ]);
    expect(table.batches.length).toBe(2);
    expect(table.schema.fields[10].metadata.get('doc')).toBe('Value of the function [1]');
    expect(table.schema.metadata.get('digest')).toMatch(/^[0-9a-f]{64}$/);
    expect(table.toArray().map((row) => row.toJSON())).toEqual(await parquetRows());
  });

  it('writes JSON and Parquet with the same rows', async () => {
    const rows = await parquetRows();
    expect(JSON.parse((await bytesOf('json')).toString('utf8'))).toEqual(
      rows.map((row) => ({ ...row, seed: Number(row.seed) })),
    );
    expect((await bytesOf('parquet')).equals(readFileSync(join(study, 'runs.parquet')))).toBe(true);
    const timings = parseCsv((await bytesOf('csv', 'timings')).toString('utf8'));
    expect(timings.slice(0, 2)).toEqual([['run', 'wallSeconds'], [rows[0].run, '0.5']]);
  });

  it('makes a file whole or not at all, and never over another', async () => {
    const out = join(folder, 'there.csv');
    writeFileSync(out, 'mine');
    const request = { folder: study, table: 'runs', format: 'csv', out } as const;
    await expect(exportTable(request)).rejects.toMatchObject({ code: 'export/exists' });
    expect(readFileSync(out, 'utf8')).toBe('mine');
    const nowhere = join(folder, 'no', 'x.csv');
    await expect(exportTable({ ...request, out: nowhere })).rejects.toMatchObject({ code: 'run/unwritable' });
    await exportTable({ ...request, format: 'arrow', out: join(folder, 'new.arrow') });
    expect(readFileSync(join(folder, 'new.arrow')).equals(await bytesOf('arrow'))).toBe(true);
    expect(contents(folder)).toEqual(['new.arrow', 'study', 'there.csv']);
  });
});
