/** One pass over a run's log, which cuts the small arrays that metrics are computed from. */
import { ForestReader } from '../../../sim/contagion/index.js';
import {
  CauseKind,
  CauseSubject,
  EventKind,
  type EventReader,
  type RunMetadata,
  type Scope,
  notionalQuote,
} from '../../../sim/trace/index.js';
import { LogSource } from '../trace/index.js';
import { Deleveragings } from './deleveragings.js';
import { type LiquidationForest, liquidationForest } from './liquidation-forest.js';
import { Positions } from './positions.js';
import { RunLosses } from './run-losses.js';
import { type SeriesColumns, emptyColumns } from './series-columns.js';

/** O(rows) time; memory O(causes + series rows + accounts). */
export class RunCut {
  readonly metadata: RunMetadata;
  readonly series: SeriesColumns[];
  readonly deleveragings: Deleveragings;
  readonly losses: RunLosses;
  readonly positions: Positions;
  /** Part of each forced trade's move that liquidation orders made, by the number of its event. */
  readonly forcedWeight = new Map<number, number>();
  /** Ids of liquidations. */
  readonly liquidations = new Set<number>();
  /** Time of the last row. */
  endMicros = 0;
  /** Whether the cause row read last is about a liquidation or deleveraging. */
  private isForced = false;
  private readonly reader: ForestReader;
  private readonly forests = new Map<Scope, LiquidationForest>();
  private readonly exposureQuanta: number[] = [];
  private readonly depositQuanta: number[] = [];
  private readonly markTicks: number[];
  private readonly volumeQuote: number[];

  constructor(metadata: RunMetadata) {
    this.metadata = metadata;
    this.reader = new ForestReader(metadata);
    this.series = metadata.instruments.map(emptyColumns);
    this.positions = new Positions(metadata.instruments.length);
    this.deleveragings = new Deleveragings(this.positions);
    this.losses = new RunLosses(metadata);
    this.markTicks = metadata.instruments.map(() => 0);
    this.volumeQuote = metadata.instruments.map(() => 0);
  }

  /** Accounts that hold more than they own when the run starts. */
  get leveraged(): number {
    let count = 0;
    this.exposureQuanta.forEach((exposure, account) => {
      if (exposure > (this.depositQuanta[account] ?? 0)) count++;
    });
    return count;
  }

  /** Returns the forest at a scope, without deleveragings; to be called after the last piece. */
  forest(scope: Scope): LiquidationForest {
    let forest = this.forests.get(scope);
    if (forest === undefined) {
      forest = liquidationForest(this.reader.forest(scope));
      this.forests.set(scope, forest);
    }
    return forest;
  }

  /** Takes all rows of a piece from its begin. */
  add(reader: EventReader): void {
    this.reader.add(reader.again());
    reader.again();
    while (reader.next()) this.addRow(reader);
  }

  /** To be called after the last piece. */
  finish(): void {
    this.deleveragings.finish();
  }

  private addRow(r: EventReader): void {
    this.endMicros = r.time;
    const { kind } = r;
    switch (kind) {
      case EventKind.trade: {
        const one = this.metadata.instruments[r.instrument];
        this.volumeQuote[r.instrument] += notionalQuote(one, r.sizeLots, r.priceTicks);
        this.positions.take(r);
        return;
      }
      case EventKind.share:
        this.share(r);
        return;
      case EventKind.cause:
        this.isForced = (r.other & 15) <= CauseSubject.deleveraging;
        return;
      case EventKind.mark:
        this.markTicks[r.instrument] = r.priceTicks;
        return;
      case EventKind.index:
        if (this.markTicks[r.instrument] === 0) this.markTicks[r.instrument] = r.priceTicks;
        return;
      case EventKind.series:
      case EventKind.seriesMore:
        this.sample(r);
        return;
      case EventKind.deposit:
        this.deposit(r.account, r.value);
        return;
      case EventKind.opening:
        this.open(r.account, Math.abs(r.value));
        this.positions.take(r);
        return;
      case EventKind.liquidation:
        this.liquidations.add(r.cause);
        return;
      default:
        this.deleveragings.take(r);
        this.positions.take(r);
        this.losses.take(r, this.markTicks[r.instrument]);
    }
  }

  private share(r: EventReader): void {
    if (!this.isForced || r.other !== CauseKind.liquidation) return;
    this.forcedWeight.set(r.value, (this.forcedWeight.get(r.value) ?? 0) + r.feeB);
  }

  private sample(r: EventReader): void {
    const instrument = r.account;
    const columns = this.series[instrument];
    if (r.kind === EventKind.seriesMore) {
      columns.askTicks.push(r.priceTicks);
      columns.depthLots.push(r.value + r.feeA);
      return;
    }
    columns.timeMicros.push(r.time);
    columns.bidTicks.push(r.other);
    columns.lastTicks.push(r.sizeLots);
    columns.volumeLots.push(r.extra);
    columns.volumeQuote.push(this.volumeQuote[instrument]);
    this.markTicks[instrument] = r.priceTicks;
  }

  private deposit(account: number, quanta: number): void {
    this.depositQuanta[account] = (this.depositQuanta[account] ?? 0) + quanta;
  }

  private open(account: number, quanta: number): void {
    this.exposureQuanta[account] = (this.exposureQuanta[account] ?? 0) + quanta;
  }
}

/**
 * Reads a log once and returns what was cut out of it.
 * @throws UserError `trace/...`
 */
export function cutLog(path: string): RunCut {
  const source = new LogSource(path);
  const cut = new RunCut(source.metadata);
  try {
    for (let piece = source.nextPiece(); piece !== null; piece = source.nextPiece()) cut.add(piece);
    source.verify();
  } finally {
    source.close();
  }
  cut.finish();
  return cut;
}
