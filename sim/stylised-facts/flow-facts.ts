/** Facts of order flow: memory of signs, clustering of arrivals, sizes, endogeneity. */
import { fanoBranchingRatio, fitHawkes, hillExponent, windowCounts } from '../metrics/index.js';
import { BlockBootstrap } from './block-bootstrap.js';
import { correlogram, geometricLags, pooledLength, shareAboveNoise } from './correlogram.js';
import { fitPowerDecay } from './decay.js';
import { bounded, type FactResult, notApplicable, plain, type StylisedFact } from './fact.js';
import { joined, type MarketRecord, type Sample } from './market-record.js';
import { fitGamma, fitWaiting, gammaDistance } from './waiting-laws.js';

const SIGN_LAGS = 500;
const WAIT_MICROS_MAX = 10e6;
/** Waiting times that a law is fitted to: an even share of each run. */
const WAITS_MAX = 200_000;
const TAIL = 0.05;
const FANO_BINS = 10;
const HAWKES_EVENTS = 4000;
const EVENTS_MIN = 1000;

/** 12: buyers follow buyers for thousands of orders. */
const signMemory: StylisedFact = {
  id: 12,
  name: 'memory of order signs',
  tier: 'must',
  formula:
    'C(tau) = corr(e_t, e_(t+tau)) of takers\' signs in event time ~ tau^-gamma, log-log over ' +
    'geometric bins of tau = 1..500; H = 1 - gamma / 2',
  range: 'gamma in [0.3, 0.8], most bins of lags above noise',
  source: 'Lillo & Farmer 2004; Lillo, Mike & Farmer 2005',
  test(sample, terms) {
    const runs = sample.map((run) => Float64Array.from(run.takers.sign));
    if (Math.min(...runs.map((run) => run.length)) <= 2 * SIGN_LAGS) {
      return notApplicable(`a run must have more than ${2 * SIGN_LAGS} orders that take`);
    }
    const bins = geometricLags(SIGN_LAGS);
    const lag = bins.map(({ from, until }) => Math.sqrt(from * until));
    const c = correlogram(runs, bins, terms, (one) => [fitPowerDecay(lag, one).exponent]);
    const fit = fitPowerDecay(lag, c.value);
    const gamma = fit.exponent;
    const above = shareAboveNoise(c.value, bins, pooledLength(runs));
    const isLong = gamma >= 0.3 && gamma <= 0.8 && above > 0.5;
    return {
      verdict: isLong ? 'pass' : 'fail',
      values: [
        bounded('gamma', gamma, c.derived[0]),
        plain('H', 1 - gamma / 2),
        bounded('C(1)', c.value[0], c.interval[0]),
        plain('bins of lags above noise', above),
        plain('log-likelihood over an exponential', fit.overExponential),
      ],
      curves: [{ name: 'C', axis: 'lag, orders', at: c.lag, value: c.value }],
      note: fit.positiveShare < 1 ? 'bins of lags not above 0 are left out' : '',
    };
  },
};

/** 13: orders come in bursts. */
const arrivals: StylisedFact = {
  id: 13,
  name: 'clustered arrivals',
  tier: 'report',
  formula: 'Weibull shape k of times between orders in (0, 10 s]; AIC beside exponential and Gamma',
  range: 'k < 1 and the Weibull better than the exponential by more than 10',
  source: 'Vyetrenko et al. 2020; Jiang, Chen & Zhou 2008',
  test(sample) {
    const takers = waits(sample, (run) => run.takers.timeMicros);
    const orders = waits(sample, (run) => run.orders?.timeMicros ?? new Float64Array(0));
    const all = orders.length >= EVENTS_MIN ? orders : takers;
    if (all.length < EVENTS_MIN) return notApplicable(`fewer than ${EVENTS_MIN} waiting times`);
    const fit = fitWaiting(all);
    const isClustered = fit.shape < 1 && fit.overExponential > 10;
    return {
      verdict: isClustered ? 'pass' : 'fail',
      values: [
        plain('k', fit.shape),
        plain('AIC of exponential - Weibull', fit.overExponential),
        plain('AIC of Gamma - Weibull', fit.overGamma),
        ...(all === takers || takers.length < EVENTS_MIN
          ? []
          : [plain('k of orders that take', fitWaiting(takers).shape)]),
      ],
      curves: [],
      note: all === takers ? 'of orders that take: others are not known' : 'of all new orders',
    };
  },
};

