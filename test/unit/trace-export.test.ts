import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../sim/kernel/index.js';
import { EventKind, EventReader, decodeLog, decodeReplayHead } from '../../sim/trace/index.js';
import {
  type ExportResult,
  conservationErrorQuanta,
  exportTrace,
} from '../../scenarios/runtime/trace/index.js';
import { traceLogBytes } from '../support/trace-run.js';

const made = ['events.parquet', 'series.parquet', 'cohorts.parquet', 'replay.bin'];
const { bytes } = traceLogBytes({ trades: 30_000, samples: 200 });
const { rows, footer } = decodeLog(bytes, 'x');
let folder = '';
let result: ExportResult;
const fractions: number[] = [];

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'stampede-export-'));
  fs.writeFileSync(path.join(folder, 'events.log'), bytes);
  result = exportTrace(folder, { hash: 'feedfacecafebeef', onProgress: (f) => fractions.push(f) });
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

async function query(sql: string): Promise<unknown[]> {
  const db = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await db.connect();
  const answer = await connection.runAndReadAll(sql);
  const found = answer.getRowObjects();
  connection.closeSync();
  db.closeSync();
  return found;
}

const table = (name: string): string => `'${path.join(folder, name)}'`;

/** Sums over rows of the log. */
function tally<T>(start: T, add: (sum: T, r: EventReader) => T): T {
  const reader = new EventReader(rows);
  let sum = start;
  while (reader.next()) sum = add(sum, reader);
  return sum;
}

const sampled = new Set<number>([EventKind.series, EventKind.seriesMore, EventKind.cohort]);

