/** A limit on the value at risk or expected shortfall of the returns it remembers. */
import { normalQuantile } from '../../sim/kernel/index.js';
import {
  AgentField, defineStrategy, MarketField, type RowOffsets, WakeOn,
} from '../../sim/strategy/index.js';
import {
  barDays, heldExposure, keepRiskLimit, normalTailMean, riskLimitParams, riskLimitState, standsDown,
  startClock,
} from '../parts/index.js';

/** Returns remembered at most. */
const WINDOW_MAX = 250;
/** Tails are counted in millionths, so that no rounding moves a rank. */
const MILLION = 1e6;

export const historicalVarLimit = defineStrategy({
  name: 'historical-var-limit',
  family: 'scaling',
  doc:
    'As var-limit, with the k-th worst return of a window as value at risk and the mean of the k ' +
    'worst as expected shortfall, k the tail\'s share of the window rounded up; normal returns ' +
    'stand in until enough are seen.',
  source: 'Basel Committee 2019, MAR31-33; Adrian & Shin 2014',
  params: {
    ...riskLimitParams,
    window: {
      doc: 'Returns remembered', unit: 'bars', min: 2, max: WINDOW_MAX, default: 250, integer: true,
      source: 'practice: a year of trading days, the shortest window that Basel II admits',
    },
    returnsMin: {
      doc: 'Returns needed before they are believed', unit: 'bars', min: 1, max: WINDOW_MAX,
      default: 20, integer: true, source: 'assumption',
    },
    volatilityInitial: {
      doc: 'Daily volatility believed before that', unit: 'fraction', min: 1e-9, max: 1,
      default: 0.01, source: 'assumption',
    },
  },
  state: {
    ...riskLimitState,
    lastTicks: { doc: 'Mark at the last bar; 0 before', unit: 'ticks', initial: 0 },
    filled: { doc: 'Returns in the window', unit: 'bars', initial: 0 },
    place: { doc: 'Where the next return goes', unit: '1', initial: 0 },
    returns: {
      doc: 'Simple returns, overwritten in turn', unit: 'fraction', initial: 0, count: WINDOW_MAX,
    },
    sorted: { doc: 'The same, ascending', unit: 'fraction', initial: 0, count: WINDOW_MAX },
  },
  style: 'sizing',
  orderSlots: 2,
  wakeOn: WakeOn.none,
  gainSign: 1,
  exitTrigger: 'a bad return entering its window, or a loss that takes the risk past the limit',
  examples: [
    {
      card: 'A9',
      doc: 'Value at risk and expected shortfall at 80 % of ten returns',
      // Returns -.031, -.012, .004, .022, -.045, .008, .015, -.007, -.02, .011.
      prices: [
        100, 96.9, 95.7372, 96.1201488, 98.2347920736, 93.814226430288, 94.5647402417303,
        95.98321134535625, 95.31132886593876, 93.40510228861999, 94.43255841379481,
      ],
      set: { window: 10, returnsMin: 10, confidence: 0.8, confidenceShortfall: 0.8 },
      expect: [
        { field: 'state.valueAtRisk', from: 10, values: [0.031], tolerance: 1e-12 },
        { field: 'state.expectedShortfall', from: 10, values: [0.038], tolerance: 1e-12 },
      ],
    },
  ],
  start(batch) {
    startClock(batch);
  },
  decide(batch, at) {
    const { count, rows, row, time, equity, wakeAt, market, marketAt } = batch;
    const { lastTicks, filled, returnsMin, leverage, direction } = at;
    for (let i = 0; i < count; i++) {
      const r = row[i];
      if ((rows[r + AgentField.status] !== 0 || !(equity[i] > 0)) && standsDown(batch, i)) continue;
      const ticks = market[marketAt[i] + MarketField.mark];
      const last = rows[r + lastTicks];
      rows[r + lastTicks] = ticks;
      if (last > 0) remember(rows, r, at, ticks / last - 1);
      const held = heldExposure(batch, i);
      const side = held !== 0 ? held : rows[r + leverage] * rows[r + direction];
      if (rows[r + filled] < rows[r + returnsMin]) believe(rows, r, at, barDays(batch, i));
      else measure(rows, r, at, side);
      keepRiskLimit(batch, i, at, held);
      wakeAt[i] = time[i] + rows[r + AgentField.periodMicros];
    }
  },
});

/** Puts a return into the window at row `r`, in place of the oldest once it is full. */
function remember(rows: Float64Array, r: number, at: RowOffsets, value: number): void {
  const ring = r + at.returns;
  const sorted = r + at.sorted;
  const next = rows[r + at.place];
  const window = rows[r + at.window];
  let last = rows[r + at.filled];
  let gap = last;
  if (last < window) {
    rows[r + at.filled] = last + 1;
  } else {
    last = window - 1;
    const oldest = rows[ring + next];
    let high = last;
    gap = 0;
    while (gap < high) {
      const middle = (gap + high) >>> 1;
      if (rows[sorted + middle] < oldest) gap = middle + 1;
      else high = middle;
    }
  }
  rows[ring + next] = value;
  rows[r + at.place] = next + 1 >= window ? 0 : next + 1;
  // The gap that the oldest left moves to where the newest belongs.
  for (; gap > 0 && rows[sorted + gap - 1] > value; gap--) {
    rows[sorted + gap] = rows[sorted + gap - 1];
  }
  for (; gap < last && rows[sorted + gap + 1] < value; gap++) {
    rows[sorted + gap] = rows[sorted + gap + 1];
  }
  rows[sorted + gap] = value;
}

/** Measures the risk of a position on the side of `side` from the window. */
function measure(rows: Float64Array, r: number, at: RowOffsets, side: number): void {
  const n = rows[r + at.filled];
  const short = side < 0;
  const worst = r + at.sorted + (short ? n - 1 : 0);
  const step = short ? -1 : 1;
  const sign = short ? 1 : -1;
  const rank = tailCount(rows[r + at.confidence], n);
  rows[r + at.valueAtRisk] = sign * rows[worst + step * (rank - 1)];
  const tail = tailCount(rows[r + at.confidenceShortfall], n);
  let sum = 0;
  for (let k = 0; k < tail; k++) sum += rows[worst + step * k];
  rows[r + at.expectedShortfall] = (sign * sum) / tail;
}

/** Returns ceil((1 - confidence) n), computed in whole millionths. */
function tailCount(confidence: number, n: number): number {
  const millionths = Math.round((1 - confidence) * MILLION);
  return Math.max(Math.ceil((millionths * n) / MILLION), 1);
}

/** Sets the risk of normal returns, which stands in for a window that is too short. */
function believe(rows: Float64Array, r: number, at: RowOffsets, days: number): void {
  const volatility = rows[r + at.volatilityInitial] * Math.sqrt(days);
  rows[r + at.valueAtRisk] = volatility * normalQuantile(rows[r + at.confidence]);
  rows[r + at.expectedShortfall] = volatility * normalTailMean(rows[r + at.confidenceShortfall]);
}
