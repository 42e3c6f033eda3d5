/**
 * Causes by their definitions, from trade and mark rows alone: an owner per tick of each mark, set by
 * every move, and reference marks by every trade. For marks that follow the last price or the index.
 */
import { EventKind, type EventReader } from '../../sim/trace/index.js';

/** Who moved a mark: the account of its mark row and the liquidation behind it. */
export interface Mover {
  account: number;
  liquidation: number;
}

const NOBODY: Mover = { account: -2, liquidation: 0 };

/** State of one instrument's mark. */
class NaiveMark {
  readonly falls: Mover[] = [];
  readonly rises: Mover[] = [];
  readonly refs = new Map<number, number>();
  ticks: number;
  /** The last move: from where, and by whom. */
  from: number;
  mover: Mover = NOBODY;

  constructor(ticks: number) {
    this.ticks = ticks;
    this.from = ticks;
  }

  move(to: number, mover: Mover): void {
    for (let level = to; level < this.ticks; level++) this.falls[level] = mover;
    for (let level = this.ticks; level < to; level++) this.falls[level] = NOBODY;
    for (let level = this.ticks + 1; level <= to; level++) this.rises[level] = mover;
    for (let level = to + 1; level <= this.ticks; level++) this.rises[level] = NOBODY;
    this.from = this.ticks;
    this.ticks = to;
    this.mover = mover;
  }
}

/** Follows a log; `parentOf` and `sharesOf` answer for a breach whose cause row comes next. */
export class NaiveCauses {
  private readonly marks: NaiveMark[];
  private readonly desk: number;

  constructor(startTicks: readonly number[], deskAccount: number) {
    this.marks = startTicks.map((ticks) => new NaiveMark(ticks));
    this.desk = deskAccount;
  }

  /** Takes a row; references are those after the mark has moved. */
  take(r: EventReader): void {
    const mark = this.marks[r.instrument];
    if (r.kind === EventKind.mark) {
      mark.move(r.priceTicks, { account: r.account, liquidation: r.cause });
      this.settle(mark);
    } else if (r.kind === EventKind.trade) {
      this.pending = [];
      if (r.other !== this.desk) this.pending.push(r.other);
      if (r.cause === 0 && r.account !== this.desk) this.pending.push(r.account);
      this.settle(mark);
    } else if (r.kind === EventKind.opening || r.kind === EventKind.deposit) {
      for (const one of r.kind === EventKind.deposit ? this.marks : [mark]) {
        one.refs.set(r.account, one.ticks);
      }
    }
  }

  private pending: number[] = [];

  private settle(mark: NaiveMark): void {
    for (const account of this.pending) mark.refs.set(account, mark.ticks);
  }

  /** The mover of the last move, if it crossed the level; null otherwise. */
  parentOf(instrument: number, level: number): Mover | null {
    const { from, ticks, mover } = this.marks[instrument];
    const crossed = (ticks <= level && level < from) || (from < level && level <= ticks);
    return crossed ? mover : null;
  }

  /** Levels per liquidation between a threshold and the account's reference; key -1: unowned. */
  sharesOf(instrument: number, account: number, level: number, long: boolean): Map<number, number> {
    const mark = this.marks[instrument];
    const ref = mark.refs.get(account) ?? mark.ticks;
    const lots = new Map<number, number>();
    const add = (owner: Mover | undefined): void => {
      const key = owner === undefined || owner === NOBODY ? -1 : owner.liquidation;
      lots.set(key, (lots.get(key) ?? 0) + 1);
    };
    for (let x = level; long && x < ref; x++) add(mark.falls[x]);
    for (let x = ref + 1; !long && x <= level; x++) add(mark.rises[x]);
    return lots;
  }
}
