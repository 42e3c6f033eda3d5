/** One pass over a run's log: its liquidations, what moved prices meanwhile, and their forest. */
import { join } from 'node:path';
import { type Forest, ForestReader } from '../../../sim/contagion/index.js';
import {
  type Cause,
  CauseJoin,
  CauseSubject,
  EventKind,
  type EventReader,
  LiquidationStage,
  type RunMetadata,
} from '../../../sim/trace/index.js';
import { LogSource, logFileName } from '../trace/index.js';

/** What a log tells of one liquidation; prices in ticks. */
export interface LiquidationFacts {
  id: number;
  cause: Cause | null;
  account: number;
  /** Of its first order: lots and prices are of this one alone. */
  instrument: number;
  timeMicros: number;
  /** Signed as the position: + a long. */
  closedLots: number;
  takenOverLots: number;
  notionalQuote: number;
  bankruptcyTicks: number;
  filledLots: number;
  filledTicks: number;
  markFrom: number;
  markTo: number;
  lastFrom: number;
  lastTo: number;
  /** Ticks its orders moved the book's price, and of them by their size, by quotes that had gone. */
  movedTicks: number;
  flowTicks: number;
  withdrawnTicks: number;
  /** The last, by cohort. */
  withdrawnBy: Map<number, number>;
}

/** How a price moved last. */
interface PriceMove {
  from: number;
  to: number;
}

/** Prices of one instrument as the pass goes on. */
interface Prices {
  mark: PriceMove;
  last: PriceMove;
}

/** Everything `why` needs of a run. */
export class RunLog {
  readonly metadata: RunMetadata;
  readonly liquidations = new Map<number, LiquidationFacts>();
  /** The move of the mark at which each breach was found, by event number. */
  readonly tips = new Map<number, PriceMove>();
  readonly forest: Forest;
  private readonly join = new CauseJoin();
  private readonly prices: Prices[];

  /** @throws UserError `trace/...` */
  constructor(folder: string) {
    const source = new LogSource(join(folder, logFileName));
    this.metadata = source.metadata;
    this.prices = source.metadata.instruments.map(() => ({
      mark: { from: 0, to: 0 },
      last: { from: 0, to: 0 },
    }));
    const forest = new ForestReader(source.metadata);
    try {
      for (let piece = source.nextPiece(); piece !== null; piece = source.nextPiece()) {
        while (piece.next()) this.take(piece);
        forest.add(piece.again());
      }
      source.verify();
    } finally {
      source.close();
    }
    this.forest = forest.forest(1);
  }

  private take(r: EventReader): void {
    const cause = this.join.take(r);
    switch (r.kind) {
      case EventKind.index:
        this.startAt(r);
        return;
      case EventKind.mark:
        this.moveMark(r);
        return;
      case EventKind.trade:
        this.trade(r);
        return;
      case EventKind.cause:
        if (this.join.latest?.subject !== CauseSubject.liquidation) return;
        this.tips.set(r.value, { ...this.prices[r.instrument].mark });
        return;
      case EventKind.liquidation:
        this.liquidation(r, cause);
        return;
      case EventKind.impact:
      case EventKind.withdrawal:
        this.impact(r);
        return;
      default:
        return;
    }
  }

  /** The first index price is where mark and last price begin. */
  private startAt(r: EventReader): void {
    const { mark, last } = this.prices[r.instrument];
    if (mark.to === 0) mark.to = r.priceTicks;
    if (last.to === 0) last.to = r.priceTicks;
  }

  private moveMark(r: EventReader): void {
    const { mark } = this.prices[r.instrument];
    mark.from = mark.to;
    mark.to = r.priceTicks;
    const one = r.cause > 0 ? this.liquidations.get(r.cause) : undefined;
    if (one === undefined || one.instrument !== r.instrument) return;
    if (one.markFrom === 0) one.markFrom = mark.from;
    one.markTo = mark.to;
  }

  private trade(r: EventReader): void {
    const { last } = this.prices[r.instrument];
    last.from = last.to;
    last.to = r.priceTicks;
    const one = r.cause > 0 ? this.liquidations.get(r.cause) : undefined;
    if (one === undefined || one.instrument !== r.instrument) return;
    const lots = Math.abs(r.sizeLots);
    one.filledLots += lots;
    one.filledTicks += lots * r.priceTicks;
    if (one.lastFrom === 0) one.lastFrom = last.from;
    one.lastTo = last.to;
  }

  private impact(r: EventReader): void {
    const one = this.liquidations.get(r.cause);
    if (one === undefined || one.instrument !== r.instrument) return;
    if (r.kind === EventKind.impact) {
      one.movedTicks += r.value;
      one.flowTicks += r.feeA;
      one.withdrawnTicks += r.feeB;
    } else one.withdrawnBy.set(r.other, (one.withdrawnBy.get(r.other) ?? 0) + r.feeB);
  }

  private liquidation(r: EventReader, cause: Cause | null): void {
    let one = this.liquidations.get(r.cause);
    if (one === undefined) {
      one = {
        id: r.cause,
        cause,
        account: r.account,
        instrument: r.instrument,
        timeMicros: r.time,
        closedLots: 0,
        takenOverLots: 0,
        notionalQuote: 0,
        bankruptcyTicks: r.feeB,
        filledLots: 0,
        filledTicks: 0,
        markFrom: 0,
        markTo: 0,
        lastFrom: 0,
        lastTo: 0,
        movedTicks: 0,
        flowTicks: 0,
        withdrawnTicks: 0,
        withdrawnBy: new Map(),
      };
      this.liquidations.set(r.cause, one);
    }
    one.notionalQuote += r.extra;
    // Lots and prices are of the first instrument alone: those of several do not add up.
    if (r.instrument !== one.instrument) return;
    one.closedLots += r.sizeLots;
    one.bankruptcyTicks = r.feeB;
    if (r.other === LiquidationStage.takeover) one.takenOverLots += Math.abs(r.sizeLots);
  }
}
