/** Joins cause and share rows with the rows they explain, while a log is read in order. */
import { CauseSubject, WHOLE_ACCOUNT, rootKindOf } from './cause-kind.js';
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
  /**
   * The latest breach of each cross account and isolated position, until it is acted upon: one that an
   * account recovered from is forgotten at the next.
   */
  private readonly breaches = new Map<number, Cause>();
  private readonly ofLiquidation = new Map<number, Cause>();
  private readonly stops = new Map<number, Cause>();
  /** The stop or rule whose order is under way, and since when. */
  private acting: Cause | null = null;
  private actingMicros = 0;

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
        this.act(this.stops.get(r.value) ?? null, r.time);
        this.stops.delete(r.value);
        return this.acting;
      case EventKind.liquidation:
        return this.liquidation(r);
      case EventKind.autoDeleverage:
        return this.deleveraging(r);
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
      rootKinds: ((r.other >> 8) & 0xfff) << 4,
      levelTicks: r.priceTicks,
      ordinal: r.cause,
      shares: [],
    };
    this.latest = cause;
    if (cause.subject === CauseSubject.liquidation) {
      const isWhole = (r.other & WHOLE_ACCOUNT) !== 0;
      this.breaches.set(isWhole ? wholeKey(r.account) : keyOf(r), cause);
    } else if (cause.subject === CauseSubject.stop) this.stops.set(cause.event, cause);
    else if (cause.subject === CauseSubject.ruleTrade) this.act(cause, r.time);
  }

  private act(cause: Cause | null, timeMicros: number): void {
    this.acting = cause;
    this.actingMicros = timeMicros;
  }

  /**
   * Steps of a liquidation have one id. A cross account may be closed in another instrument than the
   * one it came to be in breach in.
   */
  private liquidation(r: EventReader): Cause | null {
    const known = this.ofLiquidation.get(r.cause);
    if (known !== undefined) return known;
    const whole = this.breaches.get(wholeKey(r.account));
    const cause = whole ?? this.breaches.get(keyOf(r));
    if (cause === undefined) return null;
    this.ofLiquidation.set(r.cause, cause);
    this.breaches.delete(whole === undefined ? keyOf(r) : wholeKey(r.account));
    return cause;
  }

  /** What nobody but the holder of suppressed positions is there to close has no cause of its own. */
  private deleveraging(r: EventReader): Cause | null {
    const { latest } = this;
    if (latest?.subject !== CauseSubject.deleveraging || latest.account !== r.account) return null;
    return latest;
  }

  /** Trades of a stop's or rule's order follow one another, at the moment it was sent. */
  private trade(r: EventReader): Cause | null {
    const { acting } = this;
    if (acting === null) return null;
    const isIts = r.account === acting.account && r.instrument === acting.instrument;
    if (isIts && r.cause === 0 && r.time === this.actingMicros) return acting;
    this.acting = null;
    return null;
  }
}

function wholeKey(account: number): number {
  return -1 - account;
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
