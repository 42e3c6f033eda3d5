/**
 * Who is in breach of maintenance margin, found without looking at everybody.
 *
 * Per instrument a tick index holds, for each account, a mark at which it may be in breach: a bound
 * that may fire early and never late. A hit recomputes exactly and re-indexes. Longs lie at their
 * tick, shorts at ticksMax + tick. A cross account with several positions gives each a share of its
 * slack, so that no breach is possible before one of its thresholds is crossed. Finding k breaches
 * costs O(k log n).
 */
import { type Ledger, POSITION } from '../account/index.js';
import { LocalMemory, TickIndex, mix32, sortByKey } from '../kernel/index.js';
import type { Instrument } from './instrument.js';

const STRIDE = POSITION.stride;
const COST = POSITION.cost;
const MARGIN = POSITION.margin;
const WALLET = POSITION.wallet;
/** Thresholds are set this much early, for the rounding of values and of the margin. */
const ROUNDING_QUANTA = 2;

/** Hears of each breach when it is found. */
export interface BreachWatcher {
  /** `levelTicks` is the first mark at which the account is in breach, 0 for one without position. */
  breached(account: number, instrument: number, levelTicks: number, ordinal: number): void;
}

/** Thresholds of all accounts, and the queue of those in breach. */
export class LiquidationIndex {
  /** Breaches suffered, per account: keys the tie-break. */
  readonly ordinals: Uint32Array;
  /** Queue of account x instruments + instrument, in the order to be liquidated. */
  readonly queue: BreachQueue = new BreachQueue();
  watcher: BreachWatcher | null = null;
  private readonly ledger: Ledger;
  private readonly instruments: readonly Instrument[];
  private readonly isolated: Uint8Array;
  private readonly tieKeys: Uint32Array;
  private seed: number;
  private readonly count: number;
  private readonly thresholds: TickIndex[] = [];
  /**
   * 1 while an account (cross) or position (isolated) waits in the queue or is being liquidated.
   */
  private readonly queued: Uint8Array;
  private readonly notionals: Float64Array;
  private readonly margins: Float64Array;
  private found = new Int32Array(256);
  private foundCount = 0;
  private keys = new Float64Array(256);
  private order = new Int32Array(256);

  constructor(
    ledger: Ledger,
    instruments: readonly Instrument[],
    isolated: Uint8Array,
    tieKeys: Uint32Array,
    seed: number,
  ) {
    this.ledger = ledger;
    this.instruments = instruments;
    this.isolated = isolated;
    this.tieKeys = tieKeys;
    this.seed = seed;
    this.count = instruments.length;
    const accounts = ledger.accounts;
    this.ordinals = new Uint32Array(accounts);
    this.queued = new Uint8Array(accounts * this.count);
    this.notionals = new Float64Array(this.count);
    this.margins = new Float64Array(this.count);
    const memory = new LocalMemory();
    for (const one of instruments) {
      this.thresholds.push(
        new TickIndex(memory, `thresholds.${one.number}`, accounts, 2 * one.ticksMax),
      );
    }
  }

  /**
   * Returns equity less maintenance margin in quanta, at the present marks: of the account when it
   * is cross, of the one position when isolated (of the free wallet if that position is flat).
   * Negative = breach.
   */
  slack(account: number, instrument: number): number {
    const rows = this.ledger.rows;
    const base = account * this.count * STRIDE;
    if (this.isolated[account] !== 0) {
      const row = base + instrument * STRIDE;
      const size = rows[row];
      if (size === 0) return this.ledger.freeOf(account);
      const one = this.instruments[instrument];
      const value = one.contract.signedValue(size, one.markTicks);
      const notional = value < 0 ? -value : value;
      const cost = rows[row + COST];
      return rows[row + MARGIN] + value - cost - one.maintenance(notional, cost, size);
    }
    let slack = rows[base + WALLET];
    for (let k = 0; k < this.count; k++) {
      const row = base + k * STRIDE;
      const size = rows[row];
      if (size === 0) continue;
      const one = this.instruments[k];
      const value = one.contract.signedValue(size, one.markTicks);
      const notional = value < 0 ? -value : value;
      const cost = rows[row + COST];
      slack += value - cost - one.maintenance(notional, cost, size);
    }
    return slack;
  }

