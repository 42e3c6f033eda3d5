/** Facts of the book and of parent orders, and those that need what a scenario may not have. */
import { log, pow } from '../kernel/index.js';
import { fitLine, hillExponent } from '../metrics/index.js';
import { notApplicable, plain, type StylisedFact } from './fact.js';
import { joined, type OrderRecord, returnsOver, type Sample } from './market-record.js';
import { fitGamma, gammaDistance } from './waiting-laws.js';

const TAIL = 0.05;
const ORDERS_MIN = 1000;
const DAY_MICROS = 86_400e6;
const SHARE_MIN = 1e-3;
const SHARE_MAX = 0.1;
const SHARE_RATIO = 1.5;
const PARENTS_MIN = 20;
const BINS_MIN = 4;
const NO_ORDERS = 'orders at the book are not known, or too few';

function ordersOf(sample: Sample, column: Exclude<keyof OrderRecord, 'timeMicros'>): Float64Array {
  return joined(sample.map((run) => run.orders?.[column] ?? []));
}

/** 15: trading is busiest at the open and the close. */
const intradayPattern: StylisedFact = {
  id: 15,
  name: 'intraday volume pattern',
  tier: 'report',
  formula: 'quadratic term of the share of volume by time of the session',
  range: 'above 0 for markets with a session',
  source: 'Vyetrenko et al. 2020; Jain & Joh 1988',
  test(sample) {
    if (!sample.every((run) => run.hasSession === true)) {
      return notApplicable('the market never closes');
    }
    const bins = Math.min(...sample.map((run) => run.volumeLots.length));
    const share = new Float64Array(bins);
    const square = Float64Array.from({ length: bins }, (_, i) => {
      const x = (2 * i + 1) / bins - 1;
      return x * x;
    });
    for (const { volumeLots } of sample) {
      const all = volumeLots.reduce((sum, x) => sum + x, 0);
      for (let i = 0; i < bins; i++) share[i] += volumeLots[i] / all / sample.length;
    }
    const { slope } = fitLine(square, share);
    const scale = bins;
    return {
      verdict: slope.value > 0 ? 'pass' : 'fail',
      values: [
        {
          name: 'quadratic term over the mean share',
          value: slope.value * scale,
          low: slope.low * scale,
          high: slope.high * scale,
        },
      ],
      curves: [],
      note: 'least squares, Student interval',
    };
  },
};

/** 17: limit orders lie far from the best, too. */
const placement: StylisedFact = {
  id: 17,
  name: 'limit order placement',
  tier: 'report',
  formula: 'Hill exponent of the largest 5 % of distances from the best of the same side',
  range: '[0.5, 2]',
  source: 'Zovko & Farmer 2002: 1.5; Bouchaud, Mezard & Potters 2002: 0.6',
  test(sample) {
    const ticks = ordersOf(sample, 'placementTicks').filter((x) => x > 0);
    if (ticks.length < ORDERS_MIN) return notApplicable(NO_ORDERS);
    const { value, low, high } = hillExponent(ticks, TAIL);
    return {
      verdict: value >= 0.5 && value <= 2 ? 'pass' : 'fail',
      values: [{ name: 'exponent', value, low, high }],
      curves: [],
      note: 'asymptotic interval, orders taken to be independent',
    };
  },
};

/** 18: volume at the best follows a Gamma law. */
const bestVolume: StylisedFact = {
  id: 18,
  name: 'volume at the best',
  tier: 'report',
  formula: 'Gamma fit of the volume at the best bid and ask; Kolmogorov-Smirnov distance',
  range: 'none: Gamma in shape',
  source: 'Bouchaud, Mezard & Potters 2002',
  test(sample) {
    const lots = ordersOf(sample, 'bestLots').filter((x) => x > 0);
    if (lots.length < 50) return notApplicable(NO_ORDERS);
    const fit = fitGamma(lots);
    return {
      verdict: 'report',
      values: [plain('shape', fit.shape), plain('KS distance', gammaDistance(lots, fit))],
      curves: [],
      note: '',
    };
  },
};

