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
  type NumberSink,
  type NumberSource,
  type OwnershipLedger,
  Shares,
  type WidestScratch,
  appendCause,
  appendShare,
  appendShares,
  appendWidest,
  readEvent,
  writeEvent,
} from '../contagion/index.js';
import { TriggerSource } from '../book/index.js';
import { CauseKind, CauseSubject, type EventLog } from '../trace/index.js';
import type { Ledger } from '../account/index.js';
import { CascadeCount } from './cascade-count.js';
import type { Instrument } from './instrument.js';
import { type ForcedOrder, LiquidityShare } from './liquidity-share.js';
import { type Directions, PriceOwners } from './price-owners.js';

/** Marks the account of a sizing rule in `VenueAccounts.causes`. */
export const SIZING_RULE = 128;

/** Owners told of the move behind a rule's trade, the heaviest; the rest is one. */
const RULE_OWNERS = 3;

/** What the ledger looks at; it changes none of it. */
export interface CausalView {
  readonly log: EventLog;
  readonly ledger: Ledger;
  readonly instruments: readonly Instrument[];
  readonly isolated: Uint8Array;
  readonly cohortOf: Uint16Array;
  readonly cohorts: number;
  readonly nowMicros: number;
}

/** Causal state of a venue. */
export class Causality {
  /** What is under way. */
  readonly current = new CauseEvent();
  readonly counts = new CascadeCount();
  /** What forced orders moved by their size, and what by quotes that had gone. */
  readonly liquidity: LiquidityShare;
  /** The event behind the cause told last. */
  readonly parent = new CauseEvent();
  private readonly view: CausalView;
  /** Instruments. */
  private readonly count: number;
  /** Per account a CauseKind, with `SIZING_RULE` where its trades are nodes at L3. */
  private readonly causes: Uint8Array;
  private readonly owners: PriceOwners;
  /**
   * Mark and last price when an account last traded of its own accord: (account x instruments +
   * instrument) x 2.
   */
  private readonly refs: Int32Array;
  /** Place of a breach in `pending`, plus one: account x instruments + instrument. */
  private readonly pendingAt: Int32Array;
  private readonly pending: CauseEvent[] = [];
  private readonly freePlaces: number[] = [];
  /** Events of fired triggers, in step with the queue of fired ones. */
  private readonly fired: CauseEvent[] = [];
  /** Per instrument, the liquidation whose position the desk took last. */
  private readonly deskEvents: CauseEvent[] = [];
  private readonly shares = new Shares();
  private readonly node = new CauseEvent();
  /** The heaviest owners of the move behind a rule's trade. */
  private readonly widest: WidestScratch = {
    places: new Int32Array(RULE_OWNERS),
    widths: new Float64Array(RULE_OWNERS),
    owner: new CauseEvent(),
    count: 0,
    to: 0,
  };
  /** Whether moves are split over their owners: costs O(owners) a breach. */
  private readonly splits: boolean;
  private readonly order: ForcedOrder = {
    timeMicros: 0, account: 0, liquidation: 0, root: 0, event: 0,
  };
  private readonly note: CauseNote = {
    subject: CauseSubject.liquidation, timeMicros: 0, instrument: 0, levelTicks: 0, ordinal: 0,
    isWhole: false,
  };

  constructor(view: CausalView, causes: Uint8Array, splits = true) {
    this.view = view;
    this.splits = splits;
    this.liquidity = new LiquidityShare(view.log, view.cohorts);
    this.causes = causes;
    const { instruments, ledger } = view;
    const count = instruments.length;
    this.count = count;
    this.refs = new Int32Array(ledger.accounts * count * 2);
    this.pendingAt = new Int32Array(ledger.accounts * count);
    this.owners = new PriceOwners(instruments);
    for (let i = 0; i < count; i++) this.deskEvents.push(new CauseEvent());
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
    const at = 2 * (account * this.count + instrument);
    const one = this.view.instruments[instrument];
    this.refs[at] = one.markTicks;
    this.refs[at + 1] = one.lastTicks;
  }

  /** Takes a trade: the last price moved from `before`, perhaps by nothing. */
  traded(one: Instrument, before: number): void {
    this.owners.traded(one, before, this.current);
  }

  /** Takes an index update from `before`. */
  indexed(one: Instrument, before: number): void {
    this.owners.indexed(one, before, this.current);
  }

  /** Takes a sample of a smoothed mark into a place of its window. */
  sampled(one: Instrument, place: number, isBelow: boolean): void {
    this.owners.sampled(one, place, isBelow);
  }

  /** Takes a move of the mark from `from`. */
  marked(one: Instrument, from: number): void {
    this.owners.marked(one, from, this.current);
  }

  /**
   * Takes a breach, at the moment it is found.
   *
   * @param levelTicks the first mark at which the account is in breach, 0 for a debt without position
   * @param ordinal number of the account's breach, 1 first
   */
  breached(account: number, instrument: number, levelTicks: number, ordinal: number): void {
    const { node, parent } = this;
    parent.copy(this.owners.tipping(instrument, levelTicks, this.current));
    if (this.splits) this.splitBreach(account, instrument, levelTicks);
    node.descend(this.view.log.rows(), CauseKind.liquidation, account, parent, 1);
    this.tell(CauseSubject.liquidation, instrument, levelTicks, ordinal);
    const at = account * this.count + instrument;
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
    const place = this.pendingAt[account * this.count + instrument] - 1;
    if (place >= 0) this.current.copy(this.pending[place]);
    else this.begin(CauseKind.liquidation, account);
    this.current.liquidation = id;
  }

