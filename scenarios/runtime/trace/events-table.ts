/** `events.parquet`: one row per event, without the sampled series. */
import { EventKind, type EventReader, eventKindNames } from '../../../sim/trace/index.js';
import { type ParquetColumn, ParquetFile } from './parquet-file.js';

const int32 = (name: string, doc: string): ParquetColumn => ({ name, kind: 'int32', doc });
const int64 = (name: string, doc: string): ParquetColumn => ({ name, kind: 'int64', doc });
const double = (name: string, doc: string): ParquetColumn => ({ name, kind: 'double', doc });

const columns: readonly ParquetColumn[] = [
  { ...int64('time_us', 'simulated time, microseconds'), ordered: true },
  { name: 'kind', kind: 'string', doc: 'what happened; the other columns depend on it' },
  int32('instrument', 'number of the instrument, 0 for the first'),
  int32('account', 'taker, payer, liquidated account; -1 when none'),
  int32('other', 'maker, desk, or the stage of a liquidation'),
  int32('price_ticks', 'price of the trade, mark, index, or the mark at a breach'),
  int32('size_lots', 'signed: + the account buys; a liquidation: the position part'),
  int32('cause', 'id of the liquidation behind it, 0 when voluntary'),
  int64('value', 'quanta: value posted, paid, moved; equity at a breach'),
  int64('fee_a', 'quanta: taker fee; maintenance margin; wallet moved; cost'),
  double('fee_b', 'quanta: maker fee; a liquidation: bankruptcy price in ticks'),
  double('extra', 'trade number, rate, balance after, or notional in quote units'),
];

/** Writes events as their rows are read. */
export class EventsTable {
  readonly file: ParquetFile;

  constructor(path: string, metadata: Record<string, string>) {
    this.file = new ParquetFile(path, columns, metadata);
  }

  /** Takes all rows from where the reader stands. */
  add(r: EventReader): void {
    const { file } = this;
    while (r.next()) {
      const kind = r.kind;
      if (kind === EventKind.series || kind === EventKind.seriesMore || kind === EventKind.cohort) {
        continue;
      }
      file.set(0, r.time);
      file.setText(1, eventKindNames[kind] ?? `kind${kind}`);
      file.set(2, r.instrument);
      file.set(3, r.account);
      file.set(4, r.other);
      file.set(5, r.priceTicks);
      file.set(6, r.sizeLots);
      file.set(7, r.cause);
      file.set(8, r.value);
      file.set(9, r.feeA);
      file.set(10, r.feeB);
      file.set(11, r.extra);
      file.endRow();
    }
  }
}
