/** The market at one instant of a film. */
import { columnOf, notionalQuote, replayChunkAt } from '../../sim/trace/index.js';
import type { InstrumentMetadata, Table } from '../../sim/trace/index.js';
import type { ChunkLoader } from './chunk-loader.js';
import { firstAtOrAfter, lastAtOrBefore } from './segments.js';
import type { MarketState } from './view-types.js';

/** What reads a film's state. */
export interface StateSource {
  loader: ChunkLoader;
  market: InstrumentMetadata;
  instrument: number;
  quantaPerUnit: number;
}

/** Reads the latest sample at a time, and the liquidations since; null for a film without samples. */
export function marketState(source: StateSource, timeMicros: number): MarketState | null {
  const { loader, instrument } = source;
  const chunk = loader.loaded(replayChunkAt(loader.head, timeMicros));
  const samples = chunk?.get(`samples/${instrument}`);
  if (!chunk || !samples || samples.rows === 0) {
    const overview = loader.head.tables.get(`overview/${instrument}`);
    if (!overview || overview.rows === 0) return null;
    return stateOfRow(source, overview, latestRow(overview, timeMicros), timeMicros);
  }
  const row = latestRow(samples, timeMicros);
  const state = stateOfRow(source, samples, row, timeMicros);
  state.exact = true;
  const events = chunk.get('liquidations');
  if (events) addLiquidations(state, events, instrument);
  const deleveragings = chunk.get('deleverages');
  if (deleveragings) state.deleveragings += countSince(deleveragings, state, instrument);
  return state;
}

/** A film's first sample holds until the next; before it nothing is known, so it is used too. */
function latestRow(table: Table, timeMicros: number): number {
  return Math.max(0, lastAtOrBefore(columnOf(table, 'timeMicros'), timeMicros));
}

function stateOfRow(
  source: StateSource,
  table: Table,
  row: number,
  timeMicros: number,
): MarketState {
  const value = (column: string) => columnOf(table, column)[row];
  const { market, quantaPerUnit } = source;
  const price = (column: string) => {
    const ticks = value(column);
    return ticks > 0 ? ticks * market.quotePerTick : NaN;
  };
  const markTicks = value('markTicks');
  const mark = price('markTicks');
  const index = price('indexTicks');
  return {
    timeMicros,
    sampleMicros: value('timeMicros'),
    exact: false,
    mark,
    index,
    last: price('lastTicks'),
    bid: price('bidTicks'),
    ask: price('askTicks'),
    basisBps: (mark / index - 1) * 10_000,
    fund: value('fundQuanta') / quantaPerUnit,
    badDebt: value('badDebtQuanta') / quantaPerUnit,
    openInterestQuote: notionalQuote(market, value('openInterestLots'), markTicks),
    trades: value('trades'),
    liveOrders: value('liveOrders'),
    liquidations: value('liquidations'),
    liquidatedQuote: value('liquidatedNotionalQuote'),
    deleveragings: value('deleverages'),
    fundingRate: value('fundingRate'),
    bidDepthQuote: notionalQuote(market, value('bidDepthLots'), markTicks),
    askDepthQuote: notionalQuote(market, value('askDepthLots'), markTicks),
    halted: value('halted') > 0,
  };
}

/** Liquidations after the sample, up to the time itself; one of several steps keeps its id. */
function addLiquidations(state: MarketState, events: Table, instrument: number): void {
  const times = columnOf(events, 'timeMicros');
  const instruments = columnOf(events, 'instrument');
  const notionals = columnOf(events, 'notionalQuote');
  const ids = columnOf(events, 'id');
  const end = firstAtOrAfter(times, state.timeMicros + 1);
  for (let row = firstAtOrAfter(times, state.sampleMicros + 1); row < end; row += 1) {
    if (instruments[row] !== instrument) continue;
    state.liquidations = Math.max(state.liquidations, ids[row]);
    state.liquidatedQuote += notionals[row];
  }
}

function countSince(events: Table, state: MarketState, instrument: number): number {
  const times = columnOf(events, 'timeMicros');
  const instruments = columnOf(events, 'instrument');
  const end = firstAtOrAfter(times, state.timeMicros + 1);
  let count = 0;
  for (let row = firstAtOrAfter(times, state.sampleMicros + 1); row < end; row += 1) {
    if (instruments[row] === instrument) count += 1;
  }
  return count;
}
