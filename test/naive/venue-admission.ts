/** Initial margin in the naive venue, summed over all open orders each time. */
import { Reject } from '../../sim/venue/index.js';
import { abs, fee, initial, valueAt } from './venue-money.js';
import { type Account, type Market, NaiveLedger } from './venue-ledger.js';

const REDUCE_ONLY = 2;
const SIZE_MAX = 0x7fffffff;
const QUANTA_MAX = 2n ** 52n;

/** Decides whether an order may be sent to the book. */
export class NaiveAdmission extends NaiveLedger {
  protected openValue(account: Account, i: number, side: number): bigint {
    let sum = 0n;
    for (const order of account.orders.values()) {
      const counts = order.state === 'resting' && (order.flags & REDUCE_ONLY) === 0;
      if (counts && order.instrument === i && order.side === side) {
        sum += abs(valueAt(this.markets[i].spec, order.leaves, order.price));
      }
    }
    return sum;
  }

  /** Whether lots at a price (in quarter ticks at the finest) and `more` quanta can be held. */
  protected below(market: Market, lots: number, price: number, more: bigint): boolean {
    const { kind, multiplier } = market.spec.contract;
    const product = BigInt(lots) * BigInt(multiplier);
    const quarters = BigInt(price * 4);
    const left = QUANTA_MAX - more * BigInt(this.markets.length);
    const worth = product * BigInt(this.markets.length);
    if (kind === 'linear') return worth * quarters < left * 4n;
    return worth * 4n < left * quarters;
  }

  protected exposure(account: Account, i: number, moreBids: bigint, moreAsks: bigint): bigint {
    const { size } = account.positions[i];
    const notional = abs(valueAt(this.markets[i].spec, size, this.markets[i].markTicks));
    const signed = size < 0 ? -notional : notional;
    const long = signed + this.openValue(account, i, 0) + moreBids;
    const short = this.openValue(account, i, 1) + moreAsks - signed;
    return long > short ? long : short;
  }

  protected admit(
    a: number,
    i: number,
    side: number,
    isMarket: boolean,
    priceTicks: number,
    size: number,
    flags: number,
  ): number {
    const account = this.accounts[a];
    const market = this.markets[i];
    const { spec } = market;
    const position = account.positions[i];
    if (!isMarket && !this.priceOk(market, priceTicks)) return Reject.Price;
    if ((flags & REDUCE_ONLY) !== 0) {
      const closable = side === 0 ? -position.size : position.size;
      if (closable <= 0) return Reject.ReduceOnly;
      const most = Math.min(size, closable);
      return isMarket || this.below(market, most, priceTicks, 0n) ? 0 : Reject.OpenInterest;
    }
    const openInterest = this.accounts.reduce(
      (sum, one) => sum + Math.max(0, one.positions[i].size),
      0,
    );
    if (openInterest + size > SIZE_MAX) return Reject.OpenInterest;
    let price = priceTicks;
    if (isMarket) {
      const best = side === 0 ? market.book.bestAsk() : market.book.bestBid();
      if (best < 0) price = market.markTicks;
      else price = side === 0 ? Math.max(best, market.markTicks) : Math.min(best, market.markTicks);
    }
    const inverse = spec.contract.kind === 'inverse';
    const quarter = Math.max(1, Math.min(market.markTicks, market.index) / 4);
    const worst = inverse ? quarter : spec.ticksMax - 1;
    if (!this.below(market, openInterest + size, worst, 0n)) return Reject.OpenInterest;
    const open = this.openValue(account, i, side);
    if (!this.below(market, size, price, open)) return Reject.OpenInterest;
    const order = abs(valueAt(spec, size, price));
    const before = this.exposure(account, i, 0n, 0n);
    const after = this.exposure(account, i, side === 0 ? order : 0n, side === 1 ? order : 0n);
    if (after <= before) return 0;
    let needed = initial(spec, after, Math.abs(position.size) + size, position.rate);
    if (spec.fees.takerPpm > 0) needed += fee(order, spec.fees.takerPpm);
    const bought = side === 0 ? size : -size;
    const loss = valueAt(spec, bought, price) - valueAt(spec, bought, market.markTicks);
    if (loss > 0n) needed += loss;
    const own = (k: number) => {
      const { size: held, rate } = account.positions[k];
      const one = this.markets[k];
      return initial(one.spec, abs(valueAt(one.spec, held, one.markTicks)), held, rate);
    };
    const full = (k: number) => {
      const { size: held, rate } = account.positions[k];
      return initial(this.markets[k].spec, this.exposure(account, k, 0n, 0n), held, rate);
    };
    let available: bigint;
    if (account.isolated) {
      available = this.free(account);
      needed -= own(i);
      this.markets.forEach((_, k) => {
        if (k !== i) needed += full(k) - own(k);
      });
    } else {
      available = account.wallet;
      this.markets.forEach((one, k) => {
        const profit = this.profit(account, k);
        if (profit < 0n || one.spec.margin.unrealisedProfitCounts === true) available += profit;
        if (k !== i) needed += full(k);
      });
    }
    return available >= needed ? 0 : Reject.InsufficientMargin;
  }
}
