/** Facts of the size of returns: it clusters, slowly forgets, and goes with volume. */
import { fanoFactor, fitLine, quantile, sorted, windowCounts } from '../metrics/index.js';
import { log } from '../kernel/index.js';
import { BlockBootstrap } from './block-bootstrap.js';
import {
  correlogram,
  geometricLags,
  pooledLength,
  shareAboveNoise,
  singleLags,
} from './correlogram.js';
import { fitPowerDecay } from './decay.js';
import { bounded, plain, type StylisedFact } from './fact.js';
import { eventReturns, joined, magnitudes, returnsOver, type Sample } from './market-record.js';
import { correlation, correlationOf } from './moments.js';

const CLUSTER_LAGS = 10;
const CLUSTER_LEAST = 8;
const MEMORY_LAGS = 100;
const LEVERAGE_LAGS = 50;
const COARSE_BINS = 10;
const LARGE = 0.99;
const FANO_BINS = 30;

const sizesOf = (sample: Sample): Float64Array[] => sample.map((run) => magnitudes(returnsOver(run)));

/** 4: large moves follow large moves. */
const clustering: StylisedFact = {
  id: 4,
  name: 'volatility clustering',
  tier: 'must',
  formula: 'rho_a(tau) = corr(|r_t|, |r_(t-tau)|), tau = 1..10',
  range: 'rho_a(tau) > 2/sqrt(n) for 8 of 10 lags; n = returns of a run',
  source: 'Cont 2001, fact 6; Vyetrenko et al. 2020',
  test(sample, terms) {
    const rho = correlogram(sizesOf(sample), singleLags(CLUSTER_LAGS), terms);
    const band = 2 / Math.sqrt(rho.length);
    const above = rho.value.filter((one) => one > band).length;
    const inEvents = sample.map((run) => magnitudes(eventReturns(run))).filter((run) => run.length > 1);
    const events = inEvents.length > 0 ? correlogram(inEvents, singleLags(1), terms) : undefined;
    return {
      verdict: above >= CLUSTER_LEAST ? 'pass' : 'fail',
      values: [
        plain('lags above the band', above),
        bounded('rho_a(1)', rho.value[0], rho.interval[0]),
        bounded('rho_a(10)', rho.value[9], rho.interval[9]),
        plain('band 2/sqrt(n)', band),
        ...(events === undefined
          ? []
          : [bounded('rho_a(1) in event time', events.value[0], events.interval[0])]),
      ],
      curves: [{ name: 'rho_a', axis: 'lag, bins', at: rho.lag, value: rho.value }],
      note: '',
    };
  },
};

/** 5: volatility forgets as a power of time. */
const slowDecay: StylisedFact = {
  id: 5,
  name: 'slow decay of volatility',
  tier: 'must',
  formula: 'rho_a(tau) ~ tau^-beta, log-log over geometric bins of tau = 1..100; DFA exponent H of |r|',
  range: 'beta in [0.1, 0.6], most bins of lags above noise',
  source: 'Cont 2001, fact 8: 0.2 to 0.4; Peng et al. 1994 for H',
  test(sample, terms) {
    const runs = sizesOf(sample);
    if (Math.min(...runs.map((run) => run.length)) <= MEMORY_LAGS) {
      return {
        verdict: 'not-applicable',
        values: [],
        curves: [],
        note: `a run must have more than ${MEMORY_LAGS} bins`,
      };
    }
    const bins = geometricLags(MEMORY_LAGS);
    const lag = bins.map(({ from, until }) => Math.sqrt(from * until));
    const rho = correlogram(runs, bins, terms, (one) => [fitPowerDecay(lag, one).exponent]);
    const fit = fitPowerDecay(lag, rho.value);
    const above = shareAboveNoise(rho.value, bins, pooledLength(runs));
    const isSlow = fit.exponent >= 0.1 && fit.exponent <= 0.6 && above > 0.5;
    const gaps = fit.positiveShare < 1 ? '; some bins of lags are not above 0 and are left out' : '';
    const better = fit.overExponential > 0 ? 'the power law' : 'an exponential';
    return {
      verdict: isSlow ? 'pass' : 'fail',
      values: [
        bounded('beta', fit.exponent, rho.derived[0]),
        plain('bins of lags above noise', above),
        plain('log-likelihood over an exponential', fit.overExponential),
        plain('H of |r|', fluctuationExponent(runs)),
      ],
      curves: [{ name: 'rho_a', axis: 'lag, bins', at: rho.lag, value: rho.value }],
      note: `${better} fits better${gaps}`,
    };
  },
};

