/**
 * A small venue for unit tests: one linear contract, one quantum per tick and lot, prices near
 * 1,000.
 */
import { EventLog, EventReader, isUnhashed } from '../../sim/trace/index.js';
import {
  type InstrumentSpec,
  OrderKind,
  PerpetualVenue,
  ReportKind,
  type VenueSpec,
} from '../../sim/venue/index.js';

export interface DeskOptions {
  accounts?: number;
  venue?: Partial<VenueSpec>;
  instrument?: Partial<InstrumentSpec>;
  isolated?: Uint8Array;
  deposit?: number;
  slots?: number;
  /** Kinds of the accounts' orders. */
  causes?: Uint8Array;
}

/** A venue with named shortcuts; `rows`, `causes` and `reports` collect what it says. */
export class VenueDesk {
  readonly venue: PerpetualVenue;
  readonly rows: number[][] = [];
  /** Rows that only explain. */
  readonly causes: number[][] = [];
  /** Both, as they stand in the log. */
  readonly all: number[][] = [];
  readonly reports: number[][] = [];
  time = 0;

  constructor(options: DeskOptions = {}) {
    const count = options.accounts ?? 6;
    const spec: VenueSpec = {
      name: 'desk',
      instruments: [
        {
          name: 'PERP',
          contract: { kind: 'linear', multiplier: 1, quotePerTick: 1, quotePerLot: 1 },
          margin: { tiers: [{ floorQuanta: 0, maintenanceRate: 50_000, initialRate: 100_000 }] },
          leverageMax: 10,
          mark: { kind: 'index' },
          funding: { kind: 'none' },
          fees: { makerPpm: 0, takerPpm: 0, liquidationPpm: 0 },
          band: null,
          ticksMax: 4000,
          startTicks: 1000,
          selfTrade: 0,
          ...options.instrument,
        },
      ],
      liquidation: { kind: 'stepDown' },
      waterfall: ['insuranceFund', 'autoDeleverage', 'badDebt'],
      insuranceFundQuanta: 100_000,
      seed: 7,
      ...options.venue,
    };
    const log = {
      append: (...row: number[]) => {
        this.all.push(row);
        (isUnhashed(row[0] & 255) ? this.causes : this.rows).push(row);
      },
      rows: () => this.rows.length + this.causes.length,
    } as unknown as EventLog;
    this.venue = new PerpetualVenue(
      spec,
      {
        count,
        slotsPerAccount: () => options.slots ?? 8,
        cohortOf: new Uint16Array(count),
        tieKey: (a) => a + 1,
        ...(options.isolated === undefined ? {} : { isolated: options.isolated }),
        ...(options.causes === undefined ? {} : { causes: options.causes }),
      },
      log,
      { report: (...report: number[]) => this.reports.push(report) },
    );
    const deposit = options.deposit ?? 1_000_000;
    for (let a = 0; a < count && deposit > 0; a++) this.venue.deposit(a, deposit);
  }

  limit(
    a: number,
    slot: number,
    side: number,
    price: number,
    size: number,
    flags = 0,
    tif = 0,
  ): void {
    this.venue.submit(
      ++this.time,
      a,
      0,
      slot,
      side,
      OrderKind.limit,
      price,
      size,
      tif,
      flags,
      0,
      0,
    );
  }

  market(a: number, side: number, size: number, flags = 0, slot = 7): void {
    this.venue.submit(++this.time, a, 0, slot, side, OrderKind.market, 0, size, 0, flags, 0, 0);
  }

  stop(
    a: number,
    slot: number,
    side: number,
    kind: number,
    trigger: number,
    size: number,
    flags = 0,
    source = 0,
    price = 0,
  ): void {
    this.venue.submit(++this.time, a, 0, slot, side, kind, price, size, 0, flags, trigger, source);
  }

  cancel(a: number, slot: number): void {
    this.venue.cancel(++this.time, a, 0, slot);
  }

  index(price: number): void {
    this.venue.index(++this.time, 0, price);
  }

  /** Gives account `a` a long of `lots` entered at `price` against account `b`. */
  pair(a: number, b: number, lots: number, price = 1000): void {
    this.venue.open(a, 0, lots, lots * price);
    this.venue.open(b, 0, -lots, -lots * price);
  }

  /** Rows of a kind, and reports of a kind. */
  rowsOf(kind: number): number[][] {
    return this.rows.filter((row) => (row[0] & 255) === kind);
  }

  reportsOf(kind: number): number[][] {
    return this.reports.filter((report) => report[0] === kind);
  }

  /** Code of the last refusal, 0 if the last report was none. */
  refusal(): number {
    const last = this.reports[this.reports.length - 1];
    return last !== undefined && last[0] === ReportKind.rejected ? last[6] : 0;
  }
}

/** Reads what a venue said from the start. */
export function logReaderOf({ all }: VenueDesk): EventReader {
  const chunks: Uint8Array[] = [];
  const log = new EventLog((bytes) => chunks.push(bytes.slice()));
  for (const row of all) log.append(...(row as Parameters<EventLog['append']>));
  log.flush();
  return new EventReader(chunks[0]);
}
