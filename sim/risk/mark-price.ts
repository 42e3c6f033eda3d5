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
}

const NO_STATE = new Float64Array(0);

/** Marks to the last trade. */
export class LastMark implements MarkPolicy {
  readonly followsTrades = true;
  readonly sampleMicros = 0;
  readonly state = NO_STATE;
  price(inputs: MarkInputs): number {
    return inputs.lastTicks;
  }
  sample(_inputs: MarkInputs): void {}
}

/** Marks to the index. */
export class IndexMark implements MarkPolicy {
  readonly followsTrades = false;
  readonly sampleMicros = 0;
  readonly state = NO_STATE;
  price(inputs: MarkInputs): number {
    return inputs.indexTicks;
  }
  sample(_inputs: MarkInputs): void {}
}

/** Marks to BitMEX's fair price: index x (1 + funding rate x time to funding / interval). */
export class FairMark implements MarkPolicy {
  readonly followsTrades = false;
  readonly sampleMicros = 0;
  readonly state = NO_STATE;
  price(inputs: MarkInputs): number {
    const left = inputs.nextFundingMicros - inputs.nowMicros;
    return Math.floor(
      fairPrice(inputs.indexTicks, inputs.fundingRate, left, inputs.fundingIntervalMicros) + 0.5,
    );
  }
  sample(_inputs: MarkInputs): void {}
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

  price(inputs: MarkInputs): number {
    const index = inputs.indexTicks;
    const left = inputs.nextFundingMicros - inputs.nowMicros;
    const first = Math.floor(
      fairPrice(index, inputs.fundingRate, left, inputs.fundingIntervalMicros) + 0.5,
    );
    const taken = this.state[0] < this.samples ? this.state[0] : this.samples;
    const basis = taken === 0 ? 0 : this.state[1] / (2 * taken);
    return medianOfThree(first, Math.floor(index + basis + 0.5), inputs.lastTicks);
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
