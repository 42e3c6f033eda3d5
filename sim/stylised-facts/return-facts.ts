/** Facts of returns: no linear memory, heavy tails, and what becomes of them. */
import { normalCdf } from '../kernel/index.js';
import { fitLine, hillExponent, quantile, sorted } from '../metrics/index.js';
import { BlockBootstrap, type Interval } from './block-bootstrap.js';
import { correlogram, singleLags } from './correlogram.js';
import { bounded, type FactResult, type FactTerms, plain, type StylisedFact } from './fact.js';
import { fitGarch } from './garch.js';
import { eventReturns, joined, magnitudes, returnsOver, type Sample } from './market-record.js';
import { excessKurtosis, powersOf, powerSums, rootMeanSquare, shapeOf } from './moments.js';

const LINEAR_LAGS = 20;
const ROLLING_BINS = 30;
const TAIL = 0.05;
const STEPS = [1, 2, 3, 4, 10];

/** 1: returns do not tell the next ones. */
const noLinearMemory: StylisedFact = {
  id: 1,
  name: 'no linear autocorrelation',
  tier: 'must',
  formula: 'rho(tau) = corr(r_t, r_(t-tau)) of 1-bin log returns',
  range: '|rho(tau)| < 2/sqrt(n) for tau = 3..20, rho(1) in [-0.2, 0.05]; n = returns of a run',
  source: 'Cont 2001, fact 1; Vyetrenko et al. 2020',
  test(sample, terms) {
    const runs = sample.map((run) => returnsOver(run));
    const rho = correlogram(runs, singleLags(LINEAR_LAGS), terms);
    const band = 2 / Math.sqrt(rho.length);
    let farthest = 2;
    for (let k = 2; k < LINEAR_LAGS; k++) {
      if (Math.abs(rho.value[k]) > Math.abs(rho.value[farthest])) farthest = k;
    }
    const isFlat = Math.abs(rho.value[farthest]) < band;
    const first = rho.value[0];
    const inEvents = sample.map(eventReturns).filter((run) => run.length > LINEAR_LAGS);
    const events = inEvents.length > 0 ? correlogram(inEvents, singleLags(1), terms) : undefined;
    return {
      verdict: isFlat && first >= -0.2 && first <= 0.05 ? 'pass' : 'fail',
      values: [
        bounded('rho(1)', first, rho.interval[0]),
        bounded(
          `farthest of rho(3..20): rho(${farthest + 1})`,
          rho.value[farthest],
          rho.interval[farthest],
        ),
        plain('band 2/sqrt(n)', band),
        plain(`mean lag-1 autocorrelation in ${ROLLING_BINS} rolling bins`, rolling(runs)),
        ...(events === undefined
          ? []
          : [bounded('rho(1) in event time', events.value[0], events.interval[0])]),
      ],
      curves: [{ name: 'rho', axis: 'lag, bins', at: rho.lag, value: rho.value }],
      note: 'rho is pooled over the runs, n is that of one: with n of all runs the band would fall ' +
        'with every run, and even white noise fail at one lag of 18 in most samples',
    };
  },
};

/** Mean of lag-1 autocorrelations within windows of 30 bins. */
function rolling(runs: readonly Float64Array[]): number {
  let sum = 0;
  let count = 0;
  for (const run of runs) {
    for (let from = 0; from + ROLLING_BINS <= run.length; from += ROLLING_BINS) {
      let [product, square, middle] = [0, 0, 0];
      for (let i = 0; i < ROLLING_BINS; i++) middle += run[from + i] / ROLLING_BINS;
      for (let i = 0; i < ROLLING_BINS; i++) {
        const gap = run[from + i] - middle;
        square += gap * gap;
        if (i > 0) product += gap * (run[from + i - 1] - middle);
      }
      if (!(square > 0)) continue;
      sum += product / square;
      count++;
    }
  }
  return sum / count;
}

