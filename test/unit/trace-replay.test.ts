import { describe, expect, it } from 'vitest';
import { UserError } from '../../sim/kernel/index.js';
import {
  EventKind,
  EventReader,
  ReplayBuilder,
  type ReplayHead,
  type Table,
  columnOf,
  decodeLog,
  decodeReplayChunk,
  decodeReplayHead,
  replayChunkAt,
  replayChunkRange,
  replayFirstRequestBytes,
  replayHeadBytes,
  replayPreludeBytes,
} from '../../sim/trace/index.js';
import { joinBytes, traceLogBytes } from '../support/trace-run.js';

const samplesPerChunk = 8;

function build(options = { trades: 3000, samples: 40 }) {
  const { bytes } = traceLogBytes(options);
  const { metadata, footer, rows } = decodeLog(bytes, 'x');
  const builder = new ReplayBuilder(metadata, { samplesPerChunk, bucketsMax: 10 });
  // In two pieces, as a file is read.
  const half = Math.floor(rows.length / 128) * 64;
  builder.add(new EventReader(rows.subarray(0, half)));
  builder.add(new EventReader(rows.subarray(half)));
  return { file: joinBytes(builder.finish(footer.hash, true)), rows, hash: footer.hash };
}

function open(file: Uint8Array): { head: ReplayHead; chunks: Map<string, Table>[] } {
  const head = decodeReplayHead(file.subarray(0, replayHeadBytes(file, 'r')), 'r');
  const chunks: Map<string, Table>[] = [];
  for (let i = 0; i < head.chunks; i += 1) {
    const { offset, bytes } = replayChunkRange(head, i);
    chunks.push(decodeReplayChunk(file.slice(offset, offset + bytes), 'r'));
  }
  return { head, chunks };
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof UserError) return error.code;
    throw error;
  }
  return 'none';
}

function joined(chunks: Map<string, Table>[], table: string, column: string): number[] {
  return chunks.flatMap((chunk) => [...columnOf(chunk.get(table) as Table, column)]);
}