describe('exportTrace', () => {
  it('reports what the log holds', () => {
    expect(result.rows).toBe(footer.rows);
    expect(result.logHash).toBe(footer.hash);
    expect(result.conservation.errorQuanta).toBe(0);
    expect(result.rowCounts.trade).toBe(
      tally(0, (n, r) => n + (r.kind === EventKind.trade ? 1 : 0)),
    );
    expect(result.rowCounts.series).toBe(201);
    expect(Object.values(result.rowCounts).reduce((a, b) => a + b)).toBe(footer.rows);
    expect(fractions.at(-1)).toBe(1);
    expect(result.seconds).toBeGreaterThan(0);
    expect(conservationErrorQuanta(path.join(folder, 'events.log'))).toBe(0);
  });

  it('writes events that DuckDB sums to what the log says', async () => {
    const [found] = (await query(`
      SELECT count(*) AS n, sum(time_us) AS t, sum(value) AS v, sum(fee_a) AS a, sum(fee_b) AS b,
        sum(account) AS accounts, sum(size_lots) AS lots, sum(price_ticks) AS prices,
        max(extra) AS extra, min(value) AS lowest, max(value) AS highest
      FROM ${table('events.parquet')}`)) as Record<string, bigint | number>[];
    const kept = <T>(start: T, add: (sum: T, r: EventReader) => T): T =>
      tally(start, (sum, r) => (sampled.has(r.kind) ? sum : add(sum, r)));
    expect(Number(found.n)).toBe(kept(0, (n) => n + 1));
    expect(found.t).toBe(kept(0n, (n, r) => n + BigInt(r.time)));
    expect(found.v).toBe(kept(0n, (n, r) => n + BigInt(r.value)));
    expect(found.a).toBe(kept(0n, (n, r) => n + BigInt(r.feeA)));
    expect(found.b).toBe(kept(0, (n, r) => n + r.feeB));
    expect(Number(found.accounts)).toBe(kept(0, (n, r) => n + r.account));
    expect(Number(found.lots)).toBe(kept(0, (n, r) => n + r.sizeLots));
    expect(Number(found.prices)).toBe(kept(0, (n, r) => n + r.priceTicks));
    expect(found.extra).toBe(kept(0, (n, r) => Math.max(n, r.extra)));
    expect(Number(found.lowest)).toBe(kept(0, (n, r) => Math.min(n, r.value)));
    expect(Number(found.lowest)).toBeLessThan(0);
    expect(Number(found.highest)).toBe(kept(0, (n, r) => Math.max(n, r.value)));
    expect(Number(found.highest)).toBeGreaterThan(2 ** 33);
  });

  it('names kinds in words and keeps causes', async () => {
    const kinds = await query(`
      SELECT kind, count(*)::INT AS n FROM ${table('events.parquet')} GROUP BY kind ORDER BY kind`);
    const expected = Object.entries(result.rowCounts)
      .filter(([kind]) => !['series', 'seriesMore', 'cohort'].includes(kind))
      .map(([kind, n]) => ({ kind, n }))
      .sort((a, b) => (a.kind < b.kind ? -1 : 1));
    expect(kinds).toEqual(expected);
    const [{ joined }] = (await query(`
      SELECT count(*)::INT AS joined
      FROM ${table('events.parquet')} t JOIN ${table('events.parquet')} l
      ON t.kind = 'trade' AND l.kind = 'liquidation' AND t.cause = l.cause`)) as {
      joined: number;
    }[];
    expect(joined).toBe(
      tally(0, (n, r) => n + (r.kind === EventKind.trade && r.cause > 0 ? 1 : 0)),
    );
    expect(joined).toBeGreaterThan(10);
  });

  it('writes series and cohorts that DuckDB joins', async () => {
    const series = (await query(`
      SELECT instrument, count(*)::INT AS n,
        sum(fund_quanta)::BIGINT AS fund, sum(mark_ticks)::INT AS mark,
        max(trades)::INT AS trades, min(mark_ticks_min)::INT AS low
      FROM ${table('series.parquet')} GROUP BY instrument`)) as Record<string, unknown>[];
    const of = (field: (r: EventReader) => number): number =>
      tally(0, (n, r) => n + (r.kind === EventKind.series ? field(r) : 0));
    const low = tally(16000, (n, r) => (r.kind === EventKind.mark ? Math.min(n, r.priceTicks) : n));
    expect(series).toEqual([
      {
        instrument: 'XBTUSD',
        n: 201,
        fund: BigInt(of((r) => r.value)),
        mark: of((r) => r.priceTicks),
        trades: result.rowCounts.trade,
        low,
      },
    ]);
    const cohorts = await query(`
      SELECT cohort, sum(net_lots)::BIGINT AS net, max(cohorts.liquidations)::INT AS liquidations
      FROM ${table('cohorts.parquet')} JOIN ${table('series.parquet')} USING (time_us, instrument)
      GROUP BY cohort ORDER BY cohort`);
    const net = (c: number): bigint =>
      tally(0n, (n, r) =>
        r.kind === EventKind.cohort && r.account === c ? n + BigInt(r.value) : n,
      );
    expect(cohorts).toEqual([
      { cohort: 'crowd ☂', net: net(1), liquidations: 10 },
      { cohort: 'makers', net: net(0), liquidations: 0 },
      { cohort: 'retail', net: net(2), liquidations: 20 },
    ]);
  });

  it('carries names, scales and the meaning of columns in the files', async () => {
    const found = (await query(`
      SELECT decode(key) AS key, decode(value) AS value
      FROM parquet_kv_metadata(${table('events.parquet')})`)) as { key: string; value: string }[];
    const notes = new Map(found.map(({ key, value }) => [key, value]));
    expect(notes.get('stampede.quantaPerUnit')).toBe('100000000');
    expect(JSON.parse(notes.get('stampede.instruments') as string)[0].name).toBe('XBTUSD');
    expect(notes.get('column.cause')).toMatch(/liquidation/);
  });

  it("writes the run's hash into the replay", () => {
    const replay = fs.readFileSync(path.join(folder, 'replay.bin'));
    const head = decodeReplayHead(replay, 'replay.bin');
    expect(head.header.hash).toBe('feedfacecafebeef');
    expect(head.fileBytes).toBe(replay.length);
  });

  it('writes the same bytes again', () => {
    const digest = () =>
      made.map((name) =>
        createHash('sha256')
          .update(fs.readFileSync(path.join(folder, name)))
          .digest('hex'),
      );
    const first = digest();
    exportTrace(folder, { hash: 'feedfacecafebeef' });
    expect(digest()).toEqual(first);
  });

  it.each([
    ['truncated', 'trace/truncated', (all: Uint8Array) => all.subarray(0, all.length - 1000)],
    [
      'damaged',
      'trace/damaged',
      (all: Uint8Array) => all.map((byte, i) => (i === all.length - 6400 ? byte ^ 1 : byte)),
    ],
  ])('refuses a %s log', (_, code, harm) => {
    const other = fs.mkdtempSync(path.join(os.tmpdir(), 'stampede-export-'));
    fs.writeFileSync(path.join(other, 'events.log'), harm(bytes));
    let error: unknown;
    try {
      exportTrace(other);
    } catch (thrown) {
      error = thrown;
    } finally {
      fs.rmSync(other, { recursive: true, force: true });
    }
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).code).toBe(code);
    expect((error as UserError).message).not.toContain('\n');
  });
});