/** 2: large moves are far more frequent than a normal law has them. */
const heavyTails: StylisedFact = {
  id: 2,
  name: 'heavy tails',
  tier: 'must',
  formula: 'Hill alpha of the largest 5 % of |r|; excess kurtosis',
  range: 'alpha in [2, 5]; warn outside [2.3, 4.5]',
  source: 'Cont 2001, fact 2; Gopikrishnan et al. 1998',
  test(sample, terms) {
    const runs = sample.map((run) => magnitudes(returnsOver(run)));
    const bootstrap = new BlockBootstrap(runs.map((run) => run.length), terms);
    const pooled = joined(runs);
    const alpha = hillExponent(pooled, TAIL).value;
    const [hill] = bootstrap.ofValues(runs, (values) => [hillExponent(values, TAIL).value]);
    const signed = joined(sample.map((run) => returnsOver(run)));
    const events = joined(sample.map((run) => magnitudes(eventReturns(run))));
    const isIn = alpha >= 2 && alpha <= 5;
    return {
      verdict: !isIn ? 'fail' : alpha < 2.3 || alpha > 4.5 ? 'warn' : 'pass',
      values: [
        bounded('alpha', alpha, hill),
        plain('alpha of the largest 1 %', hillExponent(pooled, 0.01).value),
        plain('excess kurtosis', excessKurtosis(signed)),
        plain('alpha in event time', events.length > 0 ? hillExponent(events, TAIL).value : NaN),
      ],
      curves: [tailCurve(sample)],
      note: '',
    };
  },
};

function tailCurve(sample: Sample): { name: string; axis: string; at: number[]; value: number[] } {
  const value = STEPS.map((step) =>
    hillExponent(joined(sample.map((run) => magnitudes(returnsOver(run, step)))), TAIL).value,
  );
  return { name: 'alpha', axis: 'return over, bins', at: STEPS, value };
}

/** 3: the longer the return, the nearer the normal law. */
const aggregationalNormality: StylisedFact = {
  id: 3,
  name: 'aggregational normality',
  tier: 'must',
  formula: 'excess kurtosis kappa of returns over 1, 2, 3, 4, 10 bins; slope of kappa on log steps',
  range: 'kappa(10) < kappa(1), slope below 0 in 95 % of resamples',
  source: 'Cont 2001, fact 4; Vyetrenko et al. 2020',
  test(sample, terms) {
    const kappa = STEPS.map((step) => excessKurtosis(joined(sample.map((run) => returnsOver(run, step)))));
    const intervals = kurtosisIntervals(sample, terms);
    const slope = slopeOf(kappa);
    const bound = intervals[STEPS.length];
    const last = STEPS.length - 1;
    const isFalling = kappa[last] < kappa[0] && bound.negativeShare >= 0.95;
    const coarse = joined(sample.map((run) => returnsOver(run, STEPS[last])));
    return {
      verdict: isFalling ? 'pass' : 'fail',
      values: [
        bounded('slope of kappa', slope, bound),
        plain('share of resamples in which it falls', bound.negativeShare),
        bounded('kappa(1)', kappa[0], intervals[0]),
        bounded('kappa(10)', kappa[last], intervals[last]),
        plain('Kolmogorov-Smirnov distance to normal, 10 bins', normalDistance(coarse)),
      ],
      curves: [{ name: 'kappa', axis: 'return over, bins', at: STEPS, value: kappa }],
      note: '',
    };
  },
};

/** Intervals of kappa at each step, then of the slope: all steps from the same blocks of bins. */
function kurtosisIntervals(sample: Sample, terms: FactTerms): Interval[] {
  const fine = sample.map((run) => returnsOver(run));
  const scale = rootMeanSquare(joined(fine));
  // A term stands at each bin: the return over `step` bins that ends there, overlapping.
  const columns = STEPS.flatMap((step) => {
    const runs = fine.map((run) => powersOf(overlapping(run, step), scale));
    const counted = fine.map((run) => run.map((_, i) => (i + 1 < step ? 0 : 1)));
    return [0, 1, 2, 3, 4].map((p) => runs.map((run, k) => (p === 0 ? counted[k] : run[p])));
  });
  return new BlockBootstrap(fine.map((run) => run.length), terms).ofSums(columns, (sums) => {
    const kappa = STEPS.map((_, k) => shapeOf(sums.subarray(5 * k, 5 * k + 5)).kurtosis);
    return [...kappa, slopeOf(kappa)];
  });
}

