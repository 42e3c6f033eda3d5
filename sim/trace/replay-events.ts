/** The single events a replay shows: liquidations with their fills, deleveragings, markers. */
import type { EventReader } from './event-reader.js';
import { GrowingColumn } from './growing-column.js';
import { CauseCollector, causeColumns } from './replay-causes.js';
import { type RunMetadata, cohortOfAccount } from './run-metadata.js';
import { type ColumnValues, type Table, tableOf } from './table-block.js';

/** Columns of a `liquidations` table. */
const liquidationColumns = {
  timeMicros: 'f64',
  id: 'i32',
  account: 'i32',
  cohort: 'i32',
  instrument: 'i32',
  /** 1 step down, 2 takeover, 3 whole at market. */
  stage: 'i32',
  /** Signed position part: + a long that is sold. */
  sizeLots: 'f64',
  markTicks: 'i32',
  notionalQuote: 'f64',
  equityQuanta: 'f64',
  maintenanceMarginQuanta: 'f64',
  bankruptcyTicks: 'f64',
  /** Lots its own orders traded as aggressor, and their mean price (0 when none did). */
  filledLots: 'f64',
  fillTicks: 'f64',
  ...causeColumns,
} as const;

/** Columns of a `deleverages` table. */
const deleverageColumns = {
  timeMicros: 'f64',
  account: 'i32',
  cohort: 'i32',
  instrument: 'i32',
  cause: 'i32',
  sizeLots: 'f64',
  priceTicks: 'i32',
  realisedQuanta: 'f64',
  notionalQuote: 'f64',
  ...causeColumns,
} as const;

/** Columns of a `markers` table: halts, resumes, faults, bad debt, funding settlements. */
const markerColumns = {
  timeMicros: 'f64',
  /** An EventKind. */
  kind: 'i32',
  account: 'i32',
  other: 'i32',
  instrument: 'i32',
  value: 'f64',
  extra: 'f64',
} as const;

type Kind = 'i32' | 'f64' | 'f32' | 'u8';
type Kinds = Readonly<Record<string, Kind>>;

/** Rows of one kind of event, ascending in time. */
export class EventColumns {
  readonly #kinds: Kinds;
  readonly #columns: GrowingColumn[];
  readonly #names: string[];

  constructor(kinds: Kinds) {
    this.#kinds = kinds;
    this.#names = Object.keys(kinds);
    this.#columns = this.#names.map(() => new GrowingColumn());
  }

  get rows(): number {
    return this.#columns[0].length;
  }

  /** Appends a row: values in the order of the columns. */
  push(values: readonly number[]): void {
    for (let i = 0; i < this.#columns.length; i += 1) this.#columns[i].push(values[i]);
  }

  column(name: string): GrowingColumn {
    return this.#columns[this.#names.indexOf(name)];
  }

  /** Returns the first row at or after `timeMicros`, the number of rows when there is none. */
  firstAt(timeMicros: number): number {
    const times = this.#columns[0];
    let low = 0;
    let high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times.at(middle) < timeMicros) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Returns rows [from, to) as a table. */
  table(name: string, from: number, to: number): Table {
    const columns = this.#names.map((column, i): [string, ColumnValues] => {
      const values = this.#columns[i].slice(from, to);
      return [column, valuesOf(this.#kinds[column], values)];
    });
    return tableOf(name, to - from, columns);
  }
}

function valuesOf(kind: Kind, values: Float64Array): ColumnValues {
  if (kind === 'i32') return new Int32Array(values);
  if (kind === 'f32') return new Float32Array(values);
  return kind === 'u8' ? new Uint8Array(values) : values;
}

/** Collects events as their rows are read. */
export class EventCollector {
  readonly causes = new CauseCollector();
  readonly liquidations = new EventColumns(liquidationColumns);
  readonly deleverages = new EventColumns(deleverageColumns);
  readonly markers = new EventColumns(markerColumns);
  readonly #metadata: RunMetadata;
  /** Row of the latest liquidation with an id. */
  readonly #rowOfId = new Map<number, number>();

  constructor(metadata: RunMetadata) {
    this.#metadata = metadata;
  }

  addLiquidation(r: EventReader): void {
    const row = this.liquidations.rows;
    this.#rowOfId.set(r.cause, row);
    this.liquidations.push([
      r.time,
      r.cause,
      r.account,
      cohortOfAccount(this.#metadata, r.account),
      r.instrument,
      r.other,
      r.sizeLots,
      r.priceTicks,
      r.extra,
      r.value,
      r.feeA,
      r.feeB,
      0,
      0,
      ...this.causes.columns(r, row, r.sizeLots < 0 ? -r.extra : r.extra),
    ]);
  }

  /** Takes a trade whose aggressor is a liquidation's order. */
  addLiquidationFill(r: EventReader): void {
    const row = this.#rowOfId.get(r.cause);
    if (row === undefined) return;
    const filled = this.liquidations.column('filledLots');
    const price = this.liquidations.column('fillTicks');
    const before = filled.at(row);
    const lots = Math.abs(r.sizeLots);
    const after = before + lots;
    filled.set(row, after);
    if (after > 0) price.set(row, (price.at(row) * before + r.priceTicks * lots) / after);
  }

  addDeleverage(r: EventReader): void {
    this.deleverages.push([
      r.time,
      r.account,
      cohortOfAccount(this.#metadata, r.account),
      r.instrument,
      r.cause,
      r.sizeLots,
      r.priceTicks,
      r.feeA,
      r.extra,
      // A winner that held a long is sold: its size falls.
      ...this.causes.columns(r, this.deleverages.rows, r.sizeLots > 0 ? -r.extra : r.extra),
    ]);
  }

  addMarker(r: EventReader): void {
    this.markers.push([r.time, r.kind, r.account, r.other, r.instrument, r.value, r.extra]);
  }
}
