/**
 * Tiered (bracketed) margin: a maintenance rate per bracket, with deductions that make it
 * continuous.
 *
 * Source: Binance USDT-M leverage and margin tiers: MM = N * rate_k - cum_k, cum_1 = 0,
 * cum_k = floor_k * (rate_k - rate_{k-1}) + cum_{k-1}. Bracket k holds floor_k < N <= floor_{k+1}.
 */
import { UserError, mulDivCeil, mulDivFloor } from '../kernel/index.js';

const EXACT = 9007199254740992;
const PPM = 1_000_000;

/** One bracket: its floor (quanta of notional, or lots), and its rates in parts per million. */
export interface MarginTier {
  floorQuanta?: number;
  floorLots?: number;
  maintenanceRate: number;
  initialRate: number;
}

/** Margin of an instrument. */
export interface MarginSpec {
  /** Ascending by floor; the first floor is 0 or absent. All floors in quanta, or all in lots. */
  tiers: readonly MarginTier[];
  /**
   * False: the bracket's rate applies to the whole position, as at BitMEX; needs floors in lots or
   * the entry basis. Default true.
   */
  deductions?: boolean;
  /**
   * What the maintenance margin is a share of: the notional at the mark (Binance; default), or the
   * entry value of the position (BitMEX and Bybit inverse contracts).
   */
  basis?: 'mark' | 'entry';
  /** True: unrealised profit may back new orders (as at Binance). Default false (as at BitMEX). */
  unrealisedProfitCounts?: boolean;
}

/** What a venue asks of a margin policy. */
export interface MarginPolicy {
  readonly tierCount: number;
  /** Returns the bracket, 0-based, of a position. */
  tierOf(notionalQuanta: number, sizeLots: number): number;
  /** Returns the maintenance margin in quanta, rounded up. */
  maintenance(notionalQuanta: number, sizeLots: number): number;
  /** Returns the initial margin in quanta, rounded up, at least the chosen rate. */
  initial(notionalQuanta: number, sizeLots: number, chosenRatePpm: number): number;
  /** Returns the floor of a bracket in quanta, or -1 when floors are in lots. */
  floorQuanta(tier: number): number;
  /** Returns the floor of a bracket in lots, or -1 when floors are in quanta. */
  floorLots(tier: number): number;
  /**
   * Returns the notional N (a float) at which sign * N - MM(N) equals `contribution`, for a
   * position that keeps its lots.
   */
  notionalWhere(sign: number, contribution: number, sizeLots: number): number;
}

/** Brackets by notional or by lots. */
export class TieredMargin implements MarginPolicy {
  readonly tierCount: number;
  readonly byLots: boolean;
  private readonly floors: Float64Array;
  private readonly rates: Float64Array;
  private readonly initials: Float64Array;
  /** Deduction of a bracket = cumQuanta + cumRest / 1e6 quanta, exactly (by lots: lots x ppm). */
  private readonly cumQuanta: Float64Array;
  private readonly cumRest: Float64Array;
  private readonly secondFloor: number;
  private readonly firstRate: number;

  /** @throws UserError 'margin/...' on brackets that are empty, unsorted, or out of range. */
  constructor(spec: MarginSpec) {
    const tiers = spec.tiers;
    const count = tiers.length;
    if (count === 0)
      throw new UserError('margin/tiers', 'margin.tiers is empty, must have a bracket');
    this.tierCount = count;
    this.byLots = tiers.some((tier) => tier.floorLots !== undefined);
    const deductions = spec.deductions ?? true;
    // A margin that jumps while the price moves would have no single liquidation price.
    if (!deductions && !this.byLots && count > 1 && spec.basis !== 'entry') {
      throw new UserError(
        'margin/deductions',
        "margin.deductions was false, must be true unless floors are in lots or the basis is 'entry'",
      );
    }
    this.floors = new Float64Array(count);
    this.rates = new Float64Array(count);
    this.initials = new Float64Array(count);
    this.cumQuanta = new Float64Array(count);
    this.cumRest = new Float64Array(count);
    for (let k = 0; k < count; k++) {
      const tier = tiers[k];
      const floor = (this.byLots ? tier.floorLots : tier.floorQuanta) ?? 0;
      const rate = tier.maintenanceRate;
      const rateOk = Number.isInteger(rate) && rate >= 0 && rate < PPM;
      const initialOk = Number.isInteger(tier.initialRate) && tier.initialRate >= rate;
      const floorOk =
        Number.isSafeInteger(floor) && (k === 0 ? floor === 0 : floor > this.floors[k - 1]);
      if (!rateOk || !initialOk || !floorOk || (k > 0 && rate < this.rates[k - 1])) {
        throw new UserError('margin/tiers', `margin.tiers[${k}] is out of order or out of range`);
      }
      this.floors[k] = floor;
      this.rates[k] = rate;
      this.initials[k] = tier.initialRate;
      if (k === 0 || !deductions) continue;
      const step = rate - this.rates[k - 1];
      if (this.byLots) {
        this.cumQuanta[k] = this.cumQuanta[k - 1] + floor * step;
      } else {
        const whole = mulDivFloor(floor, step, PPM);
        const rest = ((floor % PPM) * step) % PPM;
        const carry = this.cumRest[k - 1] + rest;
        this.cumQuanta[k] = this.cumQuanta[k - 1] + whole + (carry >= PPM ? 1 : 0);
        this.cumRest[k] = carry >= PPM ? carry - PPM : carry;
      }
    }
    this.secondFloor = count > 1 ? this.floors[1] : Infinity;
    this.firstRate = this.rates[0];
  }

