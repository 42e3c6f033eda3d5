/** A made-up run as a trace: postings by the ledger's convention, without a market. */
import {
  EventKind,
  EventLog,
  FundReason,
  type RunMetadata,
  appendCohort,
  appendSeries,
  emptySeriesSample,
  encodeLogFooter,
  encodeLogHeader,
} from '../../sim/trace/index.js';

/** Shape of a made-up run. */
export interface TraceRunOptions {
  accounts?: number;
  trades?: number;
  samples?: number;
  seed?: number;
}

const accountsDefault = 60;
const intervalMicros = 10_000_000;

/** Metadata of a run with three cohorts on one inverse perpetual. */
export function traceMetadata(options: TraceRunOptions = {}): RunMetadata {
  const accounts = options.accounts ?? accountsDefault;
  const third = Math.floor(accounts / 3);
  const samples = options.samples ?? 40;
  return {
    scenario: 'made-up',
    seed: options.seed ?? 1,
    version: '0.1.0',
    startEpochMillis: 1583971200000,
    durationMicros: samples * intervalMicros,
    windowMicros: 100_000,
    seriesMicros: intervalMicros,
    quantaPerUnit: 1e8,
    settlement: 'XBT',
    instruments: [
      { name: 'XBTUSD', contract: 'inverse', multiplier: 2e8, quotePerTick: 0.5, quotePerLot: 1 },
    ],
    cohorts: [
      { name: 'makers', strategy: 'market-maker', firstAccount: 0, count: third },
      { name: 'crowd ☂', strategy: 'leverage-target', firstAccount: third, count: third },
      {
        name: 'retail',
        strategy: 'buy-and-hold-levered',
        firstAccount: 2 * third,
        count: accounts - 2 * third,
      },
    ],
    fundQuanta: 5e9,
    deskAccount: accounts,
  };
}

/** A small generator; the tests need numbers, not quality. */
export class Draws {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 2654435761) >>> 0;
  }

  /** Integer in [0, below). */
  int(below: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 4294967296) * below);
  }
}

interface Account {
  lots: number;
  wallet: number;
  cost: number;
}

/** Writes rows and keeps the books they speak of. */
export class TraceRun {
  readonly log: EventLog;
  readonly metadata: RunMetadata;
  readonly accounts: Account[] = [];
  readonly draws: Draws;
  readonly desk: number;
  time = 0;
  fund = 0;
  price = 16000;
  trades = 0;
  liquidations = 0;
  deleverages = 0;
  liquidatedNotional = 0;
  badDebt = 0;
  readonly #multiplier: number;
  readonly #sample = emptySeriesSample();

