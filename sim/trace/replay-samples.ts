/** The sampled state of one instrument as columns: what a replay's `samples` tables hold. */
import type { EventReader } from './event-reader.js';
import { GrowingColumn } from './growing-column.js';
import { type ColumnValues, type Table, tableOf } from './table-block.js';

/** Columns of a `samples/<instrument>` table, with their kind in the file. */
const sampleColumns = {
  timeMicros: 'f64',
  markTicks: 'i32',
  markTicksMin: 'i32',
  markTicksMax: 'i32',
  indexTicks: 'i32',
  indexTicksMin: 'i32',
  indexTicksMax: 'i32',
  lastTicks: 'i32',
  lastTicksMin: 'i32',
  lastTicksMax: 'i32',
  bidTicks: 'i32',
  askTicks: 'i32',
  fundQuanta: 'f64',
  badDebtQuanta: 'f64',
  openInterestLots: 'f64',
  volumeLots: 'f64',
  trades: 'f64',
  liquidations: 'i32',
  liquidatedNotionalQuote: 'f64',
  deleverages: 'i32',
  deleveragedNotionalQuote: 'f64',
  liveOrders: 'i32',
  halted: 'u8',
  bidDepthLots: 'f64',
  askDepthLots: 'f64',
  fundingRate: 'f64',
  deskLots: 'f64',
} as const;
export type SampleColumn = keyof typeof sampleColumns;

/** Highest and lowest of a price since the last sample. */
class Range {
  min = 0;
  max = 0;

  /** Price 0 means none yet. */
  widen(priceTicks: number): void {
    if (priceTicks <= 0) return;
    if (this.min === 0 || priceTicks < this.min) this.min = priceTicks;
    if (priceTicks > this.max) this.max = priceTicks;
  }

  /** Starts the next interval at its opening price. */
  restart(priceTicks: number): void {
    this.min = Math.max(priceTicks, 0);
    this.max = this.min;
  }
}

/** Collects the samples of one instrument as its rows are read. */
export class SampleCollector {
  readonly #columns = new Map<string, GrowingColumn>();
  readonly #cohorts: number;
  readonly mark = new Range();
  readonly index = new Range();
  readonly last = new Range();
  /** Cumulative, kept from the events themselves. */
  trades = 0;
  deleverages = 0;
  deleveragedNotionalQuote = 0;
  badDebtQuanta = 0;

  constructor(cohorts: number) {
    this.#cohorts = cohorts;
    for (const name of Object.keys(sampleColumns)) this.#columns.set(name, new GrowingColumn());
    for (let i = 0; i < cohorts; i += 1) {
      for (const name of cohortColumns(i)) this.#columns.set(name, new GrowingColumn());
    }
  }

  get rows(): number {
    return this.column('timeMicros').length;
  }

  column(name: SampleColumn | string): GrowingColumn {
    return this.#columns.get(name) as GrowingColumn;
  }

  /** Takes a `series` row: a new sample. */
  addSeries(r: EventReader): void {
    this.mark.widen(r.priceTicks);
    this.index.widen(r.cause);
    this.last.widen(r.sizeLots);
    this.#push('timeMicros', r.time);
    this.#pushRange('markTicks', r.priceTicks, this.mark);
    this.#pushRange('indexTicks', r.cause, this.index);
    this.#pushRange('lastTicks', r.sizeLots, this.last);
    this.#push('bidTicks', r.other);
    this.#push('fundQuanta', r.value);
    this.#push('badDebtQuanta', this.badDebtQuanta);
    this.#push('openInterestLots', r.feeA);
    this.#push('volumeLots', r.extra);
    this.#push('trades', this.trades);
    this.#push('liquidatedNotionalQuote', r.feeB);
    this.#push('deleverages', this.deleverages);
    this.#push('deleveragedNotionalQuote', this.deleveragedNotionalQuote);
    for (const name of moreColumns) this.#push(name, 0);
    for (let i = 0; i < this.#cohorts; i += 1) {
      for (const name of cohortColumns(i)) this.#push(name, 0);
    }
  }

