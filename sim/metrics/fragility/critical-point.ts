/** Where a control parameter (leverage, crowding, thinness of the book) turns falls into cascades. */
import { assert, pow } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';
import { type Estimate, mean, normalEstimate, variance } from '../numeric/index.js';

/** A curve over a control parameter. */
export interface ControlCurve {
  /** Ascending settings of the parameter. */
  control: ArrayLike<number>;
  value: ArrayLike<number>;
  /** Standard error of each value; none known unless given. */
  standardError?: ArrayLike<number>;
}

/**
 * Returns the first setting at which the value rises through `level`, by linear interpolation, with
 * the delta-method interval from the errors of the two values beside it (`count` is 2). Undefined
 * where it never does.
 */
export function criticalCrossing(curve: ControlCurve, level = 1): Estimate | undefined {
  const { control, value, standardError } = curve;
  for (let i = 1; i < control.length; i++) {
    assert(control[i] > control[i - 1], 'settings of the control ascend');
    const below = value[i - 1];
    const above = value[i];
    if (!(below < level && above >= level)) continue;
    const width = control[i] - control[i - 1];
    const rise = above - below;
    const at = control[i - 1] + (width * (level - below)) / rise;
    const error = (k: number): number => (standardError === undefined ? NaN : standardError[k]);
    const fromBelow = (width * (above - level) * error(i - 1)) / (rise * rise);
    const fromAbove = (width * (level - below) * error(i)) / (rise * rise);
    return normalEstimate(at, Math.sqrt(fromBelow * fromBelow + fromAbove * fromAbove), 2);
  }
  return undefined;
}

/** Cascades that do not span the population. */
export interface NonSpanning {
  /** Cascades below the limit. */
  count: number;
  /** NaN without any. */
  mean: number;
  /** Variance over mean. */
  dispersion: number;
  /** Part of all cascades that reach the limit. */
  spanningShare: number;
}

/**
 * Summarises the cascades smaller than `limit` of the population: their mean, and variance over
 * mean, peak at the critical point. N Var(n / N) over all cascades does not: its peak lies beyond.
 */
export function nonSpanningCascades(
  size: ArrayLike<number>,
  population: number,
  limit = 0.2,
): NonSpanning {
  const small = Array.from(size).filter((n) => n < limit * population);
  const average = mean(small);
  return {
    count: small.length,
    mean: average,
    dispersion: variance(small) / average,
    spanningShare: 1 - small.length / size.length,
  };
}

/** A peak of a curve. */
export interface CurvePeak {
  control: number;
  value: number;
  /** Whether it lies at an end of the settings, so that the true peak may lie beyond. */
  atEnd: boolean;
}

/**
 * Returns the peak of a curve: the vertex of the parabola through its highest value and the two
 * beside it. Values that are NaN are passed over. Undefined of an empty curve.
 */
export function curvePeak({ control, value }: ControlCurve): CurvePeak | undefined {
  let best = -1;
  for (let i = 0; i < value.length; i++) {
    if (!Number.isNaN(value[i]) && (best < 0 || value[i] > value[best])) best = i;
  }
  if (best < 0) return undefined;
  const atEnd = best === 0 || best === value.length - 1;
  const here = { control: control[best], value: value[best], atEnd };
  if (atEnd || Number.isNaN(value[best - 1] + value[best + 1])) return here;
  const left = control[best - 1] - control[best];
  const right = control[best + 1] - control[best];
  const slopeLeft = (value[best - 1] - value[best]) / left;
  const slopeRight = (value[best + 1] - value[best]) / right;
  const bend = (slopeRight - slopeLeft) / (right - left);
  if (!(bend < 0)) return here;
  const slope = slopeLeft - bend * left;
  const shift = -slope / (2 * bend);
  return { control: here.control + shift, value: here.value + 0.5 * slope * shift, atEnd };
}

/** Where critical points of finite populations go. */
export interface FiniteSizeLimit {
  /** Critical point of an infinite population. */
  limit: number;
  /** Critical point of N is limit + slope N^-exponent. */
  slope: number;
  /** Largest distance of a point from that line. */
  residual: number;
}

/**
 * Fits critical points of populations of several sizes (such as x1, x4, x16) to limit + slope
 * N^-exponent by least squares; 1/3 is the width of the critical window in mean field. Needs two
 * sizes that differ.
 */
export function finiteSizeLimit(
  population: ArrayLike<number>,
  critical: ArrayLike<number>,
  exponent = 1 / 3,
): FiniteSizeLimit {
  const x = Array.from(population, (n) => pow(n, -exponent));
  const meanX = mean(x);
  const meanY = mean(critical);
  let across = 0;
  let along = 0;
  x.forEach((one, i) => {
    across += (one - meanX) * (critical[i] - meanY);
    along += (one - meanX) * (one - meanX);
  });
  assert(along > 0, 'populations of at least two sizes');
  const slope = across / along;
  const limit = meanY - slope * meanX;
  let residual = 0;
  x.forEach((one, i) => {
    residual = Math.max(residual, Math.abs(critical[i] - limit - slope * one));
  });
  return { limit, slope, residual };
}

const common = { group: 'fragility', over: 'runs', unit: 'that of the control' } as const;

export const criticalPointMetrics: readonly MetricInfo[] = [
  {
    ...common,
    name: 'criticalPoint',
    doc: 'Setting of a control parameter at which a liquidation tips one further one on average.',
    formula: 'R(control) = 1',
    estimator: 'first upward crossing of the reproduction number, linear between settings',
    interval: 'delta method from the errors of R beside the crossing',
    source: 'Harris 1963, chapter 1: criticality at mean offspring 1',
    test: 'straight line with known errors; finite population of R13',
  },
  {
    ...common,
    name: 'criticalPoint.peak',
    doc: 'Setting at which the cascades that do not span the population are largest.',
    formula: 'argmax of the mean, and of variance / mean, of the cascades with n < 0.2 N',
    estimator: 'parabola through the highest value; N Var(n / N) is not used, it lies 20 to 25 % high',
    interval: 'bootstrap over runs',
    source: 'Stauffer & Aharony 1994: mean finite cluster size',
    test: 'R13 with N thresholds: .95 to 1 for N = 400, 1600',
  },
  {
    ...common,
    name: 'criticalPoint.infinite',
    doc: 'Critical point that finite populations tend to.',
    formula: 'c(N) = c + a N^(-1/3)',
    estimator: 'least squares over at least two population sizes (x1, x4, x16)',
    interval: 'bootstrap over runs',
    source: 'mean-field scaling window; Aldous 1997',
    test: 'exact line',
  },
  {
    ...common,
    name: 'cascade.spanningShare',
    doc: 'Share of the runs whose cascade takes a fifth of the population or more.',
    formula: 'P(n >= 0.2 N)',
    unit: 'probability',
    estimator: 'relative frequency over runs',
    interval: 'Wilson',
    source: 'Watts 2002, PNAS 99: global cascades',
    test: 'hand-made sizes',
  },
];
