/**
 * How much of what forced orders did to the price was their size, and how much quotes that had gone.
 *
 * A cancelled quote moves no mark, but the next sale goes further without it. When a cascade's first order
 * comes to the book, the side it trades against is remembered. Each order of the cascade is walked through
 * that memory from where the last one ended there: as far as it would have gone is its flow part. How much
 * further its last fill lies is due to quotes withdrawn meanwhile, and to trades of others, by the lots they
 * took away. Both count at the prices the order went through; withdrawn is net of what the same cohort
 * posted there again.
 */
import { type OrderBook, Side, TAPE, TapeKind } from '../book/index.js';
import type { NumberSink, NumberSource } from '../contagion/index.js';
import { EventKind, type EventLog, kindOfInstrument } from '../trace/index.js';
import type { Instrument } from './instrument.js';

/** Levels remembered. */
const LEVELS = 512;

/** What one forced order did; ticks are distances. */
export interface ForcedOrder {
  timeMicros: number;
  account: number;
  liquidation: number;
  /** Event its cascade goes back to, and its own. */
  root: number;
  event: number;
}

/** Memory of the book at the start of the cascade under way. */
export class LiquidityShare {
  /** Whether a cascade has begun: before that nobody need tell of quotes and trades. */
  isWatching = false;
  private readonly log: EventLog;
  private root = -1;
  private instrument = -1;
  private side = 0;
  /** Best price first; lots up to and with each level. */
  private levels = 0;
  private readonly prices = new Int32Array(LEVELS);
  private readonly reach = new Float64Array(LEVELS);
  private readonly fills = new Float64Array(LEVELS);
  /** Lots of the cascade walked so far. */
  private walked = 0;
  /** Lots each cohort withdrew, net, level x cohorts + cohort; and lots that trades of others took. */
  private readonly withdrawn: Float64Array;
  private readonly taken = new Float64Array(LEVELS);
  private readonly cohorts: number;
  /** Sums over the levels an order went through. */
  private readonly gone: Float64Array;

  constructor(log: EventLog, cohorts: number) {
    this.log = log;
    this.cohorts = cohorts;
    this.withdrawn = new Float64Array(LEVELS * cohorts);
    this.gone = new Float64Array(cohorts);
  }

  /** Notes lots of a cohort that left (+) or joined (-) a side of a book without a trade. */
  withdrew(cohort: number, instrument: number, side: number, price: number, lots: number): void {
    if (instrument !== this.instrument || side !== this.side || !this.remembers(price)) return;
    this.withdrawn[this.levelOf(price) * this.cohorts + cohort] += lots;
  }

  /** Notes lots that an order of nobody's liquidation took out of a side. */
  took(instrument: number, side: number, price: number, lots: number): void {
    if (instrument !== this.instrument || side !== this.side || !this.remembers(price)) return;
    this.taken[this.levelOf(price)] += lots;
  }

  /** Takes a forced order whose fills are on the tape, not yet settled. O(fills + levels remembered). */
  forced(one: Instrument, takerSide: number, order: ForcedOrder): void {
    const { book } = one;
    const side = takerSide === Side.bid ? Side.ask : Side.bid;
    let last = -1;
    let lots = 0;
    for (let r = 0, at = 0; r < book.tapeCount; r++, at += TAPE.stride) {
      if (book.tape[at + TAPE.kind] !== TapeKind.fill) continue;
      last = book.tape[at + TAPE.priceTicks];
      lots += book.tape[at + TAPE.sizeLots];
    }
    if (lots === 0) return;
    const begins =
      order.root !== this.root || one.number !== this.instrument || side !== this.side;
    // Beyond what is remembered nothing can be said: the memory begins anew with the book as it is.
    const isSpent = begins || this.walked + lots > this.reach[this.levels - 1];
    if (isSpent) this.remember(one.number, side, book, order.root);
    const from = this.priceAt(this.walked + 1);
    this.walked += lots;
    const way = side === Side.bid ? from - last : last - from;
    // Quotes may have joined as well: then it moved less than its size alone would have.
    const moved = way > 0 ? way : 0;
    const flow = Math.min(moved, Math.abs(this.priceAt(this.walked) - from));
    this.sumGone(from, last);
    this.tell(one.number, order, { lots, moved, flow });
  }

  /** Forgets the cascade. */
  reset(): void {
    this.isWatching = false;
    this.root = -1;
    this.instrument = -1;
    this.levels = 0;
  }