describe('replay file', () => {
  const { file, rows, hash } = build();
  const { head, chunks } = open(file);

  /** One value per row of a kind, straight from the log. */
  function fromLog(kind: number, value: (r: EventReader) => number): number[] {
    const reader = new EventReader(rows);
    const values: number[] = [];
    while (reader.next()) if (reader.kind === kind) values.push(value(reader));
    return values;
  }

  it('names the run in its head', () => {
    expect(head.header.hash).toBe(hash);
    expect(head.header.metadata.cohorts.map((c) => c.name)).toEqual([
      'makers',
      'crowd ☂',
      'retail',
    ]);
    expect(head.header.samples).toBe(41);
    expect(head.header.complete).toBe(true);
    expect(head.header.endMicros).toBe(400e6);
    expect(head.fileBytes).toBe(file.length);
    expect(head.chunks).toBe(Math.ceil(41 / samplesPerChunk));
    expect(head.headBytes).toBeLessThan(replayFirstRequestBytes);
  });

  it('holds every sample and every event once, in order', () => {
    const { series, seriesMore, liquidation, autoDeleverage } = EventKind;
    expect(joined(chunks, 'samples/0', 'timeMicros')).toEqual(fromLog(series, (r) => r.time));
    expect(joined(chunks, 'samples/0', 'markTicks')).toEqual(fromLog(series, (r) => r.priceTicks));
    expect(joined(chunks, 'samples/0', 'fundQuanta')).toEqual(fromLog(series, (r) => r.value));
    expect(joined(chunks, 'samples/0', 'askTicks')).toEqual(
      fromLog(seriesMore, (r) => r.priceTicks),
    );
    expect(joined(chunks, 'samples/0', 'deskLots')).toEqual(fromLog(seriesMore, (r) => r.extra));
    expect(joined(chunks, 'liquidations', 'id')).toEqual(fromLog(liquidation, (r) => r.cause));
    expect(joined(chunks, 'liquidations', 'sizeLots')).toEqual(
      fromLog(liquidation, (r) => r.sizeLots),
    );
    expect(joined(chunks, 'liquidations', 'notionalQuote')).toEqual(
      fromLog(liquidation, (r) => r.extra),
    );
    expect(joined(chunks, 'liquidations', 'bankruptcyTicks')).toEqual(
      fromLog(liquidation, (r) => r.feeB),
    );
    expect(joined(chunks, 'deleverages', 'account')).toEqual(
      fromLog(autoDeleverage, (r) => r.account),
    );
    expect(head.header.liquidations).toBe(fromLog(liquidation, () => 1).length);
    expect(head.header.liquidations).toBeGreaterThan(20);
    expect(head.header.trades).toBe(fromLog(EventKind.trade, () => 1).length);
  });

  it('keeps each cohort of each sample', () => {
    for (let cohort = 0; cohort < 3; cohort += 1) {
      const net = fromLog(EventKind.cohort, (r) => (r.account === cohort ? r.value : NaN));
      expect(joined(chunks, 'samples/0', `cohort/${cohort}/netLots`)).toEqual(
        net.filter((x) => !Number.isNaN(x)),
      );
    }
  });

  it('puts the fills of a liquidation beside it', () => {
    const lots = new Map<number, number>();
    const paid = new Map<number, number>();
    fromLog(EventKind.trade, (r) => {
      if (r.cause > 0) {
        lots.set(r.cause, (lots.get(r.cause) ?? 0) + Math.abs(r.sizeLots));
        paid.set(r.cause, (paid.get(r.cause) ?? 0) + Math.abs(r.sizeLots) * r.priceTicks);
      }
      return 0;
    });
    const ids = joined(chunks, 'liquidations', 'id');
    const filled = joined(chunks, 'liquidations', 'filledLots');
    const prices = joined(chunks, 'liquidations', 'fillTicks');
    const cohorts = joined(chunks, 'liquidations', 'cohort');
    const accounts = joined(chunks, 'liquidations', 'account');
    ids.forEach((id, i) => {
      expect(filled[i]).toBe(lots.get(id) ?? 0);
      if (filled[i] > 0) expect(prices[i]).toBeCloseTo((paid.get(id) as number) / filled[i], 6);
      expect(cohorts[i]).toBe(Math.floor(accounts[i] / 20));
    });
    expect(filled.some((x) => x > 0)).toBe(true);
  });

  it('cuts events at the samples that begin a chunk', () => {
    const index = head.tables.get('chunks') as Table;
    let before = 0;
    chunks.forEach((chunk, i) => {
      const from = columnOf(index, 'fromMicros')[i];
      const until = i + 1 < chunks.length ? columnOf(index, 'fromMicros')[i + 1] : Infinity;
      for (const name of ['samples/0', 'liquidations', 'markers']) {
        for (const time of columnOf(chunk.get(name) as Table, 'timeMicros')) {
          expect(time >= from && time < until).toBe(true);
        }
      }
      const rowsHere = (chunk.get('liquidations') as Table).rows;
      expect(columnOf(index, 'liquidations')[i]).toBe(rowsHere);
      expect(columnOf(index, 'liquidationsBefore')[i]).toBe(before);
      before += rowsHere;
      expect(replayChunkAt(head, from)).toBe(i);
      expect(replayChunkAt(head, from - 1)).toBe(Math.max(0, i - 1));
    });
    expect(replayChunkAt(head, -5)).toBe(0);
    expect(replayChunkAt(head, 1e15)).toBe(chunks.length - 1);
  });

  it('never loses a wick: extremes of all marks and trades are in samples and overview', () => {
    const marks = fromLog(EventKind.mark, (r) => r.priceTicks);
    const trades = fromLog(EventKind.trade, (r) => r.priceTicks);
    const overview = head.tables.get('overview/0') as Table;
    for (const [column, all] of [
      ['mark', marks],
      ['last', trades],
    ] as const) {
      const low = Math.min(...all, 16000);
      const high = Math.max(...all, 16000);
      expect(Math.min(...joined(chunks, 'samples/0', `${column}TicksMin`))).toBe(low);
      expect(Math.max(...joined(chunks, 'samples/0', `${column}TicksMax`))).toBe(high);
      expect(Math.min(...columnOf(overview, `${column}TicksMin`))).toBe(low);
      expect(Math.max(...columnOf(overview, `${column}TicksMax`))).toBe(high);
    }
  });

  it('draws the whole run from the overview', () => {
    const overview = head.tables.get('overview/0') as Table;
    expect(overview.rows).toBe(Math.ceil(41 / head.header.samplesPerBucket));
    expect(overview.rows).toBeLessThanOrEqual(10);
    const until = columnOf(overview, 'timeMicros');
    const from = columnOf(overview, 'fromMicros');
    for (let i = 1; i < overview.rows; i += 1) expect(from[i]).toBe(until[i - 1]);
    const last = joined(chunks, 'samples/0', 'liquidatedNotionalQuote').at(-1);
    expect(columnOf(overview, 'liquidatedNotionalQuote')[overview.rows - 1]).toBe(last);
    const markers = head.tables.get('markers') as Table;
    expect([...columnOf(markers, 'kind')]).toContain(EventKind.halt);
    expect([...columnOf(markers, 'kind')]).toContain(EventKind.resume);
    expect([...columnOf(markers, 'kind')]).not.toContain(EventKind.badDebt);
  });

  it('has zeros for a column it does not know', () => {
    const table = chunks[0].get('samples/0') as Table;
    expect([...columnOf(table, 'novelty')]).toEqual(new Array(table.rows).fill(0));
  });

  it('is the same bytes when built again', () => {
    expect(Buffer.compare(build().file, file)).toBe(0);
  });

  it('tells a truncated head, a truncated chunk and any flipped bit', () => {
    for (const bytes of [0, 7, replayPreludeBytes, head.headBytes - 1]) {
      expect(codeOf(() => decodeReplayHead(file.subarray(0, bytes), 'r'))).toBe('trace/truncated');
    }
    const { offset, bytes } = replayChunkRange(head, 2);
    const chunk = file.slice(offset, offset + bytes);
    expect(codeOf(() => decodeReplayChunk(chunk.subarray(0, bytes - 8), 'r'))).toBe(
      'trace/truncated',
    );
    for (let at = 0; at < bytes; at += 131) {
      const bad = chunk.slice();
      bad[at] ^= 4;
      expect(
        codeOf(() => decodeReplayChunk(bad, 'r')),
        `byte ${at}`,
      ).not.toBe('none');
    }
    for (let at = 0; at < head.headBytes; at += 61) {
      // Bytes 24 to 31 tell the file's length and zeros follow the JSON: neither is decoded here.
      if (at >= 24 && at < 32) continue;
      const bad = file.slice(0, head.headBytes);
      bad[at] ^= 4;
      expect(
        codeOf(() => decodeReplayHead(bad, 'r')),
        `byte ${at}`,
      ).not.toBe('none');
    }
  });

  it('refuses another file and another version', () => {
    const other = file.slice();
    other[8] = 2;
    expect(codeOf(() => decodeReplayHead(other, 'r'))).toBe('trace/version');
    expect(codeOf(() => decodeReplayHead(new Uint8Array(4096), 'r'))).toBe('trace/damaged');
  });

  it('holds a run without samples', () => {
    const { metadata } = head.header;
    const empty = joinBytes(new ReplayBuilder(metadata).finish('0'.repeat(16), false));
    const opened = open(empty);
    expect(opened.head.chunks).toBe(1);
    expect(opened.head.header.complete).toBe(false);
    expect((opened.chunks[0].get('samples/0') as Table).rows).toBe(0);
    expect(replayChunkAt(opened.head, 5)).toBe(0);
  });
});