  /** Forgets a breach that was dealt with. */
  endBreach(account: number, instrument: number): void {
    const at = account * this.count + instrument;
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
    const isMark = source === TriggerSource.mark;
    parent.copy(isMark ? this.owners.tipping(number, ticks, this.current) : this.current);
    if (source !== TriggerSource.index) {
      const at = 2 * (account * this.count + number);
      const from = this.refs[isMark ? at : at + 1];
      const ledgers = isMark ? this.owners.marks[number] : this.owners.lasts[number];
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
    const { node, parent, view, note } = this;
    const { number } = one;
    const from = this.refs[2 * (account * this.count + number) + 1];
    const now = one.lastTicks;
    const { falls, rises } = this.owners.lasts[number];
    const ledger = now < from ? falls : rises;
    if (this.findWidest(ledger, ledger.sign * from) > 0) ledger.owner(this.widest.places[0], parent);
    else {
      // No move since its last trade: its clock or a signal is behind it.
      parent.copy(this.current);
      parent.seq = -1;
    }
    node.descend(view.log.rows(), this.current.kind, account, parent, 3);
    this.describe(CauseSubject.ruleTrade, number, 0, 0);
    appendCause(view.log, note, node, parent);
    if (this.widest.count === 0) appendShare(view.log, note, node, parent, 1);
    else appendWidest(view.log, note, node, ledger, this.widest);
    this.current.copy(node);
  }

  /** Takes a forced order whose fills are on the tape, not yet settled. */
  forced(one: Instrument, takerSide: number): void {
    if (!this.splits) return;
    const { current, order } = this;
    order.timeMicros = this.view.nowMicros;
    order.account = current.account;
    order.liquidation = current.liquidation;
    order.root = current.root;
    order.event = current.seq;
    this.liquidity.forced(one, takerSide, order);
  }

  /** Verifies the ledgers. @throws Error */
  check(): void {
    this.owners.check();
  }

  write(sink: NumberSink): void {
    writeEvent(this.current, sink);
    this.counts.write(sink);
    this.owners.write(sink);
    for (const event of this.deskEvents) writeEvent(event, sink);
    this.liquidity.write(sink);
    for (const ref of this.refs) sink.float(ref);
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
    this.owners.read(source);
    for (const event of this.deskEvents) readEvent(event, source);
    this.liquidity.read(source);
    for (let k = 0; k < this.refs.length; k++) this.refs[k] = source.float();
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

  /**
   * Begins anew, as after construction at the instruments' present prices; only accounts below
   * `accounts`, and those from `outside` on, may have changed. O(these).
   */
  reset(accounts: number, outside: number): void {
    this.current.begin(-1, CauseKind.none, -1);
    this.counts.reset();
    this.owners.reset();
    this.liquidity.reset();
    for (let a = 0; a < accounts; a++) this.resetAccount(a);
    for (let a = Math.max(accounts, outside); a < this.view.ledger.accounts; a++) this.resetAccount(a);
  }

  private resetAccount(account: number): void {
    for (let i = 0; i < this.count; i++) {
      this.refresh(account, i);
      this.endBreach(account, i);
    }
  }

  /** Splits the move that used up an account's buffer; the parent has all where there was none. */
  private splitBreach(account: number, instrument: number, levelTicks: number): void {
    const { instruments, ledger, isolated } = this.view;
    const { shares } = this;
    shares.clear();
    let positions = 0;
    for (let k = 0; k < instruments.length; k++) if (ledger.sizeOf(account, k) !== 0) positions++;
    const isIsolated = isolated[account] !== 0;
    const isSingle = isIsolated || positions <= 1;
    for (let k = 0; k < instruments.length; k++) {
      const size = ledger.sizeOf(account, k);
      if (size === 0 || (isIsolated && k !== instrument)) continue;
      const level = k === instrument && levelTicks > 0 ? levelTicks : instruments[k].markTicks;
      const from = this.refs[2 * (account * instruments.length + k)];
      const unit = isSingle ? 1 : worthPerTick(instruments[k], size, level, from);
      this.split(this.owners.marks[k], size > 0 ? 1 : -1, level, from, unit);
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
    this.describe(subject, instrument, levelTicks, ordinal);
    appendCause(view.log, note, node, parent);
    if (this.splits) appendShares(view.log, note, node, shares);
  }

  private findWidest(ledger: OwnershipLedger, to: number): number {
    const { widest } = this;
    widest.to = to;
    widest.count = ledger.widest(to, widest.places, widest.widths);
    return widest.count;
  }

  private describe(
    subject: CauseSubject,
    instrument: number,
    levelTicks: number,
    ordinal: number,
  ): void {
    const { note, view } = this;
    note.subject = subject;
    note.timeMicros = view.nowMicros;
    note.instrument = instrument;
    note.levelTicks = levelTicks;
    note.ordinal = ordinal;
    note.isWhole = ordinal > 0 && view.isolated[this.node.account] === 0;
  }
}

/** Returns what a tick between two prices is worth to a position on average, quanta. */
function worthPerTick(one: Instrument, sizeLots: number, level: number, from: number): number {
  if (level === from) return 0;
  const change = one.contract.signedValue(sizeLots, from) - one.contract.signedValue(sizeLots, level);
  return Math.abs(change / (from - level));
}