  write(sink: NumberSink): void {
    for (const x of [this.root, this.instrument, this.side, this.levels, this.walked]) sink.float(x);
    for (let k = 0; k < this.levels; k++) {
      sink.float(this.prices[k]);
      sink.float(this.reach[k]);
      sink.float(this.taken[k]);
    }
    for (let i = 0; i < this.levels * this.cohorts; i++) sink.float(this.withdrawn[i]);
  }

  read(source: NumberSource): void {
    this.root = source.float();
    this.instrument = source.float();
    this.isWatching = this.instrument >= 0;
    this.side = source.float();
    this.levels = source.float();
    this.walked = source.float();
    for (let k = 0; k < this.levels; k++) {
      this.prices[k] = source.float();
      this.reach[k] = source.float();
      this.taken[k] = source.float();
    }
    for (let i = 0; i < this.levels * this.cohorts; i++) this.withdrawn[i] = source.float();
  }

  /** Remembers a side as it was before the fills on the tape. */
  private remember(instrument: number, side: number, book: OrderBook, root: number): void {
    this.isWatching = true;
    this.root = root;
    this.instrument = instrument;
    this.side = side;
    this.walked = 0;
    this.taken.fill(0);
    this.withdrawn.fill(0);
    this.levels = 0;
    for (let r = 0, at = 0; r < book.tapeCount; r++, at += TAPE.stride) {
      if (book.tape[at + TAPE.kind] !== TapeKind.fill) continue;
      this.add(book.tape[at + TAPE.priceTicks], book.tape[at + TAPE.sizeLots]);
    }
    let tick = side === Side.bid ? book.bestBid() : book.bestAsk();
    for (; tick >= 0 && this.levels < LEVELS; tick = book.nextLevel(side, tick)) {
      this.add(tick, book.lotsAt(side, tick));
    }
    let reach = 0;
    for (let k = 0; k < this.levels; k++) {
      reach += this.fills[k];
      this.reach[k] = reach;
    }
  }

  private add(price: number, lots: number): void {
    const last = this.levels - 1;
    if (last >= 0 && this.prices[last] === price) {
      this.fills[last] += lots;
      return;
    }
    if (this.levels === LEVELS) return;
    this.prices[this.levels] = price;
    this.fills[this.levels++] = lots;
  }

  /** Price at which the n-th lot would have traded, n >= 1; the last remembered beyond them. */
  private priceAt(lots: number): number {
    let low = 0;
    let high = this.levels - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.reach[middle] >= lots) high = middle;
      else low = middle + 1;
    }
    return this.prices[low];
  }

  private remembers(price: number): boolean {
    const end = this.prices[this.levels - 1];
    return this.side === Side.bid ? price >= end : price <= end;
  }

  /** First remembered level at or beyond a price, the last for prices beyond all. */
  private levelOf(price: number): number {
    const isBid = this.side === Side.bid;
    let low = 0;
    let high = this.levels - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBid ? this.prices[middle] <= price : this.prices[middle] >= price) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Sums what left the levels between two prices; what others took stands in `othersGone`. */
  private sumGone(from: number, last: number): void {
    this.gone.fill(0);
    this.othersGone = 0;
    const end = this.levelOf(last);
    for (let k = this.levelOf(from); k <= end; k++) {
      this.othersGone += this.taken[k];
      for (let c = 0; c < this.cohorts; c++) this.gone[c] += this.withdrawn[k * this.cohorts + c];
    }
  }

  private othersGone = 0;

  private tell(
    instrument: number,
    order: ForcedOrder,
    { lots, moved, flow }: { lots: number; moved: number; flow: number },
  ): void {
    const { timeMicros, account, liquidation, event } = order;
    let missing = this.othersGone;
    for (const one of this.gone) if (one > 0) missing += one;
    const excess = moved - flow;
    const quotes = missing > 0 ? (excess * (missing - this.othersGone)) / missing : 0;
    const kind = kindOfInstrument(EventKind.impact, instrument);
    this.log.append(kind, timeMicros, account, 0, 0, lots, liquidation, moved, flow, quotes, event);
    if (!(quotes > 0)) return;
    const part = kindOfInstrument(EventKind.withdrawal, instrument);
    for (let c = 0; c < this.cohorts; c++) {
      const gone = this.gone[c];
      if (!(gone > 0)) continue;
      const ticks = (excess * gone) / missing;
      this.log.append(part, timeMicros, account, c, 0, gone, liquidation, 0, 0, ticks, event);
    }
  }
}
