/** Joins cause and share rows with the rows they explain, while a log is read in order. */
import { CauseSubject, rootKindOf } from './cause-kind.js';
import { EventKind } from './event-kind.js';
import type { EventReader } from './event-reader.js';

/** One owner of a part of the move behind a forced trade. */
export interface CauseShare {
  /** `seq` of the event, -1 for what is not told one by one. */
  event: number;
  /** A `CauseKind`. */
  kind: number;
  account: number;
  /** Id of the liquidation the event is, 0 for none. */
  liquidation: number;
  /** 0 to 1; the weights of a cause sum to 1. */
  weight: number;
}

/** Why something happened. */
export interface Cause {
  subject: CauseSubject;
  account: number;
  instrument: number;
  timeMicros: number;
  /** Its own event number, by which children name it. */
  event: number;
  /** Event number of the parent, -1 for none; its kind, account, and liquidation id or 0. */
  parent: number;
  parentKind: number;
  parentAccount: number;
  parentLiquidation: number;
  /** `packGenerations`. */
  generations: number;
  /** `packKinds` of its roots, without a kind of its own. */
  rootKinds: number;
  levelTicks: number;
  ordinal: number;
  shares: CauseShare[];
}

/** Follows a log row by row; `of` tells the cause of the row just taken. */
export class CauseJoin {
  /** The cause of the cause row taken last. */
  latest: Cause | null = null;
  /** Breaches not yet acted upon, by account and instrument; and the latest of each account. */
  private readonly breaches = new Map<number, Cause>();
  private readonly latestBreach = new Map<number, Cause>();
  private readonly ofLiquidation = new Map<number, Cause>();
  private readonly stops = new Map<number, Cause>();
  private acting: Cause | null = null;

  /** Takes the row the reader stands on; returns its cause, null where it has none. */
  take(r: EventReader): Cause | null {
    switch (r.kind) {
      case EventKind.cause:
        this.begin(r);
        return null;
      case EventKind.share:
        this.latest?.shares.push({
          event: r.feeA,
          kind: r.other,
          account: r.account,
          liquidation: r.cause,
          weight: r.feeB,
        });
        return null;
      case EventKind.triggered:
        this.acting = this.stops.get(r.value) ?? null;
        this.stops.delete(r.value);
        return null;
      case EventKind.liquidation:
        return this.liquidation(r);
      case EventKind.autoDeleverage:
        return this.latest?.subject === CauseSubject.deleveraging ? this.latest : null;
      case EventKind.trade:
        return this.trade(r);
      default:
        return null;
    }
  }

  private begin(r: EventReader): void {
    const cause: Cause = {
      subject: (r.other & 15) as CauseSubject,
      account: r.account,
      instrument: r.instrument,
      timeMicros: r.time,
      event: r.value,
      parent: r.feeA,
      parentKind: (r.other >> 4) & 15,
      parentAccount: r.sizeLots,
      parentLiquidation: r.feeB,
      generations: r.extra,
      rootKinds: (r.other >> 8) << 4,
      levelTicks: r.priceTicks,
      ordinal: r.cause,
      shares: [],
    };
    this.latest = cause;
    if (cause.subject === CauseSubject.liquidation) {
      this.breaches.set(keyOf(r), cause);
      this.latestBreach.set(r.account, cause);
    } else if (cause.subject === CauseSubject.stop) this.stops.set(cause.event, cause);
    else if (cause.subject === CauseSubject.ruleTrade) this.acting = cause;
  }

  /**
   * Steps of a liquidation have one id. A cross account may be closed in another instrument than the
   * one it came to be in breach in.
   */
  private liquidation(r: EventReader): Cause | null {
    const known = this.ofLiquidation.get(r.cause);
    if (known !== undefined) return known;
    const cause = this.breaches.get(keyOf(r)) ?? this.latestBreach.get(r.account);
    if (cause === undefined) return null;
    this.ofLiquidation.set(r.cause, cause);
    this.breaches.delete(cause.account * 256 + cause.instrument);
    return cause;
  }

  /** Trades of a stop's or rule's order follow one another. */
  private trade(r: EventReader): Cause | null {
    const { acting } = this;
    if (acting === null) return null;
    if (r.account === acting.account && r.cause === 0 && r.time >= acting.timeMicros) {
      if (r.time === acting.timeMicros || acting.subject === CauseSubject.stop) return acting;
    }
    this.acting = null;
    return null;
  }
}

function keyOf(r: EventReader): number {
  return r.account * 256 + r.instrument;
}

/** Returns the kind of a cause's root at the lowest scope at which it is a node. */
export function rootKindOfCause(cause: Cause): number {
  const { subject, rootKinds } = cause;
  const scope = subject === CauseSubject.ruleTrade ? 3 : subject === CauseSubject.stop ? 2 : 1;
  return rootKindOf(rootKinds, scope);
}