  /** Returns the same with one instrument's mark elsewhere. */
  slackAt(account: number, instrument: number, markTicks: number): number {
    const one = this.instruments[instrument];
    const mark = one.markTicks;
    one.markTicks = markTicks;
    const slack = this.slack(account, instrument);
    one.markTicks = mark;
    return slack;
  }

  /**
   * Re-examines an account whose wallet or position in an instrument changed: collects it when in
   * breach, else sets its thresholds anew.
   */
  touch(account: number, instrument: number): void {
    if (this.isolated[account] !== 0) {
      const item = account * this.count + instrument;
      if (this.queued[item] !== 0) return;
      const size = this.ledger.rows[item * STRIDE];
      const slack = this.slack(account, instrument);
      if (slack < 0) this.collect(account, instrument);
      else if (size === 0) this.thresholds[instrument].remove(account);
      else this.placeOne(account, instrument, size, slack);
      return;
    }
    if (this.queued[account * this.count] !== 0) return;
    if (this.count === 1) {
      const base = account * STRIDE;
      const rows = this.ledger.rows;
      const size = rows[base];
      if (size === 0) {
        if (rows[base + WALLET] < 0) this.collect(account, 0);
        else this.thresholds[0].remove(account);
        return;
      }
      const one = this.instruments[0];
      const value = one.contract.signedValue(size, one.markTicks);
      const notional = value < 0 ? -value : value;
      const margin = one.maintenance(notional, rows[base + COST], size);
      const slack = rows[base + WALLET] + value - rows[base + COST] - margin;
      if (slack < 0) this.collect(account, 0);
      else this.place(account, one, size, notional, margin, slack);
      return;
    }
    this.touchCross(account, instrument);
  }

  /**
   * Collects every account whose threshold the mark of an instrument has reached and that is in
   * breach.
   */
  cross(instrument: number): void {
    const index = this.thresholds[instrument];
    const one = this.instruments[instrument];
    const mark = one.markTicks;
    const ticksMax = one.ticksMax;
    for (;;) {
      // The lowest long at or above the mark, or where there is none the lowest short.
      let tick = index.nextAbove(mark - 1);
      if (tick < 0 || tick - ticksMax > mark) return;
      if (tick < ticksMax) tick = index.nextBelow(ticksMax);
      this.examine(index.first(tick), instrument);
    }
  }

  /**
   * Queues what was collected since the last call: threshold crossed first, then a hash of seed,
   * account key and breach count.
   */
  commit(instrument: number, dueMicros: number): void {
    const count = this.foundCount;
    if (count === 0) return;
    this.foundCount = 0;
    if (count === 1) {
      this.enqueue(this.found[0], instrument, dueMicros);
      return;
    }
    if (this.keys.length < count) {
      this.keys = new Float64Array(count * 2);
      this.order = new Int32Array(count * 2);
    }
    for (let i = 0; i < count; i++) {
      const account = this.found[i];
      const hash = mix32(this.seed, this.tieKeys[account], this.ordinals[account]);
      this.keys[i] = hash * 2097152 + account;
      this.order[i] = i;
    }
    sortByKey(this.keys, this.order, count);
    for (let i = 0; i < count; i++) this.keys[i] = -this.depth(this.found[i], instrument);
    sortByKey(this.keys, this.order, count);
    for (let i = 0; i < count; i++) {
      this.enqueue(this.found[this.order[i]], instrument, dueMicros);
    }
  }

  /** Breaks ties by another seed from now on. */
  reseed(seed: number): void {
    this.seed = seed;
  }

