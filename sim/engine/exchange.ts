/** What lies between the two sides of a world between two windows, as numbers in canonical order. */
import type { Calendar } from '../kernel/index.js';
import type { CrowdBoard } from './crowd-board.js';
import type { Population } from './layout.js';
import { AlertField, IntentField, ReportField } from './layout.js';
import type { MapBoard } from './map-board.js';
import type { Market, PriceTrack } from './market.js';
import type { MarketBoard } from './market-board.js';
import type { Shard } from './shard.js';

/** The parts of a world that exchange something. */
export interface ExchangeSides {
  readonly market: Market;
  readonly board: MarketBoard;
  readonly crowd: CrowdBoard | null;
  readonly maps: MapBoard | null;
  readonly shards: readonly Shard[];
  readonly population: Population;
  nextWindow: number;
  windows: number;
}

/** Gives numbers back in the order they were written. */
export interface NumberSource {
  float(): number;
  into(values: Float64Array | Int32Array): void;
}

/** Which calendar of a shard, the field that names the agent, and how many fields travel. */
const calendars: readonly {
  of: (shard: Shard) => Calendar;
  agentField: number;
}[] = [
  { of: (shard) => shard.reports, agentField: ReportField.agent },
  { of: (shard) => shard.intents, agentField: IntentField.agent },
  { of: (shard) => shard.alerts, agentField: AlertField.agent },
];

/** Takes numbers in order: a snapshot, or a hash. */
export interface NumberSink {
  float(x: number): void;
}

/**
 * Writes what lies between the two sides: schedules, price tracks, published snapshots, and all mail,
 * orders and alerts under way, in canonical order.
 */
export function writeExchange(sides: ExchangeSides, sink: NumberSink): void {
  const { market, board, crowd, maps, shards, nextWindow, windows } = sides;
  for (const shard of shards) shard.release(nextWindow - 1);
  floats(sink, [nextWindow, windows]);
  const cursors = market.cursors();
  sink.float(cursors.length);
  floats(sink, cursors);
  for (const track of [...market.lastPrice, ...market.indexPrice]) writeTrack(sink, track);
  floats(sink, [market.discountMinFraction, market.fundMinQuote, market.openInterestStartLots]);
  sink.float(board.published);
  floats(sink, board.values);
  if (crowd !== null) floats(sink, crowd.values);
  if (maps !== null) {
    sink.float(maps.drawn);
    floats(sink, maps.values);
  }
  for (const calendar of calendars) {
    writeCalendar(sink, shards.map(calendar.of), calendar.agentField, nextWindow);
  }
}

/** Reads back what `writeExchange` wrote. */
export function readExchange(sides: ExchangeSides, source: NumberSource): void {
  const { market, board, crowd, maps, population, shards } = sides;
  sides.nextWindow = source.float();
  sides.windows = source.float();
  const cursors = new Float64Array(source.float());
  source.into(cursors);
  market.seek([...cursors]);
  for (const track of [...market.lastPrice, ...market.indexPrice]) readTrack(source, track);
  market.discountMinFraction = source.float();
  market.fundMinQuote = source.float();
  market.openInterestStartLots = source.float();
  board.resume(source.float());
  source.into(board.values);
  if (crowd !== null) source.into(crowd.values);
  if (maps !== null) {
    maps.resume(source.float());
    source.into(maps.values);
  }
  for (const shard of shards) shard.release(sides.nextWindow - 1);
  for (const calendar of calendars) {
    const of = (agent: number): Calendar => calendar.of(shards[population.shardOf[agent]]);
    readCalendar(source, of, calendar.agentField);
  }
}

/** Writes numbers in order. */
export function floats(sink: NumberSink, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) sink.float(values[i]);
}

function writeTrack(sink: NumberSink, track: PriceTrack): void {
  floats(sink, [track.start, track.low, track.high, track.end, track.maxDrawdownFraction]);
}

function readTrack(source: NumberSource, track: PriceTrack): void {
  track.start = source.float();
  track.low = source.float();
  track.high = source.float();
  track.end = source.float();
  track.maxDrawdownFraction = source.float();
}

function writeCalendar(
  sink: NumberSink,
  shards: readonly Calendar[],
  agentField: number,
  nextWindow: number,
): void {
  const { fields, horizonWindows } = shards[0];
  const found: { window: number; agent: number; entry: number; values: Float64Array }[] = [];
  for (const calendar of shards) {
    for (let window = nextWindow; window < nextWindow + horizonWindows; window++) {
      for (let r = calendar.first(window); r >= 0; r = calendar.next(r)) {
        const values = calendar.records.slice(r, r + fields);
        found.push({ window, agent: values[agentField], entry: found.length, values });
      }
    }
  }
  found.sort((a, b) => a.window - b.window || a.agent - b.agent || a.entry - b.entry);
  sink.float(found.length);
  for (const { window, values } of found) {
    sink.float(window);
    floats(sink, values);
  }
}

function readCalendar(
  source: NumberSource,
  calendarOf: (agent: number) => Calendar,
  agentField: number,
): void {
  const count = source.float();
  for (let n = 0; n < count; n++) {
    const window = source.float();
    const values = new Float64Array(calendarOf(0).fields);
    source.into(values);
    const calendar = calendarOf(values[agentField]);
    calendar.records.set(values, calendar.push(window));
  }
}
