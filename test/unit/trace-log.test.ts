import { describe, expect, it } from 'vitest';
import { UserError } from '../../sim/kernel/index.js';
import * as trace from '../../sim/trace/index.js';
import { traceLogBytes, traceMetadata } from '../support/trace-run.js';

const { EventKind, EventLog, EventReader } = trace;

function collect(rowsPerChunk: number, fill: (log: trace.EventLog) => void) {
  const chunks: Uint8Array[] = [];
  const log = new EventLog((bytes, rows) => {
    expect(bytes.length).toBe(rows * trace.rowBytes);
    chunks.push(bytes.slice());
  }, rowsPerChunk);
  fill(log);
  log.flush();
  return { log, chunks };
}

function appendMany(log: trace.EventLog, rows: number): void {
  for (let i = 0; i < rows; i += 1) {
    log.append((i % 20) + 1, i * 1000, i, i + 1, 16000 + i, -i, i >> 3, -i * 1e6, 0.5, i, -0.25);
  }
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

describe('EventLog', () => {
  it('hands every field on as it was appended', () => {
    const { log, chunks } = collect(8, (l) => {
      l.append(
        trace.kindOfInstrument(EventKind.trade, 3),
        1.5e12,
        7,
        -1,
        42,
        -9,
        11,
        -1e15,
        2.5,
        -3,
        1e-9,
      );
    });
    expect(log.rows()).toBe(1);
    expect(log.counts[EventKind.trade]).toBe(1);
    const reader = new EventReader(chunks[0]);
    expect(reader.next()).toBe(true);
    const { time, kind, instrument, account, other, priceTicks, sizeLots, cause } = reader;
    const { value, feeA, feeB, extra, kindName } = reader;
    expect({ time, kind, instrument, account, other, priceTicks, sizeLots, cause }).toEqual({
      time: 1.5e12,
      kind: 1,
      instrument: 3,
      account: 7,
      other: -1,
      priceTicks: 42,
      sizeLots: -9,
      cause: 11,
    });
    expect({ value, feeA, feeB, extra, kindName }).toEqual({
      value: -1e15,
      feeA: 2.5,
      feeB: -3,
      extra: 1e-9,
      kindName: 'trade',
    });
    expect(reader.next()).toBe(false);
  });

  it('gives the same hash and bytes whatever the chunk length', () => {
    const of = (rowsPerChunk: number) => {
      const { log, chunks } = collect(rowsPerChunk, (l) => appendMany(l, 1000));
      return [log.hash.hex(), Buffer.concat(chunks).toString('hex')];
    };
    expect(of(7)).toEqual(of(4096));
    expect(of(1)).toEqual(of(1000));
  });

  it('folds every word of a row and their order', () => {
    const of = (change: number, at: number) => {
      const { log } = collect(16, (l) => {
        const fields = [5, 10, 1, 2, 3, 4, 5, 6.5, 7.5, 8.5, 9.5];
        if (at >= 0) fields[at] += change;
        const [a, b, c, d, e, f, g, h, i, j, k] = fields;
        l.append(a, b, c, d, e, f, g, h, i, j, k);
        l.append(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
      });
      return log.hash.hex();
    };
    const hashes = new Set([of(0, -1)]);
    for (let at = 0; at < 11; at += 1) hashes.add(of(1, at));
    expect(hashes.size).toBe(12);
    const swapped = collect(16, (l) => {
      l.append(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
      l.append(5, 10, 1, 2, 3, 4, 5, 6.5, 7.5, 8.5, 9.5);
    });
    expect(hashes.has(swapped.log.hash.hex())).toBe(false);
  });

  it('can be asked for its hash at any time without changing the result', () => {
    const { log } = collect(16, (l) => {
      appendMany(l, 5);
      l.hash.hex();
      appendMany(l, 40);
      l.hash.hex();
    });
    const plain = collect(16, (l) => {
      appendMany(l, 5);
      appendMany(l, 40);
    });
    expect(log.hash.hex()).toBe(plain.log.hash.hex());
  });

  it('writes one zero and one NaN', () => {
    const odd = new Float64Array(1);
    new Uint32Array(odd.buffer).set([1, 0xfff80000]);
    const one = collect(4, (l) => l.append(1, -0, 0, 0, 0, 0, 0, -0, NaN, -0, odd[0]));
    const two = collect(4, (l) => l.append(1, 0, 0, 0, 0, 0, 0, 0, odd[0], 0, NaN));
    expect(one.log.hash.hex()).toBe(two.log.hash.hex());
    expect(one.chunks[0]).toEqual(two.chunks[0]);
    const infinite = collect(4, (l) => l.append(1, 0, 0, 0, 0, 0, 0, Infinity, -Infinity, 0, 1));
    const reader = new EventReader(infinite.chunks[0]);
    reader.next();
    expect([reader.value, reader.feeA, reader.extra]).toEqual([Infinity, -Infinity, 1]);
  });

  it('keeps its hash over versions', () => {
    const { log } = collect(64, (l) => appendMany(l, 1000));
    expect(log.hash.hex()).toBe('f4a21f420b25ed73');
  });
});

describe('log file', () => {
  const { bytes, run } = traceLogBytes();

  it('gives back metadata and rows', () => {
    const decoded = trace.decodeLog(bytes, 'x.log');
    expect(decoded.metadata).toEqual(traceMetadata());
    expect(decoded.metadata.cohorts[1].name).toBe('crowd ☂');
    expect(decoded.footer.rows).toBe(run.log.rows());
    expect(decoded.footer.hash).toBe(run.log.hash.hex());
    expect(decoded.rows.length).toBe(run.log.rows() * trace.rowBytes);
  });

  it('reads rows at any alignment', () => {
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    const decoded = trace.decodeLog(shifted.subarray(3), 'x.log');
    expect(decoded.footer.hash).toBe(run.log.hash.hex());
  });

  it('tells a truncated log at every length', () => {
    for (let cut = 1; cut < bytes.length; cut += 997) {
      const code = codeOf(() => trace.decodeLog(bytes.subarray(0, bytes.length - cut), 'x.log'));
      expect(code, `${cut} bytes short`).toBe('trace/truncated');
    }
    expect(codeOf(() => trace.decodeLog(bytes.subarray(0, 5), 'x.log'))).toBe('trace/truncated');
    expect(codeOf(() => trace.decodeLog(new Uint8Array(0), 'x.log'))).toBe('trace/truncated');
  });

  it('tells a log that lost whole rows but kept its footer', () => {
    const lost = new Uint8Array(bytes.length - trace.rowBytes);
    lost.set(bytes.subarray(0, bytes.length - 2 * trace.rowBytes));
    lost.set(
      bytes.subarray(bytes.length - trace.logFooterBytes),
      lost.length - trace.logFooterBytes,
    );
    expect(codeOf(() => trace.decodeLog(lost, 'x.log'))).toBe('trace/truncated');
  });

  it('tells any flipped bit', () => {
    for (let at = 0; at < bytes.length; at += 1499) {
      const bad = bytes.slice();
      bad[at] ^= 1 << (at % 8);
      const code = codeOf(() => trace.decodeLog(bad, 'x.log'));
      expect(code, `bit in byte ${at}`).toMatch(/^trace\/(damaged|truncated|version)$/);
    }
    for (let at = 0; at < 32 + 200; at += 1) {
      const bad = bytes.slice();
      bad[at] ^= 1;
      expect(
        codeOf(() => trace.decodeLog(bad, 'x.log')),
        `byte ${at}`,
      ).not.toBe('none');
    }
  });

  it('names the version it cannot read', () => {
    const other = bytes.slice();
    other[8] = 9;
    expect(() => trace.decodeLog(other, 'runs/a/events.log')).toThrow(
      /^runs\/a\/events\.log: event log version was 9, must be 1; read it with/,
    );
    expect(codeOf(() => trace.decodeLog(other, 'x'))).toBe('trace/version');
  });

  it('refuses another kind of file', () => {
    const text = new TextEncoder().encode('time,open,high,low,close\n'.repeat(20));
    expect(codeOf(() => trace.decodeLog(text, 'x'))).toBe('trace/damaged');
  });
});

describe('describeEvent', () => {
  it('says a row in words', () => {
    const { bytes } = traceLogBytes();
    const reader = new EventReader(trace.decodeLog(bytes, 'x').rows);
    const seen = new Map<string, string>();
    while (reader.next()) seen.set(reader.kindName, trace.describeEvent(reader));
    expect(seen.get('mark')).toMatch(/^00:0\d:\d\d\.\d{6} mark: \d+ ticks$/);
    expect(seen.get('trade')).toMatch(/account \d+ (buys|sells) \d+ lots from \d+ at \d+ ticks/);
    expect(seen.get('liquidation')).toMatch(/id \d+, account \d+, takeover, -?\d+ lots at mark/);
    for (const text of seen.values()) expect(text).not.toMatch(/undefined|NaN/);
  });
});

