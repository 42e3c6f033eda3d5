/** One instrument of a venue: its book, its policies and its prices. */
import { type Contract, makeContract } from '../account/index.js';
import {
  OrderBook,
  type ReduceOnlyGuard,
  type SelfTrade,
  Side,
  TriggerBook,
} from '../book/index.js';
import {
  type FundingPolicy,
  type MarginPolicy,
  type MarkInputs,
  type MarkPolicy,
  RATE_UNIT,
  TieredMargin,
  bandHigh,
  bandLow,
  makeFunding,
  makeMark,
  premiumIndex,
} from '../risk/index.js';
import type { InstrumentSpec } from './venue-spec.js';

const EXACT = 9007199254740992;
/** An inverse contract is bounded as if prices could fall to this part of the present ones. */
const PRICE_ROOM = 4;

/** State and policies of an instrument; prices in ticks, times in microseconds. */
export class Instrument implements MarkInputs {
  readonly spec: InstrumentSpec;
  readonly number: number;
  readonly contract: Contract;
  readonly margin: MarginPolicy;
  readonly mark: MarkPolicy;
  readonly funding: FundingPolicy;
  readonly book: OrderBook;
  readonly triggers: TriggerBook;
  readonly ticksMax: number;
  readonly makerPpm: number;
  readonly takerPpm: number;
  readonly liquidationPpm: number;
  readonly profitCounts: boolean;
  /** Maintenance margin is reckoned on the entry value, not on the notional at the mark. */
  readonly entryBasis: boolean;
  readonly fundingIntervalMicros: number;
  /** False once a counterfactual takes funding away. */
  paysFunding = true;
  /** False once a counterfactual takes the price band away. */
  hasBand: boolean;
  nowMicros = 0;
  indexTicks: number;
  lastTicks: number;
  markTicks: number;
  nextFundingMicros: number;
  nextSampleMicros: number;
  nextBasisMicros: number;
  bandLowTicks = 1;
  bandHighTicks: number;
  volumeLots = 0;
  trades = 0;
  windowHigh: number;
  windowLow: number;
  /** Highest and lowest mark since the window began. */
  windowMarkHigh: number;
  windowMarkLow: number;

  constructor(spec: InstrumentSpec, number: number, guard: ReduceOnlyGuard) {
    this.spec = spec;
    this.number = number;
    this.contract = makeContract(spec.contract);
    this.margin = new TieredMargin(spec.margin);
    this.mark = makeMark(spec.mark);
    this.funding = makeFunding(spec.funding);
    this.book = new OrderBook({
      ticksLimit: spec.ticksMax,
      selfTrade: spec.selfTrade as SelfTrade,
      reduceOnly: guard,
    });
    this.triggers = new TriggerBook({ ticksLimit: spec.ticksMax });
    this.ticksMax = spec.ticksMax;
    this.makerPpm = spec.fees.makerPpm;
    this.takerPpm = spec.fees.takerPpm;
    this.liquidationPpm = spec.fees.liquidationPpm;
    this.profitCounts = spec.margin.unrealisedProfitCounts ?? false;
    this.entryBasis = spec.margin.basis === 'entry';
    this.indexTicks = spec.startTicks;
    this.lastTicks = spec.startTicks;
    this.markTicks = spec.startTicks;
    this.windowHigh = spec.startTicks;
    this.windowLow = spec.startTicks;
    this.windowMarkHigh = spec.startTicks;
    this.windowMarkLow = spec.startTicks;
    this.bandHighTicks = spec.ticksMax - 1;
    this.hasBand = spec.band !== null;
    this.fundingIntervalMicros = this.funding.intervalMicros;
    this.nextFundingMicros = this.funding.firstAtMicros;
    this.nextSampleMicros = this.funding.sampleMicros > 0 ? this.funding.sampleMicros : Infinity;
    this.nextBasisMicros = this.mark.sampleMicros > 0 ? this.mark.sampleMicros : Infinity;
    this.moveBand();
  }