  /** Forgets every threshold and breach. */
  clear(): void {
    this.queue.clear();
    this.queued.fill(0);
    for (const index of this.thresholds) index.clear();
  }

  /**
   * Ends the liquidation of an account (cross) or position (isolated): it may be examined again.
   */
  release(account: number, instrument: number): void {
    this.queued[this.flagOf(account, instrument)] = 0;
  }

  /** Marks an account or position as taken, as when a restored queue names it. */
  seize(account: number, instrument: number): void {
    this.queued[this.flagOf(account, instrument)] = 1;
    this.forget(account, instrument);
  }

  isQueued(account: number, instrument: number): boolean {
    return this.queued[this.flagOf(account, instrument)] !== 0;
  }

  /** Returns the threshold in ticks held for a position, -1 for none. */
  thresholdOf(account: number, instrument: number): number {
    const tick = this.thresholds[instrument].tickOf(account);
    const ticksMax = this.instruments[instrument].ticksMax;
    return tick >= ticksMax ? tick - ticksMax : tick;
  }

  /**
   * Adds up the lots of positions by the tick at which their account would come to be in breach if
   * this mark alone moved: longs below the mark (`sign` -1) or shorts above it (1). Bucket k holds
   * (edges[k + 1], edges[k]] below, [edges[k], edges[k + 1]) above; `edges` has one more entry than
   * `lots`, going outward. What is being liquidated is left out. The result follows from the state
   * alone, not from how early the indexed thresholds are. O(positions within reach).
   */
  lotsByThreshold(instrument: number, sign: number, edges: Int32Array, lots: Float64Array): void {
    const index = this.thresholds[instrument];
    const { ticksMax } = this.instruments[instrument];
    const reach = edges[lots.length];
    if (sign < 0) {
      // Indexed ticks are early: whoever breaches within reach is indexed within reach.
      for (let tick = index.nextBelow(ticksMax); tick > reach; tick = index.nextBelow(tick)) {
        for (let a = index.first(tick); a >= 0; a = index.next(a)) {
          this.addLots(a, instrument, 1, edges, lots);
        }
      }
      return;
    }
    let tick = index.nextAbove(ticksMax - 1);
    for (; tick >= 0 && tick - ticksMax < reach; tick = index.nextAbove(tick)) {
      for (let a = index.first(tick); a >= 0; a = index.next(a)) {
        this.addLots(a, instrument, -1, edges, lots);
      }
    }
  }

