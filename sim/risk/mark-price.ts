/** Mark prices: what positions are valued and liquidated at. */

/** What a mark policy may read; prices in ticks, -1 for none. */
export interface MarkInputs {
  readonly nowMicros: number;
  readonly indexTicks: number;
  readonly lastTicks: number;
  readonly bidTicks: number;
  readonly askTicks: number;
  /** Funding rate per interval, a fraction: the last one set. */
  readonly fundingRate: number;
  /** Time of the next settlement, Infinity without funding. */
  readonly nextFundingMicros: number;
  readonly fundingIntervalMicros: number;
}

/** Choice of a mark price. */
export type MarkSpec =
  | { kind: 'last' | 'index' | 'fair' }
  | {
      kind: 'medianOfThree';
      /** Interval of the basis samples; default 1 s. */
      sampleMicros?: number;
      /** Samples averaged; default 30. */
      samples?: number;
    };

/** A mark policy of one instrument. */
export interface MarkPolicy {
  /** True if a trade alone can move the mark. */
  readonly followsTrades: boolean;
  /** Interval of `sample`, 0 for none. */
  readonly sampleMicros: number;
  /** Returns the mark in ticks (not yet clamped to the price range). */
  price(inputs: MarkInputs): number;
  /** Takes a periodic sample. */
  sample(inputs: MarkInputs): void;
  /** State as numbers, for hashing and snapshots. */
  readonly state: Float64Array;
  /** Samples averaged, 0 for a mark that averages nothing. */
  readonly window: number;
  /**
   * Where the mean of the samples is what the mark stands at: puts into `prices`, of `window` entries,
   * the mark with each sample left out of the mean, and returns true. O(window).
   */
  pricesWithout(inputs: MarkInputs, prices: Float64Array): boolean;
}

const NO_STATE = new Float64Array(0);

/** A mark that averages nothing. */
abstract class PlainMark {
  readonly sampleMicros = 0;
  readonly state = NO_STATE;
  readonly window = 0;
  abstract price(inputs: MarkInputs): number;
  sample(_inputs: MarkInputs): void {}
  pricesWithout(_inputs: MarkInputs, _prices: Float64Array): boolean {
    return false;
  }
}

/** Marks to the last trade. */
export class LastMark extends PlainMark implements MarkPolicy {
  readonly followsTrades = true;
  price(inputs: MarkInputs): number {
    return inputs.lastTicks;
  }
}

/** Marks to the index. */
export class IndexMark extends PlainMark implements MarkPolicy {
  readonly followsTrades = false;
  price(inputs: MarkInputs): number {
    return inputs.indexTicks;
  }
}

/** Marks to BitMEX's fair price: index x (1 + funding rate x time to funding / interval). */
export class FairMark extends PlainMark implements MarkPolicy {
  readonly followsTrades = false;
  price(inputs: MarkInputs): number {
    const left = inputs.nextFundingMicros - inputs.nowMicros;
    return Math.floor(
      fairPrice(inputs.indexTicks, inputs.fundingRate, left, inputs.fundingIntervalMicros) + 0.5,
    );
  }
}

/**
 * Marks to the median of (fair price from the last funding rate, index + mean basis, last price).
 * Source: Binance mark price FAQ; 30 one-second basis samples since 2025-09-18.
 */
export class MedianOfThreeMark implements MarkPolicy {
  readonly followsTrades = true;
  readonly sampleMicros: number;
  /** [samples taken, sum of the ring in half ticks, ring...]. */
  readonly state: Float64Array;
  private readonly samples: number;

  constructor(sampleMicros: number, samples: number) {
    this.sampleMicros = sampleMicros;
    this.samples = samples;
    this.state = new Float64Array(2 + samples);
  }

  get window(): number {
    return this.samples;
  }

  price(inputs: MarkInputs): number {
    const mean = this.meanBasis(this.state[1], this.taken());
    const second = Math.floor(inputs.indexTicks + mean + 0.5);
    return medianOfThree(this.fair(inputs), second, inputs.lastTicks);
  }

  pricesWithout(inputs: MarkInputs, prices: Float64Array): boolean {
    const { state } = this;
    const { indexTicks, lastTicks } = inputs;
    const taken = this.taken();
    const first = this.fair(inputs);
    const now = Math.floor(indexTicks + this.meanBasis(state[1], taken) + 0.5);
    if (taken === 0 || medianOfThree(first, now, lastTicks) !== now) return false;
    for (let k = 0; k < this.samples; k++) {
      const sum = k < taken ? state[1] - state[2 + k] : state[1];
      const mean = this.meanBasis(sum, k < taken ? taken - 1 : taken);
      prices[k] = medianOfThree(first, Math.floor(indexTicks + mean + 0.5), lastTicks);
    }
    return true;
  }

  private taken(): number {
    return this.state[0] < this.samples ? this.state[0] : this.samples;
  }

  /** Returns the mean of so many samples, whose doubled sum is given. */
  private meanBasis(sum: number, taken: number): number {
    return taken === 0 ? 0 : sum / (2 * taken);
  }

  private fair(inputs: MarkInputs): number {
    const left = inputs.nextFundingMicros - inputs.nowMicros;
    return Math.floor(
      fairPrice(inputs.indexTicks, inputs.fundingRate, left, inputs.fundingIntervalMicros) + 0.5,
    );
  }

  sample(inputs: MarkInputs): void {
    if (inputs.bidTicks < 0 || inputs.askTicks < 0) return;
    const state = this.state;
    const basis = inputs.bidTicks + inputs.askTicks - 2 * inputs.indexTicks;
    const slot = 2 + (state[0] % this.samples);
    state[1] += basis - state[slot];
    state[slot] = basis;
    state[0]++;
  }
}

/** Makes the mark policy of a specification. */
export function makeMark(spec: MarkSpec): MarkPolicy {
  if (spec.kind === 'last') return new LastMark();
  if (spec.kind === 'index') return new IndexMark();
  if (spec.kind === 'medianOfThree') {
    return new MedianOfThreeMark(spec.sampleMicros ?? 1_000_000, spec.samples ?? 30);
  }
  return new FairMark();
}

/** Returns index x (1 + rate x left / interval); the index itself without funding. */
export function fairPrice(
  index: number,
  rate: number,
  leftMicros: number,
  intervalMicros: number,
): number {
  if (rate === 0 || intervalMicros === 0 || leftMicros === Infinity) return index;
  return index * (1 + (rate * leftMicros) / intervalMicros);
}

/** Returns the middle one of three numbers. */
export function medianOfThree(a: number, b: number, c: number): number {
  const low = a < b ? a : b;
  const high = a < b ? b : a;
  return c < low ? low : c > high ? high : c;
}
