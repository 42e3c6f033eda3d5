/** The quoted spread, weighted by the time that it stood. */
import { assert } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';

export const spreadInfo: MetricInfo = {
  name: 'spread',
  group: 'liquidity',
  over: 'trace',
  doc: 'Mean quoted spread over the time in which both sides are quoted.',
  formula: 'integral of (ask - bid) dt / time with both quotes',
  unit: 'price',
  estimator: 'time-weighted mean; a sample holds until the next',
  interval: 'cluster bootstrap by run',
  source: 'standard',
  test: 'three quotes of different length',
};

export const relativeSpreadInfo: MetricInfo = {
  ...spreadInfo,
  name: 'spread.relativeBps',
  doc: 'Mean quoted spread as a share of the mid price.',
  formula: 'integral of 10^4 (ask - bid) / mid dt / time with both quotes',
  unit: 'bps',
};

export const quotedShareInfo: MetricInfo = {
  ...spreadInfo,
  name: 'spread.quotedShare',
  doc: 'Share of time in which both sides are quoted.',
  formula: 'time with both quotes / time',
  unit: '1 (0..1)',
};

/** Best quotes as they change; a side that is not quoted is <= 0. */
export interface QuotePath {
  timeMicros: ArrayLike<number>;
  bidPrice: ArrayLike<number>;
  askPrice: ArrayLike<number>;
  /** Until when the last quote stands. */
  endMicros: number;
}

/** Time-weighted spreads; NaN when both sides never stand together. */
export interface SpreadMeans {
  spread: number;
  relativeBps: number;
  quotedShare: number;
}

/** Returns the time-weighted spreads of a path; time with one side missing is left out. */
export function timeWeightedSpread(path: QuotePath): SpreadMeans {
  const { timeMicros, bidPrice, askPrice, endMicros } = path;
  const count = timeMicros.length;
  assert(bidPrice.length === count && askPrice.length === count, 'two quotes for each time');
  let [quoted, wide, relative] = [0, 0, 0];
  for (let t = 0; t < count; t++) {
    const micros = (t + 1 < count ? timeMicros[t + 1] : endMicros) - timeMicros[t];
    if (!(bidPrice[t] > 0 && askPrice[t] > 0)) continue;
    const spread = askPrice[t] - bidPrice[t];
    quoted += micros;
    wide += micros * spread;
    relative += (micros * spread * 2e4) / (askPrice[t] + bidPrice[t]);
  }
  return {
    spread: wide / quoted,
    relativeBps: relative / quoted,
    quotedShare: count === 0 ? NaN : quoted / (endMicros - timeMicros[0]),
  };
}