/** Sums over the last `step` values; 0 where there are fewer. */
function overlapping(values: Float64Array, step: number): Float64Array {
  return values.map((_, i) => {
    let sum = 0;
    if (i + 1 >= step) for (let k = 0; k < step; k++) sum += values[i - k];
    return sum;
  });
}

const LOG_STEPS = [0, 0.6931471805599453, 1.0986122886681098, 1.3862943611198906, 2.302585092994046];

function slopeOf(kappa: readonly number[]): number {
  return fitLine(LOG_STEPS, kappa).slope.value;
}

function normalDistance(values: Float64Array): number {
  const ascending = sorted(values);
  const n = ascending.length;
  let sum = 0;
  for (const x of ascending) sum += x / n;
  let squares = 0;
  for (const x of ascending) squares += ((x - sum) * (x - sum)) / n;
  let distance = 0;
  ascending.forEach((x, i) => {
    const model = normalCdf((x - sum) / Math.sqrt(squares));
    distance = Math.max(distance, model - i / n, (i + 1) / n - model);
  });
  return distance;
}

/** 6: what GARCH leaves is less heavy-tailed, but still is. */
const conditionalTails: StylisedFact = {
  id: 6,
  name: 'conditional heavy tails',
  tier: 'must',
  formula: 'excess kurtosis of r_t / sigma_t, sigma_t of a fitted GARCH(1,1)',
  range: 'above 0 and below that of r_t',
  source: 'Cont 2001, fact 7; Bollerslev 1986',
  test(sample, terms) {
    const runs = sample.map((run) => returnsOver(run));
    const fit = fitGarch(runs);
    const all = excessKurtosis(joined(runs));
    const left = excessKurtosis(joined(fit.standardised));
    const bootstrap = new BlockBootstrap(runs.map((run) => run.length), terms);
    const columns = powerColumns(fit.standardised);
    const [interval] = bootstrap.ofSums(columns, (sums) => [shapeOf(sums).kurtosis]);
    return {
      verdict: left > 0 && left < all ? 'pass' : 'fail',
      values: [
        bounded('kappa of residuals', left, interval),
        plain('kappa of returns', all),
        plain('alpha', fit.alpha),
        plain('beta', fit.beta),
      ],
      curves: [],
      note: 'the interval holds the fitted GARCH fixed',
    };
  },
};

function powerColumns(runs: readonly Float64Array[]): Float64Array[][] {
  const powers = runs.map((run) => powersOf(run, 1));
  return [0, 1, 2, 3, 4].map((p) => powers.map((run) => run[p]));
}

/** 8: falls are larger than rises. */
const asymmetry: StylisedFact = {
  id: 8,
  name: 'gain and loss asymmetry',
  tier: 'report',
  formula: 'skewness; -q(1 %) / q(99 %)',
  range: 'none: indices and daily returns yes, single assets within the day no',
  source: 'Cont 2001, fact 3',
  test(sample, terms): FactResult {
    const runs = sample.map((run) => returnsOver(run));
    const bootstrap = new BlockBootstrap(runs.map((run) => run.length), terms);
    const told = (values: Float64Array): number[] => {
      const ascending = sorted(values);
      const { skewness } = shapeOf(powerSums(values, rootMeanSquare(values)));
      return [skewness, -quantile(ascending, 0.01) / quantile(ascending, 0.99)];
    };
    const [skewness, ratio] = told(joined(runs));
    const [a, b] = bootstrap.ofValues(runs, told);
    return {
      verdict: 'report',
      values: [
        bounded('skewness', skewness, a),
        bounded('-q(1 %) / q(99 %)', ratio, b),
      ],
      curves: [],
      note: '',
    };
  },
};

/** Facts of returns. */
export const returnFacts: readonly StylisedFact[] = [
  noLinearMemory,
  heavyTails,
  aggregationalNormality,
  conditionalTails,
  asymmetry,
];