  get bidTicks(): number {
    return this.book.bestBid();
  }

  get askTicks(): number {
    return this.book.bestAsk();
  }

  get fundingRate(): number {
    return this.paysFunding ? this.funding.rate() / RATE_UNIT : 0;
  }

  /** Returns the maintenance margin of a position from its notional at the mark and its cost. */
  maintenance(notionalQuanta: number, costQuanta: number, sizeLots: number): number {
    if (!this.entryBasis) return this.margin.maintenance(notionalQuanta, sizeLots);
    return this.margin.maintenance(costQuanta < 0 ? -costQuanta : costQuanta, sizeLots);
  }

  /** Returns the absolute value of lots in quanta as a float, however large. */
  roughValue(sizeLots: number, priceTicks: number): number {
    const product = sizeLots * this.contract.multiplier;
    return this.contract.notionalSign > 0 ? product * priceTicks : product / priceTicks;
  }

  /**
   * Returns the most that lots may come to be worth, quanta as a float: at the end of the price
   * range, or (inverse, where that end would bound nothing real) at a quarter of mark and index.
   */
  worstValue(sizeLots: number): number {
    if (this.contract.notionalSign > 0) return this.roughValue(sizeLots, this.ticksMax - 1);
    const low = (this.markTicks < this.indexTicks ? this.markTicks : this.indexTicks) / PRICE_ROOM;
    return this.roughValue(sizeLots, low < 1 ? 1 : low);
  }

  /** Recomputes the mark, clamped to the price range; returns true when it changed. */
  remark(): boolean {
    const price = this.mark.price(this);
    const clamped = price < 1 ? 1 : price >= this.ticksMax ? this.ticksMax - 1 : price;
    if (clamped === this.markTicks) return false;
    this.markTicks = clamped;
    if (clamped > this.windowMarkHigh) this.windowMarkHigh = clamped;
    if (clamped < this.windowMarkLow) this.windowMarkLow = clamped;
    return true;
  }

  /** Moves the price band to the index. */
  moveBand(): void {
    const band = this.spec.band;
    if (band === null || !this.hasBand) return;
    this.bandLowTicks = Math.min(bandLow(this.indexTicks, band.widthPpm), this.ticksMax - 1);
    this.bandHighTicks = Math.max(bandHigh(this.indexTicks, band.widthPpm, this.ticksMax), 1);
    this.book.setBand(this.bandLowTicks, this.bandHighTicks);
  }

  /** Lets orders trade at any price from now on. */
  dropBand(): void {
    this.hasBand = false;
    this.bandLowTicks = 1;
    this.bandHighTicks = this.ticksMax - 1;
    this.book.setBand(this.bandLowTicks, this.bandHighTicks);
  }

  /** Takes a premium sample from the impact prices of the book. O(levels walked). */
  samplePremium(): void {
    const bid = this.impactPrice(Side.bid);
    const ask = this.impactPrice(Side.ask);
    this.funding.sample(premiumIndex(bid, ask, this.indexTicks));
  }

  /**
   * Returns the average price of trading the impact notional against a side, as float ticks: 0
   * (bids) or Infinity (asks) when the side is too thin, so that it adds no premium.
   */
  impactPrice(side: number): number {
    const book = this.book;
    const contract = this.contract;
    const wanted = this.funding.impactNotional;
    let left = wanted;
    let lots = 0;
    let tick = side === Side.bid ? book.bestBid() : book.bestAsk();
    while (tick > 0) {
      const here = book.lotsAt(side, tick);
      const rough = this.roughValue(here, tick);
      // Orders of several accounts in one level may pass what one of them may have.
      const value = rough < EXACT ? contract.notional(here, tick) : rough;
      if (value >= left) {
        lots += (here * left) / value;
        return contract.priceOfNotional(lots, wanted);
      }
      lots += here;
      left -= value;
      tick = book.nextLevel(side, tick);
    }
    return side === Side.bid ? 0 : Infinity;
  }
}
