/** Rows that sample the state of the markets and of the cohorts at fixed intervals. */
import { EventKind } from './event-kind.js';
import type { EventLog } from './event-log.js';

/** State of one instrument at a sampling time; reuse one object for all samples. */
export interface SeriesSample {
  markTicks: number;
  indexTicks: number;
  lastTicks: number;
  /** 0 when that side is empty. */
  bidTicks: number;
  askTicks: number;
  /** Insurance fund's balance. */
  fundQuanta: number;
  openInterestLots: number;
  /** Cumulative since the start. */
  volumeLots: number;
  liquidations: number;
  liquidatedNotionalQuote: number;
  /** Orders resting now. */
  liveOrders: number;
  /** 1 while the venue is halted. */
  halted: number;
  /** Resting within 1 % of the mark. */
  bidDepthLots: number;
  askDepthLots: number;
  /** Rate of the next funding settlement. */
  fundingRate: number;
  /** Signed position the liquidation desk has taken over and not yet sold. */
  deskLots: number;
}

/** Returns a sample with every field 0. */
export function emptySeriesSample(): SeriesSample {
  return {
    markTicks: 0,
    indexTicks: 0,
    lastTicks: 0,
    bidTicks: 0,
    askTicks: 0,
    fundQuanta: 0,
    openInterestLots: 0,
    volumeLots: 0,
    liquidations: 0,
    liquidatedNotionalQuote: 0,
    liveOrders: 0,
    halted: 0,
    bidDepthLots: 0,
    askDepthLots: 0,
    fundingRate: 0,
    deskLots: 0,
  };
}

/** Appends the two rows that hold a sample of `instrument`. */
export function appendSeries(
  log: EventLog,
  time: number,
  instrument: number,
  s: SeriesSample,
): void {
  log.append(
    EventKind.series,
    time,
    instrument,
    s.bidTicks,
    s.markTicks,
    s.lastTicks,
    s.indexTicks,
    s.fundQuanta,
    s.openInterestLots,
    s.liquidatedNotionalQuote,
    s.volumeLots,
  );
  log.append(
    EventKind.seriesMore,
    time,
    instrument,
    s.halted,
    s.askTicks,
    s.liveOrders,
    s.liquidations,
    s.bidDepthLots,
    s.askDepthLots,
    s.fundingRate,
    s.deskLots,
  );
}

/** Appends a cohort's row: signed net position, and its liquidations since the start. */
export function appendCohort(
  log: EventLog,
  time: number,
  instrument: number,
  cohort: number,
  netLots: number,
  liquidations: number,
  liquidatedNotionalQuote: number,
): void {
  log.append(
    EventKind.cohort,
    time,
    cohort,
    instrument,
    0,
    0,
    0,
    netLots,
    liquidations,
    0,
    liquidatedNotionalQuote,
  );
}
