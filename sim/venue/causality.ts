/**
 * Who pushed whom: the causal ledger of a venue.
 *
 * It watches what the venue does and writes cause and share rows into the event log; nothing reads it
 * back, so that a run without it has the same hash. At any moment one event is under way: the input, the
 * order of a liquidation, of a fired stop. Whatever moves a price meanwhile belongs to that event.
 */
import {
  CauseEvent,
  type CauseNote,
  Mixture,
  MixturePool,
  type NumberSink,
  type NumberSource,
  OwnershipLedger,
  Shares,
  appendCause,
  appendShares,
  readEvent,
  writeEvent,
} from '../contagion/index.js';
import { TriggerSource } from '../book/index.js';
import { CauseKind, CauseSubject, type EventLog } from '../trace/index.js';
import type { Ledger } from '../account/index.js';
import { CascadeCount } from './cascade-count.js';
import type { Instrument } from './instrument.js';
import { MarkSources } from './mark-sources.js';

/** Marks the account of a sizing rule in `VenueAccounts.causes`. */
export const SIZING_RULE = 128;

/** What the ledger looks at; it changes none of it. */
export interface CausalView {
  readonly log: EventLog;
  readonly ledger: Ledger;
  readonly instruments: readonly Instrument[];
  readonly isolated: Uint8Array;
  readonly nowMicros: number;
}

/** The two directions of a price. */
interface Directions {
  falls: OwnershipLedger;
  rises: OwnershipLedger;
}

/** Causal state of a venue. */
export class Causality {
  /** What is under way. */
  readonly current = new CauseEvent();
  readonly counts = new CascadeCount();
  /** The event behind the cause told last. */
  readonly parent = new CauseEvent();
  private readonly view: CausalView;
  /** Per account a CauseKind, with `SIZING_RULE` where its trades are nodes at L3. */
  private readonly causes: Uint8Array;
  private readonly mixtures = new MixturePool();
  private readonly marks: Directions[] = [];
  /** The same objects as `marks` where the mark is the last price. */
  private readonly lasts: Directions[] = [];
  private readonly sources: (MarkSources | null)[] = [];
  /** Mark and last price when an account last traded of its own accord: account x instruments. */
  private readonly markRefs: Int32Array;
  private readonly lastRefs: Int32Array;
  /** Place of a breach in `pending`, plus one: account x instruments + instrument. */
  private readonly pendingAt: Int32Array;
  private readonly pending: CauseEvent[] = [];
  private readonly freePlaces: number[] = [];
  /** Events of fired triggers, in step with the queue of fired ones. */
  private readonly fired: CauseEvent[] = [];
  /** Per instrument, the liquidation whose position the desk took last. */
  private readonly deskEvents: CauseEvent[] = [];
  /** Per instrument: the cause of the last move of a smoothed mark, and what it moved from. */
  private readonly tips: CauseEvent[] = [];
  private readonly tipFrom: Int32Array;
  private readonly tipSeq: Float64Array;
  private readonly mixture = new Mixture();
  private readonly shares = new Shares();
  private readonly node = new CauseEvent();
  /** Whether moves are split over their owners: costs O(owners) a breach. */
  private readonly splits: boolean;
  private readonly note: CauseNote = {
    subject: CauseSubject.liquidation, timeMicros: 0, instrument: 0, levelTicks: 0, ordinal: 0,
  };

  constructor(view: CausalView, causes: Uint8Array, splits = true) {
    this.view = view;
    this.splits = splits;
    this.causes = causes;
    const { instruments, ledger } = view;
    const count = instruments.length;
    this.markRefs = new Int32Array(ledger.accounts * count);
    this.lastRefs = new Int32Array(ledger.accounts * count);
    this.pendingAt = new Int32Array(ledger.accounts * count);
    this.tipFrom = new Int32Array(count);
    this.tipSeq = new Float64Array(count).fill(-1);
    for (const one of instruments) {
      const mark = this.directions(one.markTicks);
      this.marks.push(mark);
      this.lasts.push(one.spec.mark.kind === 'last' ? mark : this.directions(one.lastTicks));
      this.sources.push(one.mark.window > 0 ? new MarkSources(one) : null);
      this.deskEvents.push(new CauseEvent());
      this.tips.push(new CauseEvent());
    }
    for (let a = 0; a < ledger.accounts; a++) {
      for (let i = 0; i < count; i++) this.refresh(a, i);
    }
  }

