/** The matching side: takes every input of a window in the order (time, class, tie). */
import { SelfTrade } from '../book/index.js';
import type { EventLog } from '../trace/index.js';
import { appendCohort, appendSeries, emptySeriesSample, EventKind } from '../trace/index.js';
import type { PerpetualVenue, ReportSink } from '../venue/index.js';
import { Reject, ReportKind } from '../venue/index.js';
import { sortByKey } from '../kernel/index.js';
import { AgentField, Economics, MarketField, MARKET_FIELDS, OrderKind } from '../strategy/index.js';
import type { Population } from './layout.js';
import { IntentField, IntentOp, ReportField } from './layout.js';
import type { CrowdBoard } from './crowd-board.js';
import type { MapBoard } from './map-board.js';
import type { MarketBoard } from './market-board.js';
import { exogenousSlots } from './venue-accounts.js';
import type { Shard } from './shard.js';
import type { FaultSpec, WorldSpec } from './world-spec.js';

/** Input classes at equal times; lower goes first. Orders come last, by their tie keys. */
const InputClass = {
  fault: 0, index: 2, timed: 3, exogenous: 4, series: 5, map: 6, none: 7,
} as const;

/** Times of one window are below 2^20 microseconds, so (time, tie) fits one exact float64 key. */
const TIE_SPAN = 4294967296;

/** Price extremes and drawdown of a stream of prices in ticks. */
export class PriceTrack {
  start = 0;
  low = Infinity;
  high = 0;
  end = 0;
  maxDrawdownFraction = 0;

  /** Takes the next price. */
  add(priceTicks: number): void {
    if (this.start === 0) this.start = priceTicks;
    this.end = priceTicks;
    if (priceTicks > this.high) this.high = priceTicks;
    if (priceTicks < this.low) this.low = priceTicks;
    const drawdown = 1 - priceTicks / this.high;
    if (drawdown > this.maxDrawdownFraction) this.maxDrawdownFraction = drawdown;
  }
}

/** What the market works between. */
export interface MarketSides {
  readonly spec: WorldSpec;
  readonly population: Population;
  readonly shards: readonly Shard[];
  readonly board: MarketBoard;
  readonly crowd: CrowdBoard | null;
  readonly maps: MapBoard | null;
}

/** The market thread's half of a window, and the mail it sends to the shards. */
export class Market implements ReportSink {
  venue!: PerpetualVenue;
  readonly #spec: WorldSpec;
  readonly #population: Population;
  readonly #shards: readonly Shard[];
  readonly #board: MarketBoard;
  readonly #log: EventLog;
  readonly #economics: readonly Economics[];
  readonly #crowd: CrowdBoard | null;
  readonly #maps: MapBoard | null;
  /** Some instrument decrements an order that meets its owner's. */
  readonly #mailAcceptances: boolean;
  readonly #feedLatency: Float64Array;
  readonly #indexAt: Int32Array;
  #faultAt = 0;
  #faultTimes: Float64Array;
  #faults: readonly FaultSpec[];
  /** 1 for cohorts whose orders are refused; null where there are none. */
  #muted: Uint8Array | null = null;
  #exogenousAt = 0;
  /** Slot of each exogenous order in its account. */
  readonly #exogenousSlots: Int32Array;
  #seriesDue: number;
  readonly #sample = emptySeriesSample();
  #keys = new Float64Array(1024);
  #order = new Int32Array(1024);
  #records = new Int32Array(1024);
  #owner = new Uint8Array(1024);
  /** Orders, cancels and replaces that reached the venue. */
  orderActions = 0;
  readonly lastPrice: PriceTrack[] = [];
  readonly indexPrice: PriceTrack[] = [];

  constructor(sides: MarketSides, log: EventLog) {
    const { spec, population } = sides;
    this.#spec = spec;
    this.#population = population;
    this.#shards = sides.shards;
    this.#board = sides.board;
    this.#crowd = sides.crowd;
    this.#maps = sides.maps;
    this.#log = log;
    this.#mailAcceptances = spec.venue.instruments.some((one) => one.selfTrade === SelfTrade.decrement);
    this.#economics = spec.venue.instruments.map((one) => new Economics(one.contract));
    this.#feedLatency = new Float64Array(population.count);
    this.#indexAt = new Int32Array(spec.index.length);
    this.#exogenousSlots = exogenousSlots(spec.exogenous);
    this.#seriesDue = spec.seriesMicros;
    for (let i = 0; i < spec.index.length; i++) {
      this.lastPrice.push(new PriceTrack());
      this.indexPrice.push(new PriceTrack());
    }
    this.#faults = spec.faults;
    this.#faultTimes = timesOf(spec.faults);
  }

