/** Funding: the periodic payment that ties a perpetual to its index. */
import { mulDivCeil } from '../kernel/index.js';

/** Rates are whole multiples of 1e-8. */
export const RATE_UNIT = 100_000_000;
const EIGHT_HOURS_MICROS = 28_800_000_000;

/** Choice of a funding policy. */
export type FundingSpec =
  | { kind: 'none' }
  | {
      kind: 'premium';
      intervalMicros: number;
      firstAtMicros: number;
      /** Interest per 8 h, a fraction (0.0001). */
      interestRate: number;
      /** The interest less the premium is clamped to +-clamp (0.0005). */
      clamp: number;
      /** Notional walked in the book for the impact prices, quanta. */
      impactNotional: number;
      /** Interval of the premium samples. */
      sampleMicros: number;
      /**
       * Later samples weigh more (k-th sample weighs k), as at Binance. Default false: equal
       * weights.
       */
      rising?: boolean;
      /**
       * The rate found over an interval is paid at the end of the next one, as at BitMEX. Default
       * false.
       */
      lagged?: boolean;
      /** Largest |rate| per interval, a fraction; default none. */
      rateMax?: number;
    };

/** A funding policy of one instrument. */
export interface FundingPolicy {
  readonly intervalMicros: number;
  readonly firstAtMicros: number;
  readonly sampleMicros: number;
  readonly impactNotional: number;
  /** Takes a premium sample (a fraction of the index). */
  sample(premium: number): void;
  /** Ends the interval: returns the rate to be paid now, in units of 1e-8 per interval. */
  settle(): number;
  /** Returns the last rate set, in units of 1e-8 per interval. */
  rate(): number;
  /** State as numbers, for hashing and snapshots. */
  readonly state: Float64Array;
}

/** No funding. */
export class NoFunding implements FundingPolicy {
  readonly intervalMicros = 0;
  readonly firstAtMicros = Infinity;
  readonly sampleMicros = 0;
  readonly impactNotional = 0;
  readonly state = new Float64Array(0);
  sample(_premium: number): void {}
  settle(): number {
    return 0;
  }
  rate(): number {
    return 0;
  }
}

/** Premium index plus clamped interest. */
export class PremiumFunding implements FundingPolicy {
  readonly intervalMicros: number;
  readonly firstAtMicros: number;
  readonly sampleMicros: number;
  readonly impactNotional: number;
  /** [weighted sum of premiums, sum of weights, samples, rate in 1e-8]. */
  readonly state = new Float64Array(4);
  private readonly spec: Extract<FundingSpec, { kind: 'premium' }>;

  constructor(spec: Extract<FundingSpec, { kind: 'premium' }>) {
    this.spec = spec;
    this.intervalMicros = spec.intervalMicros;
    this.firstAtMicros = spec.firstAtMicros;
    this.sampleMicros = spec.sampleMicros;
    this.impactNotional = spec.impactNotional;
  }

  sample(premium: number): void {
    const state = this.state;
    state[2]++;
    const weight = this.spec.rising === true ? state[2] : 1;
    state[0] += weight * premium;
    state[1] += weight;
  }

  settle(): number {
    const state = this.state;
    const spec = this.spec;
    const before = state[3];
    const premium = state[1] > 0 ? state[0] / state[1] : 0;
    let rate = clampedRate(premium, spec.interestRate, spec.clamp);
    rate = (rate * spec.intervalMicros) / EIGHT_HOURS_MICROS;
    if (spec.rateMax !== undefined) rate = clamp(rate, -spec.rateMax, spec.rateMax);
    state[0] = 0;
    state[1] = 0;
    state[2] = 0;
    state[3] = Math.floor(rate * RATE_UNIT + 0.5);
    return spec.lagged === true ? before : state[3];
  }

  rate(): number {
    return this.state[3];
  }
}

/** Makes the funding policy of a specification. */
export function makeFunding(spec: FundingSpec): FundingPolicy {
  return spec.kind === 'none' ? new NoFunding() : new PremiumFunding(spec);
}

/** Returns x held within low..high. */
export function clamp(x: number, low: number, high: number): number {
  return x < low ? low : x > high ? high : x;
}

/**
 * Returns premium + clamp(interest - premium, -limit, limit). Source: Binance, BitMEX funding
 * rules.
 */
export function clampedRate(premium: number, interest: number, limit: number): number {
  return premium + clamp(interest - premium, -limit, limit);
}

/** Returns [max(0, impactBid - reference) - max(0, reference - impactAsk)] / reference. */
export function premiumIndex(impactBid: number, impactAsk: number, reference: number): number {
  return (Math.max(0, impactBid - reference) - Math.max(0, reference - impactAsk)) / reference;
}

/**
 * Returns what a position pays in quanta, rounded up (against it; negative = receives), at a rate
 * in units of 1e-8.
 */
export function fundingPayment(sizeLots: number, notionalQuanta: number, rate: number): number {
  return mulDivCeil(sizeLots < 0 ? -notionalQuanta : notionalQuanta, rate, RATE_UNIT) + 0;
}