  tierOf(notionalQuanta: number, sizeLots: number): number {
    const measure = this.byLots ? (sizeLots < 0 ? -sizeLots : sizeLots) : notionalQuanta;
    if (measure <= this.secondFloor) return 0;
    let tier = 1;
    const last = this.tierCount - 1;
    while (tier < last && measure > this.floors[tier + 1]) tier++;
    return tier;
  }

  maintenance(notionalQuanta: number, sizeLots: number): number {
    const tier = this.tierOf(notionalQuanta, sizeLots);
    if (tier === 0) return ppmCeil(notionalQuanta, this.firstRate);
    if (this.byLots) return ppmCeil(notionalQuanta, this.lotsRate(tier, sizeLots));
    const rate = this.rates[tier];
    const product = notionalQuanta * rate;
    const rest = this.cumRest[tier];
    if (product < EXACT) return Math.ceil((product - rest) / PPM) - this.cumQuanta[tier];
    const whole = mulDivFloor(notionalQuanta, rate, PPM);
    const remainder = ((notionalQuanta % PPM) * rate) % PPM;
    return whole + Math.ceil((remainder - rest) / PPM) - this.cumQuanta[tier];
  }

  initial(notionalQuanta: number, sizeLots: number, chosenRatePpm: number): number {
    const rate = this.initials[this.tierOf(notionalQuanta, sizeLots)];
    return ppmCeil(notionalQuanta, rate > chosenRatePpm ? rate : chosenRatePpm);
  }

  floorQuanta(tier: number): number {
    return this.byLots ? -1 : this.floors[tier];
  }

  floorLots(tier: number): number {
    return this.byLots ? this.floors[tier] : -1;
  }

  notionalWhere(sign: number, contribution: number, sizeLots: number): number {
    if (this.byLots) {
      const rate = this.lotsRate(this.tierOf(0, sizeLots), sizeLots) / PPM;
      return sign > 0 ? contribution / (1 - rate) : -contribution / (1 + rate);
    }
    const last = this.tierCount - 1;
    for (let tier = 0; ; tier++) {
      const rate = this.rates[tier] / PPM;
      const cum = this.cumQuanta[tier] + this.cumRest[tier] / PPM;
      const notional =
        sign > 0 ? (contribution - cum) / (1 - rate) : (cum - contribution) / (1 + rate);
      if (tier === last || notional <= this.floors[tier + 1]) return notional;
    }
  }

  /** Returns the average rate of a position of that many lots, whole ppm, rounded up. */
  private lotsRate(tier: number, sizeLots: number): number {
    const rate = this.rates[tier];
    const cum = this.cumQuanta[tier];
    return cum === 0 ? rate : rate - Math.floor(cum / (sizeLots < 0 ? -sizeLots : sizeLots));
  }
}

/** Returns amount x rate / 1e6, rounded up. The amount is not negative; the rate may be. */
export function ppmCeil(amount: number, ratePpm: number): number {
  const product = amount * ratePpm;
  if (product < EXACT && product > -EXACT) return Math.ceil(product / PPM) + 0;
  return mulDivCeil(amount, ratePpm, PPM);
}
