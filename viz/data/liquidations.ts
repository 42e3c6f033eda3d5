/** Liquidations of a film: single ones, discs per cell of pixels, and bars per stretch of time. */
import { LiquidationStage, columnOf } from '../../sim/trace/index.js';
import type { ColumnValues, Table } from '../../sim/trace/index.js';
import { GENERATION_STEPS, causeOfRow, generationStep } from './causes.js';
import type { ChunkTables } from './chunk-cache.js';
import type { ChunkLoader } from './chunk-loader.js';
import type { FilmInfo } from './film-info.js';
import { chunkSpan, chunkTimes, firstAtOrAfter } from './segments.js';
import type { Bubble, Liquidation, NotionalBars, TimeView } from './view-types.js';

/** Where prices lie on the screen. */
export interface PriceView {
  priceTop: number;
  priceBottom: number;
  yTop: number;
  yBottom: number;
}

/** What reads a film's liquidations. */
export interface LiquidationSource {
  loader: ChunkLoader;
  info: FilmInfo;
  instrument: number;
}

/** Pixels of a cell whose liquidations share a disc. */
const CELL_PIXELS = 6;

/** Durations a bar may have, in seconds. */
const BAR_SECONDS = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400];

/** Reads row `row` of a chunk's liquidations. */
export function liquidationAt(
  source: LiquidationSource,
  tables: ChunkTables,
  row: number,
  ordinal: number,
): Liquidation {
  const table = tables.get('liquidations') as Table;
  const value = (column: string) => columnOf(table, column)[row];
  const { info } = source;
  const cohort = value('cohort');
  return {
    ordinal,
    id: value('id'),
    timeMicros: value('timeMicros'),
    account: value('account'),
    cohort: info.cohorts[cohort] ?? (cohort < 0 ? 'outside' : `cohort ${cohort}`),
    side: value('sizeLots') >= 0 ? 'long' : 'short',
    price: priceTicks(table, row) * info.quotePerTick,
    filled: value('filledLots') > 0,
    markAtBreach: value('markTicks') * info.quotePerTick,
    bankruptcyPrice: value('bankruptcyTicks') * info.quotePerTick,
    sizeLots: value('sizeLots'),
    notionalQuote: value('notionalQuote'),
    equity: value('equityQuanta') / info.quantaPerUnit,
    maintenanceMargin: value('maintenanceMarginQuanta') / info.quantaPerUnit,
    stage: stageWords(value('stage')),
    cause: causeOfRow(tables, row, {
      metadata: source.loader.head.header.metadata,
      quotePerTick: info.quotePerTick,
    }),
  };
}

/** Merges the liquidations of a view into discs; chunks not loaded give one disc per bucket. */
export function bubblesOf(source: LiquidationSource, view: TimeView, prices: PriceView): Bubble[] {
  const merger = new BubbleMerger(view, prices);
  const { loader, instrument, info } = source;
  const [first, last] = chunkSpan(loader, view.fromMicros, view.toMicros);
  for (let chunk = first; chunk <= last; chunk += 1) {
    const table = loader.loaded(chunk)?.get('liquidations');
    if (!table) {
      eachBucket(source, chunk, (bucket) => merger.add({ ...bucket, ordinal: -1, id: -1, generation: 0 }));
      continue;
    }
    const times = columnOf(table, 'timeMicros');
    const instruments = columnOf(table, 'instrument');
    const notionals = columnOf(table, 'notionalQuote');
    const sizes = columnOf(table, 'sizeLots');
    const ids = columnOf(table, 'id');
    const generations = columnOf(table, 'generation');
    const before = liquidationsBefore(loader, chunk);
    const end = firstAtOrAfter(times, view.toMicros + 1);
    for (let row = firstAtOrAfter(times, view.fromMicros); row < end; row += 1) {
      if (instruments[row] !== instrument) continue;
      merger.add({
        timeMicros: times[row],
        price: priceTicks(table, row) * info.quotePerTick,
        notionalQuote: notionals[row],
        count: 1,
        long: sizes[row] >= 0,
        ordinal: before + row,
        id: ids[row],
        generation: generations[row],
      });
    }
  }
  return merger.finish();
}