/** Detrended fluctuation analysis of order 1, pooled: slope of log F on log window. */
export function fluctuationExponent(runs: readonly Float64Array[]): number {
  const shortest = Math.min(...runs.map((run) => run.length));
  const logWindow: number[] = [];
  const logFluctuation: number[] = [];
  let mean = 0;
  let count = 0;
  for (const run of runs) {
    for (const x of run) mean += x;
    count += run.length;
  }
  mean /= count;
  for (let window = 8; window <= shortest / 4; window = Math.ceil(window * 1.5)) {
    let squares = 0;
    let values = 0;
    for (const run of runs) {
      for (let from = 0; from + window <= run.length; from += window) {
        squares += residualSquares(run.subarray(from, from + window), mean);
        values += window;
      }
    }
    logWindow.push(log(window));
    logFluctuation.push(0.5 * log(squares / values));
  }
  return logWindow.length < 3 ? NaN : fitLine(logWindow, logFluctuation).slope.value;
}

/** Squares about the line through the running sum of deviations from the mean. */
function residualSquares(values: Float64Array, mean: number): number {
  const n = values.length;
  let [sum, y, yy, ty] = [0, 0, 0, 0];
  values.forEach((x, t) => {
    sum += x - mean;
    y += sum;
    yy += sum * sum;
    ty += t * sum;
  });
  const tt = (n * (n * n - 1)) / 12;
  const cross = ty - (y * (n - 1)) / 2;
  return yy - (y * y) / n - (cross * cross) / tt;
}

/** 7: large moves come in bursts. */
const intermittency: StylisedFact = {
  id: 7,
  name: 'intermittency',
  tier: 'report',
  formula: `variance over mean of the counts of |r| above its 99th percentile in ${FANO_BINS} bins`,
  range: 'above 1.5',
  source: 'Cont 2001, fact 5; 2.6 to 4.7 at one minute (MITRE 2023)',
  test(sample, terms) {
    const runs = sizesOf(sample);
    const threshold = quantile(sorted(joined(runs)), LARGE);
    const counts = runs.map((run) =>
      Float64Array.from(
        windowCounts(
          [...run.keys()].filter((i) => run[i] > threshold),
          { from: 0, to: run.length, window: FANO_BINS },
        ),
      ),
    );
    const fano = fanoFactor(joined(counts));
    const bootstrap = new BlockBootstrap(counts.map((run) => run.length), terms);
    const [interval] = bootstrap.ofValues(counts, (values) => [fanoFactor(values)]);
    return {
      verdict: fano > 1.5 ? 'pass' : 'fail',
      values: [bounded('Fano factor', fano, interval)],
      curves: [],
      note: '',
    };
  },
};

/** 9: falls raise volatility. */
const leverageEffect: StylisedFact = {
  id: 9,
  name: 'leverage effect',
  tier: 'report',
  formula: 'L(tau) = corr(r_t, r^2_(t+tau)), tau = 1..50; corr(r_t, |r_t|)',
  range: 'none: negative and fading for daily indices, unclear within the day',
  source: 'Cont 2001, fact 9; Bouchaud, Matacz & Potters 2001',
  test(sample) {
    const runs = sample.map((run) => returnsOver(run));
    const lag = Array.from({ length: LEVERAGE_LAGS }, (_, k) => k + 1);
    const value = lag.map((tau) =>
      correlation(
        joined(runs.map((run) => run.subarray(0, Math.max(0, run.length - tau)))),
        joined(runs.map((run) => run.subarray(tau).map((x) => x * x))),
      ),
    );
    const early = value.slice(0, 10).reduce((sum, one) => sum + one / 10, 0);
    const all = joined(runs);
    return {
      verdict: 'report',
      values: [
        plain('mean L(1..10)', early),
        plain('corr(r, |r|) in one bin', correlation(all, magnitudes(all))),
      ],
      curves: [{ name: 'L', axis: 'lag, bins', at: lag, value }],
      note: '',
    };
  },
};