  /** Begins an event that is no node. */
  begin(kind: CauseKind, account: number): void {
    this.current.begin(this.view.log.rows(), kind, account);
  }

  /** Begins an order or cancel of an account's own. */
  beginOrder(account: number): void {
    this.begin((this.causes[account] & 15) as CauseKind, account);
  }

  /** Notes the reference prices of an account that changed its own risk. */
  refresh(account: number, instrument: number): void {
    const at = account * this.marks.length + instrument;
    const one = this.view.instruments[instrument];
    this.markRefs[at] = one.markTicks;
    this.lastRefs[at] = one.lastTicks;
  }

  /** Takes a trade: the last price moved from `before`, perhaps by nothing. */
  traded(one: Instrument, before: number): void {
    const { number } = one;
    this.sources[number]?.traded(this.current, before);
    if (this.lasts[number] === this.marks[number]) return;
    const { falls, rises } = this.lasts[number];
    falls.move(one.lastTicks, this.current);
    rises.move(one.lastTicks, this.current);
  }

  /** Takes an index update from `before`. */
  indexed(one: Instrument, before: number): void {
    this.sources[one.number]?.indexed(this.current, before);
  }

  /** Takes a sample of a smoothed mark into a place of its window. */
  sampled(one: Instrument, place: number): void {
    this.sources[one.number]?.sampled(place);
  }

  /** Takes a move of the mark from `from`. */
  marked(one: Instrument, from: number): void {
    const { number } = one;
    const { falls, rises } = this.marks[number];
    const sources = this.sources[number];
    if (sources === null) {
      falls.move(one.markTicks, this.current);
      rises.move(one.markTicks, this.current);
      return;
    }
    sources.effects(from, this.mixture);
    const tip = this.mixture.heaviest() ?? this.current;
    const mixture = this.mixture.count > 1 ? this.mixture : null;
    this.tips[number].copy(tip);
    this.tipFrom[number] = from;
    this.tipSeq[number] = this.current.seq;
    falls.move(one.markTicks, tip, mixture);
    rises.move(one.markTicks, tip, mixture);
  }

  /**
   * Takes a breach, at the moment it is found.
   *
   * @param levelTicks the first mark at which the account is in breach, 0 for a debt without position
   * @param ordinal number of the account's breach, 1 first
   */
  breached(account: number, instrument: number, levelTicks: number, ordinal: number): void {
    const { node, parent } = this;
    this.findParent(instrument, levelTicks);
    if (this.splits) this.splitBreach(account, instrument, levelTicks);
    node.descend(this.view.log.rows(), CauseKind.liquidation, account, parent, 1);
    this.tell(CauseSubject.liquidation, instrument, levelTicks, ordinal);
    const at = account * this.marks.length + instrument;
    if (this.pendingAt[at] === 0) this.pendingAt[at] = (this.freePlaces.pop() ?? this.pending.length) + 1;
    const place = this.pendingAt[at] - 1;
    if (place === this.pending.length) this.pending.push(new CauseEvent());
    this.pending[place].copy(node);
  }

  /** Begins the orders of a breached account's liquidation. */
  beginLiquidation(account: number, instrument: number, id: number): void {
    this.resumeLiquidation(account, instrument, id);
    this.counts.add(this.current);
  }

  /** Begins further orders of a liquidation that has begun. */
  resumeLiquidation(account: number, instrument: number, id: number): void {
    const place = this.pendingAt[account * this.marks.length + instrument] - 1;
    if (place >= 0) this.current.copy(this.pending[place]);
    else this.begin(CauseKind.liquidation, account);
    this.current.liquidation = id;
  }

  /** Forgets a breach that was dealt with. */
  endBreach(account: number, instrument: number): void {
    const at = account * this.marks.length + instrument;
    if (this.pendingAt[at] === 0) return;
    this.freePlaces.push(this.pendingAt[at] - 1);
    this.pendingAt[at] = 0;
  }

  /** Notes that the desk takes a position over in the liquidation under way. */
  deskTook(instrument: number): void {
    this.deskEvents[instrument].copy(this.current);
  }