  /** Adds a position to the first bucket at whose outer tick the account is in breach. */
  private addLots(
    account: number,
    instrument: number,
    inward: number,
    edges: Int32Array,
    lots: Float64Array,
  ): void {
    let low = 0;
    let high = lots.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.slackAt(account, instrument, edges[middle + 1] + inward) < 0) high = middle;
      else low = middle + 1;
    }
    if (low === lots.length) return;
    const size = this.ledger.rows[(account * this.count + instrument) * STRIDE];
    lots[low] += size < 0 ? -size : size;
  }

  /** Verifies that nobody in breach is missed. O(accounts). @throws Error */
  check(): void {
    for (let instrument = 0; instrument < this.count; instrument++)
      this.thresholds[instrument].check();
  }

  private flagOf(account: number, instrument: number): number {
    return account * this.count + (this.isolated[account] !== 0 ? instrument : 0);
  }

  private enqueue(account: number, instrument: number, dueMicros: number): void {
    if (this.watcher !== null) {
      const size = this.ledger.rows[(account * this.count + instrument) * STRIDE];
      const depth = size === 0 ? 0 : this.depth(account, instrument);
      const mark = this.instruments[instrument].markTicks;
      const level = size === 0 ? 0 : size > 0 ? mark + depth : mark - depth;
      this.watcher.breached(account, instrument, level, this.ordinals[account] + 1);
    }
    this.queue.push(account * this.count + instrument, dueMicros);
  }

  private collect(account: number, instrument: number): void {
    this.seize(account, instrument);
    if (this.foundCount === this.found.length) {
      const longer = new Int32Array(this.foundCount * 2);
      longer.set(this.found);
      this.found = longer;
    }
    this.found[this.foundCount++] = account;
  }

  private forget(account: number, instrument: number): void {
    if (this.isolated[account] !== 0) {
      this.thresholds[instrument].remove(account);
      return;
    }
    for (let k = 0; k < this.count; k++) this.thresholds[k].remove(account);
  }

  /**
   * Handles a hit of the index; whatever happens, the account's threshold moves beyond the mark.
   */
  private examine(account: number, instrument: number): void {
    const slack = this.slack(account, instrument);
    if (slack < 0) {
      this.collect(account, instrument);
      return;
    }
    if (this.isolated[account] === 0 && this.positions(account) > 1) {
      this.touchCross(account, instrument);
      return;
    }
    this.placeExact(account, instrument);
  }

  private positions(account: number): number {
    let positions = 0;
    for (let k = 0; k < this.count; k++) {
      if (this.ledger.rows[(account * this.count + k) * STRIDE] !== 0) positions++;
    }
    return positions;
  }

  private touchCross(account: number, instrument: number): void {
    const rows = this.ledger.rows;
    const base = account * this.count * STRIDE;
    let slack = rows[base + WALLET];
    let total = 0;
    for (let k = 0; k < this.count; k++) {
      const row = base + k * STRIDE;
      const size = rows[row];
      if (size === 0) continue;
      const one = this.instruments[k];
      const value = one.contract.signedValue(size, one.markTicks);
      const notional = value < 0 ? -value : value;
      const margin = one.maintenance(notional, rows[row + COST], size);
      this.notionals[k] = notional;
      this.margins[k] = margin;
      total += notional;
      slack += value - rows[row + COST] - margin;
    }
    if (slack < 0) {
      this.collect(account, instrument);
      return;
    }
    for (let k = 0; k < this.count; k++) {
      const size = rows[base + k * STRIDE];
      if (size === 0) {
        this.thresholds[k].remove(account);
        continue;
      }
      const notional = this.notionals[k];
      const share = total === 0 ? 0 : notional === total ? slack : (slack * notional) / total;
      this.place(account, this.instruments[k], size, notional, this.margins[k], share);
    }
  }

  private placeOne(account: number, instrument: number, size: number, slack: number): void {
    const one = this.instruments[instrument];
    const notional = one.contract.notional(size, one.markTicks);
    const cost = this.ledger.costOf(account, instrument);
    this.place(account, one, size, notional, one.maintenance(notional, cost, size), slack);
  }

  /**
   * Sets the threshold at which the position alone would use up `slack`, rounded to the early side.
   */
  private place(
    account: number,
    one: Instrument,
    size: number,
    notional: number,
    margin: number,
    slack: number,
  ): void {
    const mark = one.markTicks;
    const sign = size > 0 ? one.contract.notionalSign : -one.contract.notionalSign;
    const target = sign * notional - margin - slack + ROUNDING_QUANTA;
    const critical = one.entryBasis
      ? sign * (target + margin)
      : one.margin.notionalWhere(sign, target, size);
    let tick: number;
    if (critical <= 0) {
      tick = sign > 0 ? -1 : size > 0 ? mark - 1 : mark + 1;
    } else {
      const price = one.contract.priceOfNotional(size, critical);
      if (size > 0) {
        tick = Math.floor(price) + 1;
        if (!(tick < mark)) tick = mark - 1;
      } else {
        tick = Math.ceil(price) - 1;
        if (!(tick > mark)) tick = mark + 1;
      }
    }
    this.index(account, one, size, tick);
  }

  /** Sets the exact threshold by bisection: the account is not in breach at the present mark. */
  private placeExact(account: number, instrument: number): void {
    const one = this.instruments[instrument];
    const size = this.ledger.rows[(account * this.count + instrument) * STRIDE];
    const mark = one.markTicks;
    // `safe` is not in breach, `bad` is (or lies outside the range). What hit the index is near.
    let safe = mark;
    let bad = size > 0 ? 0 : one.ticksMax;
    for (let reach = 1; ; reach *= 2) {
      const probe = size > 0 ? mark - reach : mark + reach;
      if (probe <= 0 || probe >= one.ticksMax) break;
      if (this.slackAt(account, instrument, probe) < 0) {
        bad = probe;
        break;
      }
      safe = probe;
    }
    while (bad - safe > 1 || safe - bad > 1) {
      const middle = (safe + bad) >> 1;
      if (this.slackAt(account, instrument, middle) < 0) bad = middle;
      else safe = middle;
    }
    this.index(account, one, size, bad);
  }

  private index(account: number, one: Instrument, size: number, tick: number): void {
    const index = this.thresholds[one.number];
    if (tick < 1 || tick >= one.ticksMax) {
      index.remove(account);
      return;
    }
    const place = size > 0 ? tick : one.ticksMax + tick;
    if (index.tickOf(account) === place) return;
    index.remove(account);
    index.insert(account, place);
  }

  /**
   * Returns how many ticks the mark lies beyond the exact threshold; ticksMax for a flat position.
   */
  private depth(account: number, instrument: number): number {
    const one = this.instruments[instrument];
    const size = this.ledger.rows[(account * this.count + instrument) * STRIDE];
    if (size === 0) return one.ticksMax;
    const mark = one.markTicks;
    let bad = mark;
    let safe = size > 0 ? one.ticksMax : 0;
    // Most breaches are found a tick or two beyond their thresholds.
    for (let reach = 1; ; reach *= 2) {
      const probe = size > 0 ? mark + reach : mark - reach;
      if (probe <= 0 || probe >= one.ticksMax) break;
      if (this.slackAt(account, instrument, probe) >= 0) {
        safe = probe;
        break;
      }
      bad = probe;
    }
    while (bad - safe > 1 || safe - bad > 1) {
      const middle = (safe + bad) >> 1;
      if (this.slackAt(account, instrument, middle) < 0) bad = middle;
      else safe = middle;
    }
    return bad > mark ? bad - mark : mark - bad;
  }
}