  /** Reads the agents' latencies once their rows are filled. */
  learnLatencies(): void {
    const { count, cohortOf, rows } = this.#population;
    for (let agent = 0; agent < count; agent++) {
      const row = this.#population.rowOf(agent);
      this.#feedLatency[agent] = rows[cohortOf[agent]][row + AgentField.feedLatencyMicros];
    }
  }

  /** Account that exogenous orders belong to; that of `isProgram` orders is the next one. */
  get exogenousAccount(): number {
    return this.#population.count;
  }

  /** Mails what happened to an account, with its state at that moment, to its agent. */
  report(
    kind: number,
    time: number,
    account: number,
    instrument: number,
    slot: number,
    filledLots: number,
    leavesLots: number,
    _priceTicks: number,
  ): void {
    if (account >= this.#population.count) return;
    // An acceptance tells an agent nothing it does not assume, unless its own order was decremented.
    if (kind === ReportKind.accepted && !this.#mailAcceptances) return;
    if (account < 0) {
      this.#tellEveryone(kind, time);
      return;
    }
    const arrival = time + this.#feedLatency[account];
    const { reports } = this.#shards[this.#population.shardOf[account]];
    const r = reports.push(Math.floor(arrival / this.#spec.windowMicros));
    const { records } = reports;
    const { venue } = this;
    records[r + ReportField.time] = arrival;
    records[r + ReportField.agent] = account;
    records[r + ReportField.kind] = kind;
    records[r + ReportField.slot] = slot;
    records[r + ReportField.filledLots] = filledLots;
    records[r + ReportField.leavesLots] = leavesLots;
    records[r + ReportField.position] = venue.positionOf(account, instrument);
    records[r + ReportField.cost] = venue.costOf(account, instrument);
    records[r + ReportField.wallet] = venue.walletOf(account);
  }

  /** Earliest window with a scheduled input or an intent. */
  nextWindow(): number {
    let next = Math.floor(this.#nextScheduled() / this.#spec.windowMicros);
    for (const shard of this.#shards) {
      const w = shard.intents.nextWindow();
      if (w < next) next = w;
    }
    return next;
  }

  /** Matches one window; publishes a snapshot at its end if anything happened in it. */
  match(window: number): boolean {
    const end = (window + 1) * this.#spec.windowMicros;
    const count = this.#gather(window);
    let happened = count > 0;
    const { venue } = this;
    for (let k = 0; ; ) {
      const scheduled = this.#nextScheduled();
      const intent = k < count ? this.#timeOf(this.#order[k]) : Infinity;
      if (scheduled >= end && intent >= end) break;
      // Every scheduled class precedes orders of the same time, except series rows and maps.
      const first = scheduled < intent || (scheduled === intent && this.#class < InputClass.series);
      if (first) {
        this.#runScheduled(scheduled);
        happened = true;
      } else this.#runIntent(this.#order[k++]);
    }
    if (!happened) return false;
    this.#publish(window);
    venue.resetWindow();
    return true;
  }

  #class: number = InputClass.none;

  /** Time of the next scheduled input; leaves its class in `#class`. */
  #nextScheduled(): number {
    let next = Infinity;
    this.#class = InputClass.none;
    if (this.#faultAt < this.#faultTimes.length) {
      next = this.#faultTimes[this.#faultAt];
      this.#class = InputClass.fault;
    }
    const { index } = this.#spec;
    for (let i = 0; i < index.length; i++) {
      const at = this.#indexAt[i];
      if (at >= index[i].timesMicros.length) continue;
      const time = index[i].timesMicros[at];
      if (time < next) {
        next = time;
        this.#class = InputClass.index;
      }
    }
    const timed = this.venue.nextTimedMicros();
    if (timed < next) {
      next = timed;
      this.#class = InputClass.timed;
    }
    if (this.#exogenousAt < this.#spec.exogenous.length) {
      const time = this.#spec.exogenous[this.#exogenousAt].timeMicros;
      if (time < next) {
        next = time;
        this.#class = InputClass.exogenous;
      }
    }
    if (this.#seriesDue < next) {
      next = this.#seriesDue;
      this.#class = InputClass.series;
    }
    if (this.#maps !== null && this.#maps.nextMicros() < next) {
      next = this.#maps.nextMicros();
      this.#class = InputClass.map;
    }
    return next;
  }

  #runScheduled(time: number): void {
    switch (this.#class) {
      case InputClass.fault:
        this.#runFaults(time);
        break;
      case InputClass.index:
        this.#runIndex(time);
        break;
      case InputClass.timed:
        this.venue.timed(time);
        break;
      case InputClass.exogenous:
        this.#runExogenous(time);
        break;
      case InputClass.map:
        this.#maps?.draw(this.venue, this.#economics);
        break;
      default:
        this.writeSeries(time);
        this.#seriesDue += this.#spec.seriesMicros;
    }
  }

  /** Halts while any fault is on; back-to-back faults do not resume in between. */
  #runFaults(time: number): void {
    while (this.#faultTimes[this.#faultAt] === time) this.#faultAt++;
    let on = false;
    for (const fault of this.#faults) {
      if (fault.fromMicros <= time && time < fault.untilMicros) on = true;
    }
    this.#log.append(EventKind.fault, time, -1, on ? 1 : 0, 0, 0, 0, 0, 0, 0, 0);
    if (on && !this.venue.halted) this.venue.halt(time, 0);
    else if (!on && this.venue.halted) this.venue.resume(time);
  }

  #tellEveryone(kind: number, time: number): void {
    const { cohortOf, cohorts, count } = this.#population;
    for (let a = 0; a < count; a++) {
      this.report(kind, time, a, cohorts[cohortOf[a]].instrument, -1, 0, 0, 0);
    }
  }

  /** Gives the venue the first index price, before anything else happens. */
  openIndex(instrument: number): void {
    const path = this.#spec.index[instrument];
    this.#indexAt[instrument] = 1;
    this.indexPrice[instrument].add(path.priceTicks[0]);
    this.venue.index(0, instrument, path.priceTicks[0]);
  }

  #runIndex(time: number): void {
    const { index } = this.#spec;
    for (let i = 0; i < index.length; i++) {
      const at = this.#indexAt[i];
      if (at >= index[i].timesMicros.length || index[i].timesMicros[at] !== time) continue;
      this.#indexAt[i]++;
      const ticks = index[i].priceTicks[at];
      this.indexPrice[i].add(ticks);
      this.venue.index(time, i, ticks);
    }
  }

  #runExogenous(time: number): void {
    const at = this.#exogenousAt++;
    const order = this.#spec.exogenous[at];
    const account = this.exogenousAccount + (order.isProgram === true ? 1 : 0);
    const slot = this.#exogenousSlots[at];
    this.orderActions++;
    this.venue.submit(
      time, account, order.instrument, slot, order.side, order.kind,
      order.priceTicks, order.sizeLots, order.kind === OrderKind.limit ? 0 : 1, 0, 0, 0,
    );
  }

  /** Collects the window's intents of all shards in the order (time, tie, agent key, number). */
  #gather(window: number): number {
    let count = 0;
    const from = window * this.#spec.windowMicros;
    for (let s = 0; s < this.#shards.length; s++) {
      const { intents } = this.#shards[s];
      const n = intents.count(window);
      if (n === 0) continue;
      if (count + n > this.#keys.length) this.#grow(count + n);
      const { records } = intents;
      for (let r = intents.first(window); r >= 0; r = intents.next(r)) {
        const time = records[r + IntentField.time] - from;
        this.#keys[count] = time * TIE_SPAN + records[r + IntentField.tie];
        this.#records[count] = r;
        this.#owner[count] = s;
        this.#order[count] = count;
        count++;
      }
    }
    if (count > 1) {
      sortByKey(this.#keys, this.#order, count);
      this.#breakTies(count);
    }
    return count;
  }

  /** Equal keys of different agents (about one pair in 2^32) go by agent key. */
  #breakTies(count: number): void {
    const order = this.#order;
    for (let k = 1; k < count; k++) {
      const entry = order[k];
      let j = k - 1;
      while (j >= 0 && this.#keys[order[j]] === this.#keys[entry] && this.#follows(order[j], entry)) {
        order[j + 1] = order[j];
        j--;
      }
      order[j + 1] = entry;
    }
  }

  /** Whether a's agent key comes after b's. */
  #follows(a: number, b: number): boolean {
    const agentA = this.#agentOf(a);
    const agentB = this.#agentOf(b);
    if (agentA === agentB) return false;
    const { cohortOf, rows } = this.#population;
    const rowsA = rows[cohortOf[agentA]];
    const rowsB = rows[cohortOf[agentB]];
    const rowA = this.#population.rowOf(agentA);
    const rowB = this.#population.rowOf(agentB);
    const high = rowsA[rowA + AgentField.keyHigh] - rowsB[rowB + AgentField.keyHigh];
    if (high !== 0) return high > 0;
    return rowsA[rowA + AgentField.keyLow] > rowsB[rowB + AgentField.keyLow];
  }