function waits(sample: Sample, times: (run: MarketRecord) => Float64Array): Float64Array {
  const most = Math.floor(WAITS_MAX / sample.length);
  return joined(
    sample.map((run) => {
      const at = times(run);
      const found: number[] = [];
      for (let i = 1; i < at.length && found.length < most; i++) {
        const wait = at[i] - at[i - 1];
        if (wait > 0 && wait <= WAIT_MICROS_MAX) found.push(wait);
      }
      return found;
    }),
  );
}

/** 14: orders in a window follow a Gamma law. */
const orderCounts: StylisedFact = {
  id: 14,
  name: 'orders in a window',
  tier: 'report',
  formula: 'Gamma fit of counts a bin over their mean; Kolmogorov-Smirnov distance',
  range: 'none: Gamma or lognormal in shape',
  source: 'Vyetrenko et al. 2020; Abergel et al. 2016',
  test(sample) {
    const counts = joined(sample.map((run) => countsOf(run, 1))).filter((count) => count > 0);
    if (counts.length < 50) return notApplicable('fewer than 50 bins with orders');
    const fit = fitGamma(counts);
    return {
      verdict: 'report',
      values: [plain('shape', fit.shape), plain('KS distance', gammaDistance(counts, fit))],
      curves: [],
      note: '',
    };
  },
};

function countsOf(run: MarketRecord, bins: number): Float64Array {
  const times = run.orders?.timeMicros ?? run.takers.timeMicros;
  const to = run.binMicros * run.volumeLots.length;
  return Float64Array.from(windowCounts(times, { from: 0, to, window: bins * run.binMicros }));
}

/** 16: a few orders are very large. */
const orderSizes: StylisedFact = {
  id: 16,
  name: 'order sizes',
  tier: 'report',
  formula: '1 + mu, mu = Hill exponent of the largest 5 % of sizes of orders that take',
  range: '1 + mu in [2, 3]',
  source: 'Maslov & Mills 2001: 2.4 for market, about 2 for limit orders',
  test(sample, terms) {
    const sizes = sample.map((run) => run.takers.sizeLots);
    if (joined(sizes).length < EVENTS_MIN) return notApplicable(`fewer than ${EVENTS_MIN} orders`);
    const value = 1 + hillExponent(joined(sizes), TAIL).value;
    const bootstrap = new BlockBootstrap(sizes.map((run) => run.length), { ...terms, resamples: 100 });
    const [interval] = bootstrap.ofValues(sizes, (one) => [1 + hillExponent(one, TAIL).value]);
    const limits = joined(sample.map((run) => run.orders?.limitLots ?? []));
    return {
      verdict: value >= 2 && value <= 3 ? 'pass' : 'fail',
      values: [
        bounded('1 + mu', value, interval),
        ...(limits.length < EVENTS_MIN
          ? []
          : [plain('1 + mu of limit orders', 1 + hillExponent(limits, TAIL).value)]),
      ],
      curves: [],
      note: '',
    };
  },
};

/** 21: how much of the flow other flow causes. */
const endogeneity: StylisedFact = {
  id: 21,
  name: 'endogeneity',
  tier: 'report',
  formula:
    `n = 1 - (mean / variance)^(1/2) of counts of orders that take in ${FANO_BINS} bins; ` +
    'Hawkes branching ratio by maximum likelihood',
  range: 'none: 0.3 to 0.9 in markets; a stress raises it',
  source: 'Hardiman & Bouchaud 2014; Filimonov & Sornette 2012',
  test(sample): FactResult {
    const counts = joined(
      sample.map(({ takers, binMicros, volumeLots }) =>
        windowCounts(takers.timeMicros, {
          from: 0,
          to: binMicros * volumeLots.length,
          window: FANO_BINS * binMicros,
        }),
      ),
    );
    const fano = fanoBranchingRatio(counts);
    const seconds = sample[0].takers.timeMicros.subarray(0, HAWKES_EVENTS).map((t) => t / 1e6);
    const hawkes =
      seconds.length < EVENTS_MIN ? undefined : fitHawkes(seconds, seconds[seconds.length - 1]);
    return {
      verdict: 'report',
      values: [
        { name: 'n by counts', value: fano.value, low: fano.low, high: fano.high },
        ...(hawkes === undefined
          ? []
          : [
              {
                name: `n by Hawkes, first ${seconds.length} orders`,
                value: hawkes.branching.value,
                low: hawkes.branching.low,
                high: hawkes.branching.high,
              },
            ]),
      ],
      curves: [],
      note: '',
    };
  },
};

/** Facts of order flow. */
export const flowFacts: readonly StylisedFact[] = [
  signMemory,
  arrivals,
  orderCounts,
  orderSizes,
  endogeneity,
];