/** Sums liquidated notional over round stretches of time, about one per five pixels. */
export function notionalBars(source: LiquidationSource, view: TimeView): NotionalBars {
  const least = ((view.toMicros - view.fromMicros) / view.pixels) * 5;
  const seconds = BAR_SECONDS.find((candidate) => candidate * 1e6 >= least);
  const barMicros = (seconds ?? Math.ceil(least / 14_400e6) * 14_400) * 1e6;
  const fromMicros = Math.floor(view.fromMicros / barMicros) * barMicros;
  const count = Math.floor((view.toMicros - fromMicros) / barMicros) + 1;
  const bars: NotionalBars = {
    barMicros,
    fromMicros,
    count,
    longsQuote: new Float64Array(count),
    shortsQuote: new Float64Array(count),
    longsByGeneration: stepColumns(count),
    shortsByGeneration: stepColumns(count),
    unsplitQuote: new Float64Array(count),
  };
  const { loader, instrument } = source;
  const untilMicros = fromMicros + count * barMicros;
  const [first, last] = chunkSpan(loader, fromMicros, untilMicros);
  for (let chunk = first; chunk <= last; chunk += 1) {
    const table = loader.loaded(chunk)?.get('liquidations');
    if (table) addRows(bars, table, instrument, untilMicros);
    else {
      eachBucket(source, chunk, (bucket) => {
        addTo(bars.unsplitQuote, bars, bucket.timeMicros, bucket.notionalQuote);
      });
    }
  }
  return bars;
}

/** Liquidations before a chunk's first. */
export function liquidationsBefore(loader: ChunkLoader, chunk: number): number {
  return columnOf(loader.head.tables.get('chunks') as Table, 'liquidationsBefore')[chunk];
}

/** Liquidations in a chunk. */
export function liquidationsIn(loader: ChunkLoader, chunk: number): number {
  return columnOf(loader.head.tables.get('chunks') as Table, 'liquidations')[chunk];
}

function addRows(bars: NotionalBars, table: Table, instrument: number, untilMicros: number): void {
  const times = columnOf(table, 'timeMicros');
  const instruments = columnOf(table, 'instrument');
  const notionals = columnOf(table, 'notionalQuote');
  const sizes = columnOf(table, 'sizeLots');
  const generations = columnOf(table, 'generation');
  const end = firstAtOrAfter(times, untilMicros);
  for (let row = firstAtOrAfter(times, bars.fromMicros); row < end; row += 1) {
    if (instruments[row] !== instrument) continue;
    const isLong = sizes[row] >= 0;
    const step = generationStep(generations[row]);
    addTo(isLong ? bars.longsQuote : bars.shortsQuote, bars, times[row], notionals[row]);
    const byStep = isLong ? bars.longsByGeneration : bars.shortsByGeneration;
    addTo(byStep[step], bars, times[row], notionals[row]);
  }
}

function stepColumns(count: number): Float64Array[] {
  return Array.from({ length: GENERATION_STEPS }, () => new Float64Array(count));
}

function addTo(column: Float64Array, bars: NotionalBars, timeMicros: number, quote: number): void {
  const bar = Math.floor((timeMicros - bars.fromMicros) / bars.barMicros);
  if (bar >= 0 && bar < bars.count) column[bar] += quote;
}

/** What one bucket of the overview says. */
interface BucketSum {
  timeMicros: number;
  price: number;
  notionalQuote: number;
  count: number;
  /** Undefined: the sides are not known. */
  long: undefined;
}