/** 10: volume and volatility go together. */
const volumeVolatility: StylisedFact = {
  id: 10,
  name: 'volume and volatility',
  tier: 'must',
  formula: 'corr(V_t, |r_t|) in one bin',
  range: 'above 0.1',
  source: 'Cont 2001, fact 10; Vyetrenko et al. 2020',
  test(sample, terms) {
    const sizes = sizesOf(sample);
    const volumes = sample.map((run) => run.volumeLots);
    const columns = [
      sizes.map((run) => run.map(() => 1)),
      sizes,
      volumes,
      sizes.map((run) => run.map((x) => x * x)),
      volumes.map((run) => run.map((x) => x * x)),
      sizes.map((run, k) => run.map((x, i) => x * volumes[k][i])),
    ];
    const sums = columns.map((column) => joined(column).reduce((sum, x) => sum + x, 0));
    const bootstrap = new BlockBootstrap(sizes.map((run) => run.length), terms);
    const [interval] = bootstrap.ofSums(columns, (one) => [correlationOf(one)]);
    const value = correlationOf(sums);
    return {
      verdict: value > 0.1 ? 'pass' : 'fail',
      values: [bounded('corr(V, |r|)', value, interval)],
      curves: [],
      note: '',
    };
  },
};

/** 11: coarse volatility tells fine volatility more than the reverse. */
const timeAsymmetry: StylisedFact = {
  id: 11,
  name: 'time-scale asymmetry',
  tier: 'report',
  formula:
    `D(tau) = corr(c_t, f_(t+tau)) - corr(f_t, c_(t+tau)) over ${COARSE_BINS}-bin windows; ` +
    'c = |sum of r|, f = sum of |r|',
  range: 'none: positive in most markets',
  source: 'Cont 2001, fact 11; Muller et al. 1997; Zumbach 2009',
  test(sample) {
    const coarse: Float64Array[] = [];
    const fine: Float64Array[] = [];
    for (const run of sample) {
      const returns = returnsOver(run);
      const windows = Math.floor(returns.length / COARSE_BINS);
      const part = (w: number): Float64Array =>
        returns.subarray(w * COARSE_BINS, (w + 1) * COARSE_BINS);
      const sums = (of: (x: number) => number): Float64Array =>
        Float64Array.from({ length: windows }, (_, w) => part(w).reduce((sum, x) => sum + of(x), 0));
      coarse.push(magnitudes(sums((x) => x)));
      fine.push(sums((x) => Math.abs(x)));
    }
    const lead = (a: Float64Array[], b: Float64Array[], tau: number): number =>
      correlation(
        joined(a.map((run) => run.subarray(0, Math.max(0, run.length - tau)))),
        joined(b.map((run) => run.subarray(tau))),
      );
    const lag = [1, 2, 3, 4, 5, 6];
    const value = lag.map((tau) => lead(coarse, fine, tau) - lead(fine, coarse, tau));
    return {
      verdict: 'report',
      values: [plain('mean D(1..6)', value.reduce((sum, one) => sum + one / lag.length, 0))],
      curves: [{ name: 'D', axis: `lag, ${COARSE_BINS} bins`, at: lag, value }],
      note: '',
    };
  },
};

/** Facts of volatility. */
export const volatilityFacts: readonly StylisedFact[] = [
  clustering,
  slowDecay,
  intermittency,
  leverageEffect,
  volumeVolatility,
  timeAsymmetry,
];
