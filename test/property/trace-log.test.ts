import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ConservationAudit,
  EventKind,
  EventLog,
  EventReader,
  ReplayBuilder,
  type Table,
  columnOf,
  decodeLog,
  decodeReplayChunk,
  decodeReplayHead,
  encodeLogFooter,
  encodeLogHeader,
  replayChunkAt,
  replayChunkRange,
  replayHeadBytes,
} from '../../sim/trace/index.js';
import { joinBytes, traceLogBytes, traceMetadata } from '../support/trace-run.js';

const seed = 20200312;
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const row = fc.tuple(
  fc.integer({ min: 1, max: 20 }),
  fc.double(),
  int32,
  int32,
  int32,
  int32,
  int32,
  fc.double(),
  fc.double(),
  fc.double(),
  fc.double(),
);
type Row = [number, number, number, number, number, number, number, number, number, number, number];

function write(rows: Row[], rowsPerChunk: number): { log: EventLog; bytes: Uint8Array } {
  const parts: Uint8Array[] = [];
  const log = new EventLog((bytes) => parts.push(bytes.slice()), rowsPerChunk);
  for (const [a, b, c, d, e, f, g, h, i, j, k] of rows) log.append(a, b, c, d, e, f, g, h, i, j, k);
  log.flush();
  return { log, bytes: joinBytes(parts) };
}

function read(bytes: Uint8Array): Row[] {
  const r = new EventReader(bytes);
  const rows: Row[] = [];
  while (r.next()) {
    const { kind, time, account, other, priceTicks, sizeLots, cause } = r;
    const { value, feeA, feeB, extra } = r;
    rows.push([kind, time, account, other, priceTicks, sizeLots, cause, value, feeA, feeB, extra]);
  }
  return rows;
}

describe('event log', () => {
  it('gives back any rows, in any chunks, with -0 as 0', () => {
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        (rows, chunk) => {
          const { log, bytes } = write(rows, chunk);
          expect(read(bytes)).toEqual(rows.map((one) => one.map((x) => x + 0)));
          expect(log.rows()).toBe(rows.length);
          expect(log.hash.hex()).toBe(write(rows, 64).log.hash.hex());
          const file = joinBytes([
            encodeLogHeader(traceMetadata()),
            bytes,
            encodeLogFooter(log.rows(), log.hash.hex()),
          ]);
          expect(read(decodeLog(file, 'x').rows)).toEqual(read(bytes));
        },
      ),
      { seed, numRuns: 300 },
    );
  });

  it('changes its hash with any bit of any row', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), fc.nat(), (rows, draw) => {
        const { log, bytes } = write(rows, 64);
        const bad = bytes.slice();
        bad[draw % bad.length] ^= 1 << (draw % 8);
        const file = joinBytes([
          encodeLogHeader(traceMetadata()),
          bad,
          encodeLogFooter(log.rows(), log.hash.hex()),
        ]);
        expect(() => decodeLog(file, 'x')).toThrow(/is damaged/);
      }),
      { seed, numRuns: 2000 },
    );
  });
});

const shape = fc.record({
  seed: fc.integer({ min: 1, max: 1e6 }),
  accounts: fc.integer({ min: 3, max: 30 }),
  trades: fc.integer({ min: 0, max: 400 }),
  samples: fc.integer({ min: 1, max: 60 }),
});

describe('conservation', () => {
  it('is exact in every made-up run, and no amount can change unnoticed', () => {
    fc.assert(
      fc.property(shape, fc.nat(), fc.integer({ min: -1000, max: 1000 }), (options, draw, by) => {
        const { rows } = decodeLog(traceLogBytes(options).bytes, 'x');
        const audit = new ConservationAudit();
        audit.add(new EventReader(rows));
        expect(audit.result().errorQuanta).toBe(0);
        if (by === 0) return;
        const bad = rows.slice();
        const reader = new EventReader(bad);
        reader.seek(draw % reader.rows);
        const counted = new Set<number>([
          EventKind.trade,
          EventKind.takeover,
          EventKind.autoDeleverage,
          EventKind.fund,
          EventKind.badDebt,
          EventKind.deposit,
          EventKind.opening,
          EventKind.account,
          EventKind.funding,
        ]);
        if (!counted.has(reader.kind)) return;
        new Float64Array(bad.buffer)[reader.row * 8 + 4] += by;
        const second = new ConservationAudit();
        second.add(new EventReader(bad));
        expect(second.result().errorQuanta).toBeGreaterThanOrEqual(Math.abs(by));
      }),
      { seed, numRuns: 300 },
    );
  });
});

describe('replay', () => {
  it('answers any moment from one chunk as the log would', () => {
    fc.assert(
      fc.property(
        shape,
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }),
        (options, samplesPerChunk, moments) => {
          const { metadata, footer, rows } = decodeLog(traceLogBytes(options).bytes, 'x');
          const builder = new ReplayBuilder(metadata, { samplesPerChunk, bucketsMax: 16 });
          builder.add(new EventReader(rows));
          const file = joinBytes(builder.finish(footer.hash, true));
          const head = decodeReplayHead(file.subarray(0, replayHeadBytes(file, 'r')), 'r');
          for (const moment of moments) {
            const time = moment * metadata.durationMicros;
            const range = replayChunkRange(head, replayChunkAt(head, time));
            const bytes = file.slice(range.offset, range.offset + range.bytes);
            const samples = decodeReplayChunk(bytes, 'r').get('samples/0') as Table;
            const times = columnOf(samples, 'timeMicros');
            let at = 0;
            while (at + 1 < samples.rows && times[at + 1] <= time) at += 1;
            const shown = [
              times[at],
              columnOf(samples, 'markTicks')[at],
              columnOf(samples, 'trades')[at],
            ];
            expect(shown).toEqual(stateAt(rows, time));
          }
        },
      ),
      { seed, numRuns: 120 },
    );
  });
});

/** The last sample at or before a time, with the trades counted up to it, from the log itself. */
function stateAt(rows: Uint8Array, time: number): number[] {
  const r = new EventReader(rows);
  let trades = 0;
  let state = [0, 0, 0];
  while (r.next()) {
    if (r.kind === EventKind.trade) trades += 1;
    if (r.kind === EventKind.series && r.time <= time) state = [r.time, r.priceTicks, trades];
  }
  return state;
}