/** Visits the buckets of a chunk in which something was liquidated, at their middle. */
function eachBucket(
  source: LiquidationSource,
  chunk: number,
  visit: (bucket: BucketSum) => void,
): void {
  const overview = source.loader.head.tables.get(`overview/${source.instrument}`);
  if (!overview || liquidationsIn(source.loader, chunk) === 0) return;
  const [start, stop] = chunkTimes(source.loader, chunk);
  const times = columnOf(overview, 'timeMicros');
  const starts = columnOf(overview, 'fromMicros');
  const counts = columnOf(overview, 'liquidations');
  const notionals = columnOf(overview, 'liquidatedNotionalQuote');
  const marks = columnOf(overview, 'markTicks');
  for (let row = firstAtOrAfter(times, start); row < overview.rows && times[row] < stop; row += 1) {
    const count = counts[row] - (row > 0 ? counts[row - 1] : 0);
    if (count <= 0) continue;
    visit({
      timeMicros: (starts[row] + times[row]) / 2,
      price: marks[row] * source.info.quotePerTick,
      notionalQuote: notionals[row] - (row > 0 ? notionals[row - 1] : 0),
      count,
      long: undefined,
    });
  }
}

/** One or several liquidations to be put into a disc. */
interface BubbleInput {
  timeMicros: number;
  price: number;
  notionalQuote: number;
  count: number;
  long: boolean | undefined;
  ordinal: number;
  /** Steps of one liquidation share it and count once; -1 for a bucket. */
  id: number;
  generation: number;
}

/** Merges per cell; a disc stands at the notional-weighted mean of what it holds. */
class BubbleMerger {
  private readonly view: TimeView;
  private readonly prices: PriceView;
  private readonly cells = new Map<number, Bubble & { largest: number; lastId: number }>();

  constructor(view: TimeView, prices: PriceView) {
    this.view = view;
    this.prices = prices;
  }

  add(input: BubbleInput): void {
    const { view, prices } = this;
    const x =
      ((input.timeMicros - view.fromMicros) / (view.toMicros - view.fromMicros)) * view.pixels;
    const share = (input.price - prices.priceBottom) / (prices.priceTop - prices.priceBottom);
    const y = prices.yBottom + share * (prices.yTop - prices.yBottom);
    const key = Math.floor(x / CELL_PIXELS) * 65_536 + Math.floor(y / CELL_PIXELS) + 32_768;
    const cell = this.cells.get(key);
    if (!cell) {
      this.cells.set(key, {
        x,
        y,
        notionalQuote: input.notionalQuote,
        count: input.count,
        longsQuote: input.long === true ? input.notionalQuote : 0,
        shortsQuote: input.long === false ? input.notionalQuote : 0,
        ordinal: input.ordinal,
        generation: input.generation,
        isMixed: false,
        timeMicros: input.timeMicros,
        price: input.price,
        largest: input.notionalQuote,
        lastId: input.id,
      });
      return;
    }
    const sum = cell.notionalQuote + input.notionalQuote;
    const weight = sum > 0 ? input.notionalQuote / sum : 0;
    cell.x += (x - cell.x) * weight;
    cell.y += (y - cell.y) * weight;
    cell.price += (input.price - cell.price) * weight;
    cell.notionalQuote = sum;
    if (input.id < 0 || input.id !== cell.lastId) cell.count += input.count;
    cell.lastId = input.id;
    if (input.long === true) cell.longsQuote += input.notionalQuote;
    if (input.long === false) cell.shortsQuote += input.notionalQuote;
    if (generationStep(input.generation) !== generationStep(cell.generation)) cell.isMixed = true;
    if (input.notionalQuote <= cell.largest) return;
    cell.largest = input.notionalQuote;
    cell.generation = input.generation;
    cell.ordinal = input.ordinal;
    cell.timeMicros = input.timeMicros;
  }

  finish(): Bubble[] {
    return [...this.cells.values()];
  }
}

/** Mean fill of the liquidation's own orders, else the mark at the breach. */
function priceTicks(table: Table, row: number): number {
  const fill = columnOf(table, 'fillTicks') as ColumnValues;
  return fill[row] > 0 ? fill[row] : columnOf(table, 'markTicks')[row];
}

function stageWords(stage: number): Liquidation['stage'] {
  if (stage === LiquidationStage.takeover) return 'taken over';
  return stage === LiquidationStage.stepDown ? 'reduced' : 'closed at market';
}