  /** Begins the deleveraging of what the desk holds. */
  beginDeleveraging(instrument: number): void {
    this.current.copy(this.deskEvents[instrument]);
  }

  /** Takes an account whose position is closed against the desk's. */
  deleveraged(account: number, instrument: number): void {
    const { node, parent, shares } = this;
    parent.copy(this.current);
    shares.clear();
    shares.add(parent, 1);
    node.descend(this.view.log.rows(), CauseKind.deleveraging, account, parent, 1);
    this.tell(CauseSubject.deleveraging, instrument, 0, 0);
  }

  /** Takes a fired trigger, at its place in the queue of fired ones. */
  triggered(place: number, account: number, one: Instrument, source: number, ticks: number): void {
    const { node, parent, shares } = this;
    const { number } = one;
    shares.clear();
    if (source === TriggerSource.mark) this.findParent(number, ticks);
    else parent.copy(this.current);
    if (source !== TriggerSource.index) {
      const isMark = source === TriggerSource.mark;
      const refs = isMark ? this.markRefs : this.lastRefs;
      const from = refs[account * this.marks.length + number];
      const ledgers = isMark ? this.marks[number] : this.lasts[number];
      this.split(ledgers, from > ticks ? 1 : -1, ticks, from);
    }
    if (!(shares.total > 0)) this.blame(parent);
    node.descend(this.view.log.rows(), CauseKind.stop, account, parent, 2);
    this.tell(CauseSubject.stop, number, ticks, 0);
    while (this.fired.length <= place) this.fired.push(new CauseEvent());
    this.fired[place].copy(node);
  }

  /** Begins the order of a fired trigger. */
  beginTriggered(place: number): void {
    this.current.copy(this.fired[place]);
  }

  /** Makes the order under way a node, if it is a sizing rule's: to be called before its trades. */
  sized(account: number, one: Instrument): void {
    if ((this.causes[account] & SIZING_RULE) === 0 || this.current.kind === CauseKind.stop) return;
    const { node, parent, shares } = this;
    const { number } = one;
    const from = this.lastRefs[account * this.marks.length + number];
    const now = one.lastTicks;
    shares.clear();
    if (now !== from) this.split(this.lasts[number], now < from ? 1 : -1, now, from);
    const heaviest = shares.heaviest();
    if (heaviest >= 0) parent.copy(shares.events[heaviest]);
    else {
      // No move since its last trade: its clock or a signal is behind it.
      parent.copy(this.current);
      parent.seq = -1;
      this.blame(parent);
    }
    node.descend(this.view.log.rows(), this.current.kind, account, parent, 3);
    this.tell(CauseSubject.ruleTrade, number, 0, 0);
    this.current.copy(node);
  }

  /** Verifies the ledgers. @throws Error */
  check(): void {
    for (const { falls, rises } of [...this.marks, ...this.lasts]) {
      falls.check();
      rises.check();
    }
  }

  write(sink: NumberSink): void {
    writeEvent(this.current, sink);
    this.counts.write(sink);
    for (let i = 0; i < this.marks.length; i++) {
      for (const { falls, rises } of [this.marks[i], this.lasts[i]]) {
        falls.write(sink);
        rises.write(sink);
      }
      this.sources[i]?.write(sink);
      writeEvent(this.deskEvents[i], sink);
    }
    for (const refs of [this.markRefs, this.lastRefs]) for (const ref of refs) sink.float(ref);
    sink.float(this.pending.length - this.freePlaces.length);
    for (let at = 0; at < this.pendingAt.length; at++) {
      if (this.pendingAt[at] === 0) continue;
      sink.float(at);
      writeEvent(this.pending[this.pendingAt[at] - 1], sink);
    }
  }

