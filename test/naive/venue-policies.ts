/** Mark and funding policies of the naive venue: every sample is kept, every mean summed anew. */
import type { InstrumentSpec } from '../../sim/venue/index.js';
import type { NaiveOrderBook } from './order-book.js';

/**
 * Returns the average price of trading `wanted` quanta of notional: 0 or Infinity on a thin side.
 */
export function impactPrice(
  spec: InstrumentSpec,
  book: NaiveOrderBook,
  side: number,
  wanted: number,
): number {
  const { kind, multiplier } = spec.contract;
  let lots = 0;
  let left = wanted;
  for (const [tick, here] of book.levels(side)) {
    const value =
      kind === 'linear' ? here * tick * multiplier : Math.floor((here * multiplier) / tick);
    if (value >= left) {
      lots += (here * left) / value;
      return kind === 'linear' ? wanted / (lots * multiplier) : (lots * multiplier) / wanted;
    }
    lots += here;
    left -= value;
  }
  return side === 0 ? 0 : Infinity;
}

export class NaiveFunding {
  next: number;
  nextSample: number;
  rate = 0;
  readonly impactNotional: number;
  readonly interval: number;
  private readonly spec: InstrumentSpec['funding'];
  private premiums: number[] = [];

  constructor(spec: InstrumentSpec['funding']) {
    this.spec = spec;
    this.interval = spec.kind === 'premium' ? spec.intervalMicros : 0;
    this.next = spec.kind === 'premium' ? spec.firstAtMicros : Infinity;
    this.nextSample = spec.kind === 'premium' ? spec.sampleMicros : Infinity;
    this.impactNotional = spec.kind === 'premium' ? spec.impactNotional : 0;
  }

  sample(bid: number, ask: number, index: number): void {
    this.premiums.push((Math.max(0, bid - index) - Math.max(0, index - ask)) / index);
    if (this.spec.kind === 'premium') this.nextSample += this.spec.sampleMicros;
  }

  /** Ends the interval and returns the rate to pay, in 1e-8. */
  settle(): number {
    if (this.spec.kind !== 'premium') return 0;
    const { interestRate, clamp, intervalMicros, rising, lagged, rateMax } = this.spec;
    let sum = 0;
    let weights = 0;
    this.premiums.forEach((premium, k) => {
      const weight = rising === true ? k + 1 : 1;
      sum += weight * premium;
      weights += weight;
    });
    const premium = weights > 0 ? sum / weights : 0;
    let rate = premium + Math.max(-clamp, Math.min(clamp, interestRate - premium));
    rate = (rate * intervalMicros) / 28_800_000_000;
    if (rateMax !== undefined) rate = Math.max(-rateMax, Math.min(rateMax, rate));
    const before = this.rate;
    this.rate = Math.floor(rate * 1e8 + 0.5);
    this.premiums = [];
    this.next += intervalMicros;
    return lagged === true ? before : this.rate;
  }
}

export class NaiveMark {
  next: number;
  private readonly spec: InstrumentSpec['mark'];
  private readonly bases: number[] = [];

  constructor(spec: InstrumentSpec['mark']) {
    this.spec = spec;
    this.next = spec.kind === 'medianOfThree' ? (spec.sampleMicros ?? 1_000_000) : Infinity;
  }

  sample(bid: number, ask: number, index: number): void {
    if (bid >= 0 && ask >= 0) this.bases.push(bid + ask - 2 * index);
    if (this.spec.kind === 'medianOfThree') this.next += this.spec.sampleMicros ?? 1_000_000;
  }

  price(index: number, last: number, funding: NaiveFunding, now: number): number {
    if (this.spec.kind === 'last') return last;
    if (this.spec.kind === 'index') return index;
    const rate = funding.rate / 1e8;
    const fair =
      rate === 0
        ? index
        : Math.floor(index * (1 + (rate * (funding.next - now)) / funding.interval) + 0.5);
    if (this.spec.kind !== 'medianOfThree') return fair;
    const used = this.bases.slice(-(this.spec.samples ?? 30));
    const sum = used.reduce((x, y) => x + y, 0);
    const second = Math.floor(index + (used.length === 0 ? 0 : sum / (2 * used.length)) + 0.5);
    return [fair, second, last].sort((x, y) => x - y)[1];
  }
}