/** 19: some orders wait very long. */
const lifetimes: StylisedFact = {
  id: 19,
  name: 'times to cancel and to fill',
  tier: 'report',
  formula: 'Hill exponents of the largest 5 % of times to cancel and to the first fill',
  range: 'none: power laws',
  source: 'Challet & Stinchcombe 2001; Vyetrenko et al. 2020',
  test(sample) {
    const cancel = ordersOf(sample, 'cancelMicros');
    const fill = ordersOf(sample, 'fillMicros');
    if (cancel.length < ORDERS_MIN && fill.length < ORDERS_MIN) return notApplicable(NO_ORDERS);
    const told = (name: string, values: Float64Array) => {
      const { value, low, high } = hillExponent(values, TAIL);
      return { name, value, low, high };
    };
    return {
      verdict: 'report',
      values: [told('exponent to cancel', cancel), told('exponent to fill', fill)],
      curves: [],
      note: 'asymptotic intervals, orders taken to be independent',
    };
  },
};

/** 20: the impact of a parent order grows as the root of its size. */
const parentImpact: StylisedFact = {
  id: 20,
  name: 'impact of parent orders',
  tier: 'report',
  formula:
    'I(Q) = Y s (Q / V)^delta over Q / V in [0.001, 0.1], log-log over means of geometric bins; ' +
    's, V = volatility and volume of a day',
  range: 'delta in [0.4, 0.7] and Y in [0.3, 2]',
  source: 'Toth et al. 2011; Sato & Kanazawa 2024',
  test(sample) {
    const shares: number[] = [];
    const impacts: number[] = [];
    for (const run of sample) {
      const { parents } = run;
      if (parents === undefined) continue;
      const returns = returnsOver(run);
      const days = (run.binMicros * returns.length) / DAY_MICROS;
      const day = run.volumeLots.reduce((sum, x) => sum + x, 0) / days;
      const deviation = Math.sqrt(returns.reduce((sum, r) => sum + r * r, 0) / days);
      parents.sizeLots.forEach((lots, i) => {
        shares.push(lots / day);
        impacts.push(parents.impact[i] / deviation);
      });
    }
    const x: number[] = [];
    const y: number[] = [];
    for (let from = SHARE_MIN; from < SHARE_MAX; from *= SHARE_RATIO) {
      const inside = impacts.filter((_, i) => shares[i] >= from && shares[i] < from * SHARE_RATIO);
      const mean = inside.reduce((sum, one) => sum + one, 0) / inside.length;
      if (inside.length < PARENTS_MIN || !(mean > 0)) continue;
      x.push(log(from * Math.sqrt(SHARE_RATIO)));
      y.push(log(mean));
    }
    if (x.length < BINS_MIN) {
      return notApplicable(
        `fewer than ${BINS_MIN} bins of parent orders between 0.1 % and 10 % of a day's volume ` +
          `with ${PARENTS_MIN} orders and a positive mean`,
      );
    }
    const line = fitLine(x, y);
    const y0 = pow(2.718281828459045, line.intercept);
    const { value, low, high } = line.slope;
    return {
      verdict: value >= 0.4 && value <= 0.7 && y0 >= 0.3 && y0 <= 2 ? 'pass' : 'fail',
      values: [{ name: 'delta', value, low, high }, plain('Y', y0)],
      curves: [],
      note: 'a parent is a run of takers of one account and side, with no hour between two',
    };
  },
};

/** 22 and 23: how far a market is from one that was measured. */
const distances: readonly StylisedFact[] = [
  {
    id: 22,
    name: 'distributions against data',
    tier: 'report',
    formula: 'L1 and Wasserstein-1 distance of spread, imbalance, times, sizes and depths',
    range: 'none: ranks models against each other',
    source: 'LOB-Bench 2025',
    test: () => notApplicable('needs a measured order book; none is shipped'),
  },
  {
    id: 23,
    name: 'returns against data',
    tier: 'report',
    formula: 'two-sample Kolmogorov-Smirnov statistic of returns',
    range: 'none: an objective for calibration',
    source: 'Platt 2020',
    test: () => notApplicable('needs measured returns; none are shipped'),
  },
];

/** Facts of the book and of parent orders. */
export const bookFacts: readonly StylisedFact[] = [
  intradayPattern,
  placement,
  bestVolume,
  lifetimes,
  parentImpact,
  ...distances,
];