  /** Takes the `seriesMore` row of the last sample. */
  addSeriesMore(r: EventReader): void {
    const row = this.rows - 1;
    if (row < 0) return;
    this.column('askTicks').set(row, r.priceTicks);
    this.column('liquidations').set(row, r.cause);
    this.column('liveOrders').set(row, r.sizeLots);
    this.column('halted').set(row, r.other);
    this.column('bidDepthLots').set(row, r.value);
    this.column('askDepthLots').set(row, r.feeA);
    this.column('fundingRate').set(row, r.feeB);
    this.column('deskLots').set(row, r.extra);
  }

  /** Takes a `cohort` row of the last sample. */
  addCohort(r: EventReader): void {
    const row = this.rows - 1;
    if (row < 0 || r.account < 0 || r.account >= this.#cohorts) return;
    const [net, liquidations, notional] = cohortColumns(r.account);
    this.column(net).set(row, r.value);
    this.column(liquidations).set(row, r.feeA);
    this.column(notional).set(row, r.extra);
  }

  /** Returns samples [from, to) as a table. */
  table(name: string, from: number, to: number): Table {
    const columns: [string, ColumnValues][] = [];
    for (const [column, values] of this.#columns) {
      columns.push([column, narrow(column, values.slice(from, to))]);
    }
    return tableOf(name, to - from, columns);
  }

  /** Returns one row per bucket of samples: extremes of the prices, the last of the rest. */
  overview(name: string, samplesPerBucket: number): Table {
    const buckets = Math.ceil(this.rows / samplesPerBucket);
    const columns: [string, ColumnValues][] = [];
    for (const [column, values] of this.#columns) {
      const reduced = new Float64Array(buckets);
      for (let bucket = 0; bucket < buckets; bucket += 1) {
        const from = bucket * samplesPerBucket;
        const to = Math.min(from + samplesPerBucket, this.rows);
        reduced[bucket] = reduce(column, values.slice(from, to));
      }
      columns.push([column, coarsen(column, narrow(column, reduced))]);
    }
    columns.push(['fromMicros', this.#bucketStarts(buckets, samplesPerBucket)]);
    return tableOf(name, buckets, columns);
  }

  /** A bucket starts where the one before it ends; the first at the first sample. */
  #bucketStarts(buckets: number, samplesPerBucket: number): Float64Array {
    const times = this.column('timeMicros');
    const starts = new Float64Array(buckets);
    for (let bucket = 0; bucket < buckets; bucket += 1) {
      starts[bucket] = times.at(Math.max(0, bucket * samplesPerBucket - 1));
    }
    return starts;
  }

  #push(name: string, value: number): void {
    this.column(name).push(value);
  }

  #pushRange(name: string, priceTicks: number, range: Range): void {
    this.#push(name, priceTicks);
    this.#push(`${name}Min`, range.min);
    this.#push(`${name}Max`, range.max);
    range.restart(priceTicks);
  }
}

/** Columns of a cohort in a samples table: net position, liquidations and their notional so far. */
export function cohortColumns(cohort: number): [string, string, string] {
  const prefix = `cohort/${cohort}/`;
  return [`${prefix}netLots`, `${prefix}liquidations`, `${prefix}liquidatedNotionalQuote`];
}

/** Columns that a sample's second row fills. */
const moreColumns = [
  'askTicks',
  'liquidations',
  'liveOrders',
  'halted',
  'bidDepthLots',
  'askDepthLots',
  'fundingRate',
  'deskLots',
] as const;

function narrow(column: string, values: Float64Array): ColumnValues {
  const kind = sampleColumns[column as SampleColumn] ?? 'f64';
  if (kind === 'i32') return new Int32Array(values);
  return kind === 'u8' ? new Uint8Array(values) : new Float64Array(values);
}

/** Times and money stay exact in an overview; counts and sizes are drawn, seven digits do. */
function coarsen(column: string, values: ColumnValues): ColumnValues {
  const exact = column.endsWith('Micros') || column.endsWith('Quanta');
  return values instanceof Float64Array && !exact ? new Float32Array(values) : values;
}

function reduce(column: string, values: Float64Array): number {
  if (column.endsWith('TicksMin')) {
    let min = 0;
    for (const value of values) if (value > 0 && (min === 0 || value < min)) min = value;
    return min;
  }
  if (column.endsWith('TicksMax') || column === 'halted') {
    let max = 0;
    for (const value of values) if (value > max) max = value;
    return max;
  }
  return values[values.length - 1];
}