  #agentOf(entry: number): number {
    const { records } = this.#shards[this.#owner[entry]].intents;
    return records[this.#records[entry] + IntentField.agent];
  }

  #timeOf(entry: number): number {
    const { records } = this.#shards[this.#owner[entry]].intents;
    return records[this.#records[entry] + IntentField.time];
  }

  #runIntent(entry: number): void {
    const { records } = this.#shards[this.#owner[entry]].intents;
    const r = this.#records[entry];
    const time = records[r + IntentField.time];
    const agent = records[r + IntentField.agent];
    const slot = records[r + IntentField.slot];
    const { cohortOf, cohorts } = this.#population;
    const { instrument } = cohorts[cohortOf[agent]];
    if (this.#muted !== null && this.#muted[cohortOf[agent]] !== 0) {
      this.report(ReportKind.rejected, time, agent, instrument, slot, 0, Reject.Muted, 0);
      return;
    }
    this.orderActions++;
    const op = records[r + IntentField.op];
    const price = records[r + IntentField.priceTicks];
    const size = records[r + IntentField.sizeLots];
    if (op === IntentOp.cancel) this.venue.cancel(time, agent, instrument, slot);
    else if (op === IntentOp.replace) this.venue.replace(time, agent, instrument, slot, price, size);
    else {
      const packed = records[r + IntentField.packed];
      this.venue.submit(
        time, agent, instrument, slot, packed & 1, (packed >> 1) & 7, price, size,
        (packed >> 4) & 3, (packed >> 6) & 15, records[r + IntentField.triggerTicks],
        (packed >> 10) & 3,
      );
    }
  }

  /** Cancels the orders of cohorts at `micros`, between two windows, and refuses theirs from then on. */
  mute(cohorts: readonly number[], micros: number): void {
    const { venue } = this;
    const { cohortOf, count } = this.#population;
    const muted = new Uint8Array(this.#population.cohorts.length);
    for (const cohort of cohorts) muted[cohort] = 1;
    venue.nowMicros = micros;
    for (let a = 0; a < count; a++) {
      if (muted[cohortOf[a]] !== 0) venue.cancelOrders(a, -1, false);
    }
    this.#muted = muted;
  }

  /** Takes faults away by number from `micros` on, which lies between two windows. */
  removeFaults(numbers: readonly number[], micros: number): void {
    this.#faults = this.#spec.faults.filter((_, number) => !numbers.includes(number));
    const isOn = this.#faults.some(
      ({ fromMicros, untilMicros }) => fromMicros < micros && micros < untilMicros,
    );
    const times = [...timesOf(this.#faults)].filter((time) => time >= micros);
    // A halt that only a removed fault kept up ends here.
    if (this.venue.halted && !isOn && times[0] !== micros) times.unshift(micros);
    this.#faultTimes = Float64Array.from(times);
    this.#faultAt = 0;
  }

  /** Lowest (last / index - 1) of the first instrument at a window's end. */
  discountMinFraction = 0;
  /** Lowest worth of the insurance fund at a window's end, quote units at the mark of that time. */
  fundMinQuote = Infinity;
  /** Open interest of the first instrument when the run starts, lots. */
  openInterestStartLots = 0;

  /** Publishes the market at the end of a window. */
  #publish(window: number): void {
    const { venue } = this;
    const { values } = this.#board;
    let o = this.#board.nextOffset();
    const previous = this.#board.newestOffset();
    for (let i = 0; i < this.#spec.index.length; i++, o += MARKET_FIELDS) {
      // Within one window the high is taken to come first.
      this.lastPrice[i].add(venue.windowHigh(i));
      this.lastPrice[i].add(venue.windowLow(i));
      this.lastPrice[i].add(venue.lastTicks(i));
      const bid = venue.bestBid(i);
      const ask = venue.bestAsk(i);
      values[o + MarketField.window] = window;
      values[o + MarketField.bestBid] = bid;
      values[o + MarketField.bestAsk] = ask;
      values[o + MarketField.bestBidLots] = venue.bestBidLots(i);
      values[o + MarketField.bestAskLots] = venue.bestAskLots(i);
      values[o + MarketField.last] = venue.lastTicks(i);
      values[o + MarketField.mark] = venue.markTicks(i);
      values[o + MarketField.index] = venue.indexTicks(i);
      values[o + MarketField.fundingRate] = venue.fundingRate(i);
      values[o + MarketField.nextFunding] = venue.nextFundingMicros(i);
      values[o + MarketField.high] = venue.windowMarkHigh(i);
      values[o + MarketField.low] = venue.windowMarkLow(i);
      values[o + MarketField.volume] = venue.volumeLots(i);
      values[o + MarketField.openInterest] = venue.openInterestLots(i);
      values[o + MarketField.halted] = venue.halted ? 1 : 0;
      values[o + MarketField.mid] =
        bid > 0 && ask > 0
          ? (bid + ask) / 2
          : this.#board.published === 0
            ? venue.markTicks(i)
            : values[previous + i * MARKET_FIELDS + MarketField.mid];
    }
    const fundQuote = this.#economics[0].quantaToQuote(venue.fund(), venue.markTicks(0));
    if (fundQuote < this.fundMinQuote) this.fundMinQuote = fundQuote;
    const discount = venue.lastTicks(0) / venue.indexTicks(0) - 1;
    if (discount < this.discountMinFraction) this.discountMinFraction = discount;
    this.#crowd?.publish(this.#board.nextOffset() / this.#board.stride);
    this.#board.publish();
  }

  /** Publishes the market before the first window. */
  publishStart(): void {
    this.#maps?.draw(this.venue, this.#economics);
    this.#publish(-1);
    this.openInterestStartLots = this.venue.openInterestLots(0);
    this.venue.resetWindow();
  }

  /** Writes the series rows of the trace. */
  writeSeries(time: number): void {
    const { venue } = this;
    const s = this.#sample;
    for (let i = 0; i < this.#spec.index.length; i++) {
      const bid = venue.bestBid(i);
      const ask = venue.bestAsk(i);
      s.markTicks = venue.markTicks(i);
      s.indexTicks = venue.indexTicks(i);
      s.lastTicks = venue.lastTicks(i);
      s.bidTicks = bid > 0 ? bid : 0;
      s.askTicks = ask > 0 ? ask : 0;
      s.fundQuanta = venue.fund();
      s.openInterestLots = venue.openInterestLots(i);
      s.volumeLots = venue.volumeLots(i);
      s.liquidations = venue.liquidationCount;
      s.liquidatedNotionalQuote = venue.liquidatedNotionalQuote;
      s.liveOrders = venue.liveOrders(i);
      s.halted = venue.halted ? 1 : 0;
      s.bidDepthLots = venue.depthLots(i, 0, 100);
      s.askDepthLots = venue.depthLots(i, 1, 100);
      s.fundingRate = venue.fundingRate(i);
      s.deskLots = venue.deskInventory(i);
      appendSeries(this.#log, time, i, s);
      for (let c = 0; c < this.#population.cohorts.length; c++) {
        if (this.#population.cohorts[c].instrument !== i) continue;
        appendCohort(
          this.#log, time, i, c, venue.cohortNetLots(i, c), venue.cohortLiquidations(c),
          venue.cohortLiquidatedQuote(c),
        );
      }
    }
  }

  #grow(needed: number): void {
    const size = 2 * needed;
    const keys = new Float64Array(size);
    keys.set(this.#keys);
    this.#keys = keys;
    const records = new Int32Array(size);
    records.set(this.#records);
    this.#records = records;
    const order = new Int32Array(size);
    order.set(this.#order);
    this.#order = order;
    const owner = new Uint8Array(size);
    owner.set(this.#owner);
    this.#owner = owner;
  }

  /** Positions in the schedules, for snapshots. */
  cursors(): number[] {
    return [this.#faultAt, this.#exogenousAt, this.#seriesDue, this.orderActions, ...this.#indexAt];
  }

  /** Restores `cursors()`. */
  seek(cursors: readonly number[]): void {
    [this.#faultAt, this.#exogenousAt, this.#seriesDue, this.orderActions] = cursors;
    for (let i = 0; i < this.#indexAt.length; i++) this.#indexAt[i] = cursors[4 + i];
  }
}

/** Ends of faults in the order of time. */
function timesOf(faults: readonly FaultSpec[]): Float64Array {
  return Float64Array.from(faults.flatMap((fault) => [fault.fromMicros, fault.untilMicros])).sort();
}