/** A growing FIFO of (item, due time). */
export class BreachQueue {
  private items = new Int32Array(256);
  private dues = new Float64Array(256);
  private head = 0;
  private size = 0;

  push(item: number, dueMicros: number): void {
    const capacity = this.items.length;
    if (this.size === capacity) this.grow();
    const at = (this.head + this.size) & (this.items.length - 1);
    this.items[at] = item;
    this.dues[at] = dueMicros;
    this.size++;
  }

  count(): number {
    return this.size;
  }

  /** Returns the i-th item from the head. */
  item(i: number): number {
    return this.items[(this.head + i) & (this.items.length - 1)];
  }

  /** Returns the due time of the i-th item from the head; Infinity when there is none. */
  due(i: number): number {
    return i < this.size ? this.dues[(this.head + i) & (this.items.length - 1)] : Infinity;
  }

  /** Removes the head and returns its item. */
  pop(): number {
    const item = this.items[this.head];
    this.head = (this.head + 1) & (this.items.length - 1);
    this.size--;
    return item;
  }

  clear(): void {
    this.head = 0;
    this.size = 0;
  }

  private grow(): void {
    const items = new Int32Array(this.items.length * 2);
    const dues = new Float64Array(items.length);
    for (let i = 0; i < this.size; i++) {
      items[i] = this.item(i);
      dues[i] = this.due(i);
    }
    this.items = items;
    this.dues = dues;
    this.head = 0;
  }
}