  constructor(log: EventLog, options: TraceRunOptions = {}) {
    this.log = log;
    this.metadata = traceMetadata(options);
    this.desk = this.metadata.deskAccount;
    this.draws = new Draws(options.seed ?? 1);
    this.#multiplier = this.metadata.instruments[0].multiplier;
    for (let i = 0; i <= this.desk; i += 1) this.accounts.push({ lots: 0, wallet: 0, cost: 0 });
    this.#row(
      EventKind.fund,
      -1,
      FundReason.endowment,
      0,
      0,
      0,
      this.metadata.fundQuanta,
      0,
      0,
      5e9,
    );
    this.fund = this.metadata.fundQuanta;
    for (let i = 0; i < this.desk; i += 1) {
      const quanta = 1e10 + this.draws.int(1e9);
      this.accounts[i].wallet = quanta;
      this.#row(EventKind.deposit, i, 0, 0, 0, 0, quanta, 0, 0, 0);
    }
    for (let i = 0; i + 1 < this.desk; i += 2) this.#open(i, i + 1, 1000 + this.draws.int(5000));
  }

  /** One random event. */
  step(): void {
    this.time += this.draws.int(50_000);
    const dice = this.draws.int(100);
    if (dice < 90) this.trade(this.#someone(), this.#someone(), this.#size(), 0);
    else if (dice < 93) this.liquidate(this.#someone());
    else if (dice < 95) this.deleverage(this.#someone());
    else if (dice < 98) this.funding();
    else this.insolvency(this.#someone());
  }

  trade(taker: number, maker: number, lots: number, cause: number): void {
    if (taker === maker || lots === 0) return;
    this.price = Math.max(100, this.price + this.draws.int(21) - 10);
    const value = this.#value(lots, this.price);
    const feeA = 10 + this.draws.int(50);
    const feeB = -this.draws.int(10);
    this.#post(taker, lots, value, this.price);
    this.#post(maker, -lots, -value, this.price);
    this.accounts[taker].wallet -= feeA;
    this.accounts[maker].wallet -= feeB;
    this.trades += 1;
    this.#row(
      EventKind.trade,
      taker,
      maker,
      this.price,
      lots,
      cause,
      value,
      feeA,
      feeB,
      this.trades,
    );
    this.#row(EventKind.mark, taker, 0, this.price, 0, cause, 0, 0, 0, 0);
    this.#settleDesk();
  }

  /** Takes a position over and sells it at once to somebody. */
  liquidate(account: number): void {
    const it = this.accounts[account];
    if (account === this.desk || it.lots === 0) return;
    this.liquidations += 1;
    const id = this.liquidations;
    const notional = Math.abs(it.lots);
    this.liquidatedNotional += notional;
    const { lots, cost } = it;
    this.#row(
      EventKind.liquidation,
      account,
      2,
      this.price,
      lots,
      id,
      12345,
      54321,
      15999.25,
      notional,
    );
    const wallet = Math.floor(it.wallet / 2);
    this.#row(EventKind.takeover, account, this.desk, this.price, lots, id, cost, wallet, 0, 0);
    it.wallet -= wallet;
    it.lots = 0;
    it.cost = 0;
    this.#post(this.desk, lots, cost - wallet, this.price);
    this.#settleDesk();
    this.trade(this.desk, (account + 1) % this.desk, -lots, id);
  }

  deleverage(account: number): void {
    if (account === this.desk) return;
    this.deleverages += 1;
    const lots = 1 + this.draws.int(20);
    const value = this.#value(lots, this.price);
    this.#post(account, lots, value, this.price);
    this.#post(this.desk, -lots, -value, this.price);
    this.#row(
      EventKind.autoDeleverage,
      account,
      this.desk,
      this.price,
      lots,
      this.liquidations,
      value,
      7,
      0,
      lots,
    );
    this.#settleDesk();
  }

  funding(): void {
    let total = 0;
    for (let i = 0; i < this.desk; i += 1) {
      const pays = this.accounts[i].lots > 0 ? 101 + this.draws.int(10) : -100;
      this.accounts[i].wallet -= pays;
      total += pays;
      this.#row(EventKind.funding, i, 0, this.price, this.accounts[i].lots, 0, pays, 0, 0, 0);
    }
    this.#row(EventKind.funding, -1, 0, this.price, 0, 0, total, 0, 0, 0.0001);
    this.#moveFund(total, FundReason.funding, -1);
  }

  /** Pays an account something, half by the fund, half by nobody. */
  insolvency(account: number): void {
    if (account === this.desk) return;
    const debt = 2 * this.draws.int(1000);
    this.#row(EventKind.insolvency, account, 0, 0, 0, 0, debt, 0, 0, 0);
    this.accounts[account].wallet += debt;
    this.#moveFund(-debt / 2, FundReason.insolvency, account);
    this.badDebt += debt / 2;
    const reason = FundReason.insolvency;
    this.#row(EventKind.badDebt, account, reason, 0, 0, 0, debt / 2, 0, 0, this.badDebt);
  }

  sample(): void {
    const s = this.#sample;
    s.markTicks = this.price;
    s.indexTicks = this.price + 3;
    s.lastTicks = this.price;
    s.bidTicks = this.price - 1;
    s.askTicks = this.price + 1;
    s.fundQuanta = this.fund;
    s.openInterestLots = 1e6;
    s.volumeLots = this.trades * 10;
    s.liquidations = this.liquidations;
    s.liquidatedNotionalQuote = this.liquidatedNotional;
    s.liveOrders = 77;
    s.halted = 0;
    s.bidDepthLots = 500;
    s.askDepthLots = 600;
    s.fundingRate = 0.0001;
    s.deskLots = this.accounts[this.desk].lots;
    appendSeries(this.log, this.time, 0, s);
    this.metadata.cohorts.forEach((cohort, c) => {
      let net = 0;
      for (let i = 0; i < cohort.count; i += 1) net += this.accounts[cohort.firstAccount + i].lots;
      appendCohort(this.log, this.time, 0, c, net, c * 10, c * 1000);
    });
  }

  close(): void {
    this.accounts.forEach(({ lots, wallet, cost }, i) => {
      this.#row(EventKind.account, i, 0, 0, lots, 0, wallet, cost, 0, 5);
    });
    this.log.flush();
  }

  halt(): void {
    this.#row(EventKind.halt, -1, 1, 0, 0, 0, 0, 0, 0, 0);
    this.time += 1_000_000;
    this.#row(EventKind.resume, -1, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  #open(long: number, short: number, lots: number): void {
    for (const [account, signed] of [
      [long, lots],
      [short, -lots],
    ]) {
      const cost = this.#value(signed, 16000 + this.draws.int(100));
      this.accounts[account].lots = signed;
      this.accounts[account].cost = cost;
      this.#row(EventKind.opening, account, 0, 0, signed, 0, cost, 0, 0, 0);
    }
  }

  #someone(): number {
    return this.draws.int(this.desk);
  }

  #size(): number {
    return this.draws.int(4001) - 2000;
  }

  #value(lots: number, price: number): number {
    return -Math.sign(lots) * Math.trunc((this.#multiplier * Math.abs(lots)) / price);
  }

  #post(account: number, lots: number, value: number, price: number): void {
    const it = this.accounts[account];
    const closes = it.lots !== 0 && Math.sign(it.lots) !== Math.sign(lots);
    if (!closes) {
      it.cost += value;
    } else if (Math.abs(lots) < Math.abs(it.lots)) {
      const released = Math.floor((it.cost * Math.abs(lots)) / Math.abs(it.lots));
      it.wallet += -value - released;
      it.cost -= released;
    } else {
      const closing = lots === -it.lots ? value : this.#value(-it.lots, price);
      it.wallet += -closing - it.cost;
      it.cost = value - closing;
    }
    it.lots += lots;
  }

  #settleDesk(): void {
    const { wallet } = this.accounts[this.desk];
    if (wallet === 0) return;
    this.accounts[this.desk].wallet = 0;
    this.#moveFund(wallet, FundReason.desk, this.desk);
  }

  #moveFund(quanta: number, reason: number, account: number): void {
    this.fund += quanta;
    this.#row(EventKind.fund, account, reason, 0, 0, 0, quanta, 0, 0, this.fund);
  }

  #row(
    kind: number,
    account: number,
    other: number,
    priceTicks: number,
    sizeLots: number,
    cause: number,
    value: number,
    feeA: number,
    feeB: number,
    extra: number,
  ): void {
    const { log, time } = this;
    log.append(kind, time, account, other, priceTicks, sizeLots, cause, value, feeA, feeB, extra);
  }
}

/** Writes a made-up run of `trades` steps between `samples` samples through a log. */
export function runTrace(log: EventLog, options: TraceRunOptions = {}): TraceRun {
  const run = new TraceRun(log, options);
  const steps = options.trades ?? 2000;
  const samples = options.samples ?? 40;
  run.sample();
  for (let s = 1; s <= samples; s += 1) {
    const end = s * intervalMicros;
    if (s === 5) run.halt();
    for (let i = 0; i < steps / samples && run.time < end - 2_000_000; i += 1) run.step();
    run.time = end;
    run.sample();
  }
  run.close();
  return run;
}

/** Returns a made-up run as the bytes of a log file, and the books behind it. */
export function traceLogBytes(options: TraceRunOptions = {}): { bytes: Uint8Array; run: TraceRun } {
  const parts: Uint8Array[] = [];
  const log = new EventLog((bytes) => parts.push(bytes.slice()), 512);
  const run = runTrace(log, options);
  parts.unshift(encodeLogHeader(run.metadata));
  parts.push(encodeLogFooter(log.rows(), log.hash.hex()));
  return { bytes: joinBytes(parts), run };
}

/** Joins parts into one array. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
