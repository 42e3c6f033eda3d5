/** What the liquidator needs of its venue. */
import type { Ledger } from '../account/index.js';
import type { BookRefill } from './book-refill.js';
import type { Causality } from './causality.js';
import type { Instrument } from './instrument.js';
import type { LiquidationIndex } from './liquidation-index.js';
import type { OrderMatcher } from './order-matcher.js';
import type { ReportSink } from './report.js';

/** The side of a venue that its liquidator works with; documented at the venue. */
export interface LiquidationHost extends OrderMatcher {
  readonly ledger: Ledger;
  readonly instruments: readonly Instrument[];
  readonly breaches: LiquidationIndex;
  readonly reports: ReportSink;
  readonly isolated: Uint8Array;
  readonly cohortOf: Uint16Array;
  readonly cohorts: number;
  readonly deskAccount: number;
  readonly causality: Causality | null;
  readonly refill: BookRefill | null;
  readonly nowMicros: number;
  equityOf(account: number): number;
  row(
    kind: number,
    instrument: number,
    account: number,
    other: number,
    priceTicks: number,
    sizeLots: number,
    cause: number,
    value: number,
    feeA: number,
    feeB: number,
    extra: number,
  ): void;
  execute(
    account: number,
    one: Instrument,
    tag: number,
    side: number,
    market: boolean,
    priceTicks: number,
    sizeLots: number,
    timeInForce: number,
    flags: number,
    cause: number,
  ): number;
  walk(one: Instrument, taker: number, side: number, cause: number): void;
  cancelOrders(account: number, instrument: number, reduceOnlyOnly: boolean): number;
  exposure(account: number, instrument: number, sizeLots: number): void;
  settleMargin(account: number, instrument: number): void;
  noteFlat(account: number, instrument: number): void;
  flushFlat(): void;
  commit(instrument: number): void;
}
