/** `events.parquet`: one row per event, without the sampled series. */
import {
  type Cause,
  CauseJoin,
  EventKind,
  type EventReader,
  causeKindNames,
  eventKindNames,
  generationOf,
  isUnhashed,
  rootKindOfCause,
} from '../../../sim/trace/index.js';
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
  int64('event', 'event number of a liquidation, deleveraging, stop or rule trade; -1 for others'),
  int64('parent', 'event number of what pushed it; -1 for none'),
  int32('parent_liquidation', 'id of the liquidation that pushed it, 0 when it was none'),
  { name: 'root_kind', kind: 'string', doc: 'kind of event its tree goes back to' },
  int32('generation', 'scope L1, liquidations and deleveragings: 1 for roots, 0 for no node'),
  int32('generation_l2', 'the same with fired stops'),
  int32('generation_l3', 'the same with stops and trades of sizing rules'),
  { name: 'shares', kind: 'string', doc: 'JSON: owners of the move behind it; weights sum to 1' },
];
const CAUSE = 12;

/** Writes events as their rows are read. */
export class EventsTable {
  readonly file: ParquetFile;
  private readonly join = new CauseJoin();
  private readonly texts = new Map<Cause, string>();

  constructor(path: string, metadata: Record<string, string>) {
    this.file = new ParquetFile(path, columns, metadata);
  }

  /** Takes all rows from where the reader stands. */
  add(r: EventReader): void {
    const { file } = this;
    while (r.next()) {
      const kind = r.kind;
      const cause = this.join.take(r);
      if (isUnhashed(kind)) continue;
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
      this.setCause(cause);
      file.endRow();
    }
  }

  private setCause(cause: Cause | null): void {
    const { file } = this;
    file.set(CAUSE, cause === null ? -1 : cause.event);
    file.set(CAUSE + 1, cause === null ? -1 : cause.parent);
    file.set(CAUSE + 2, cause === null ? 0 : cause.parentLiquidation);
    file.setText(CAUSE + 3, cause === null ? '' : causeKindNames[rootKindOfCause(cause)]);
    for (const scope of [1, 2, 3] as const) {
      const generation = cause === null ? 0 : generationOf(cause.generations, scope);
      file.set(CAUSE + 3 + scope, generation);
    }
    file.setText(CAUSE + 7, cause === null ? '' : this.shareText(cause));
  }

  /** The trades of one order share one text. */
  private shareText(cause: Cause): string {
    let text = this.texts.get(cause);
    if (text !== undefined) return text;
    if (this.texts.size > 1024) this.texts.clear();
    text = JSON.stringify(
      cause.shares.map(({ event, kind, account, liquidation, weight }) => ({
        event,
        kind: causeKindNames[kind],
        account,
        liquidation,
        weight,
      })),
    );
    this.texts.set(cause, text);
    return text;
  }
}