  /** Restores what `write` wrote. */
  read(source: NumberSource): void {
    readEvent(this.current, source);
    this.counts.read(source);
    for (let i = 0; i < this.marks.length; i++) {
      for (const { falls, rises } of [this.marks[i], this.lasts[i]]) {
        falls.read(source);
        rises.read(source);
      }
      this.sources[i]?.read(source);
      readEvent(this.deskEvents[i], source);
    }
    for (const refs of [this.markRefs, this.lastRefs]) {
      for (let k = 0; k < refs.length; k++) refs[k] = source.float();
    }
    this.pendingAt.fill(0);
    this.pending.length = 0;
    this.freePlaces.length = 0;
    const count = source.float();
    for (let place = 0; place < count; place++) {
      this.pendingAt[source.float()] = place + 1;
      this.pending.push(new CauseEvent());
      readEvent(this.pending[place], source);
    }
  }

  /** Begins anew, as after construction at the instruments' present prices. O(accounts). */
  reset(accounts: number): void {
    this.current.begin(-1, CauseKind.none, -1);
    this.counts.reset();
    for (let i = 0; i < this.marks.length; i++) {
      const one = this.view.instruments[i];
      this.marks[i].falls.reset(one.markTicks);
      this.marks[i].rises.reset(one.markTicks);
      this.lasts[i].falls.reset(one.lastTicks);
      this.lasts[i].rises.reset(one.lastTicks);
      for (let a = 0; a < accounts; a++) {
        this.refresh(a, i);
        this.endBreach(a, i);
      }
    }
  }

  private directions(price: number): Directions {
    return {
      falls: new OwnershipLedger(1, price, this.mixtures),
      rises: new OwnershipLedger(-1, price, this.mixtures),
    };
  }

  /** Sets `parent`: of a smoothed mark that has just crossed the level the heaviest print's event. */
  private findParent(instrument: number, levelTicks: number): void {
    const smoothed = this.sources[instrument] !== null;
    if (smoothed && this.tipSeq[instrument] === this.current.seq) {
      const now = this.view.instruments[instrument].markTicks;
      const from = this.tipFrom[instrument];
      const crossed =
        (now <= levelTicks && levelTicks < from) || (from < levelTicks && levelTicks <= now);
      if (crossed) {
        this.parent.copy(this.tips[instrument]);
        return;
      }
    }
    this.parent.copy(this.current);
  }

  /** Splits the move that used up an account's buffer; the parent has all where there was none. */
  private splitBreach(account: number, instrument: number, levelTicks: number): void {
    const { instruments, ledger, isolated } = this.view;
    const { shares } = this;
    shares.clear();
    let positions = 0;
    for (let k = 0; k < instruments.length; k++) if (ledger.sizeOf(account, k) !== 0) positions++;
    const isSingle = isolated[account] !== 0 || positions <= 1;
    for (let k = 0; k < instruments.length; k++) {
      const size = ledger.sizeOf(account, k);
      if (size === 0 || (isSingle && k !== instrument)) continue;
      const level = k === instrument && levelTicks > 0 ? levelTicks : instruments[k].markTicks;
      const from = this.markRefs[account * instruments.length + k];
      const unit = isSingle ? 1 : worthPerTick(instruments[k], size, level, from);
      this.split(this.marks[k], size > 0 ? 1 : -1, level, from, unit);
    }
    if (!(shares.total > 0)) this.blame(this.parent);
  }

  /** Adds the levels from `level` to the reference price, in the direction that hurts. */
  private split(ledgers: Directions, sign: number, level: number, from: number, unit = 1): void {
    if (sign > 0) this.shares.addLevels(ledgers.falls, level, from, unit);
    else this.shares.addLevels(ledgers.rises, -level, -from, unit);
  }

  private blame(event: CauseEvent): void {
    this.shares.clear();
    this.shares.add(event, 1);
  }

  private tell(subject: CauseSubject, instrument: number, levelTicks: number, ordinal: number): void {
    const { note, node, parent, shares, view } = this;
    note.subject = subject;
    note.timeMicros = view.nowMicros;
    note.instrument = instrument;
    note.levelTicks = levelTicks;
    note.ordinal = ordinal;
    appendCause(view.log, note, node, parent);
    if (this.splits) appendShares(view.log, note, node, shares);
  }
}

/** Returns what a tick between two prices is worth to a position on average, quanta. */
function worthPerTick(one: Instrument, sizeLots: number, level: number, from: number): number {
  if (level === from) return 0;
  const change = one.contract.signedValue(sizeLots, from) - one.contract.signedValue(sizeLots, level);
  return Math.abs(change / (from - level));
}
