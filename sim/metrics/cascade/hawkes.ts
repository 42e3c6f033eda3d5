/** A self-exciting point process with one exponential kernel. Sources: Hawkes 1971; Ozaki 1979. */
import { assert, exp, log } from '../../kernel/index.js';
import { type Estimate, minimise, normalEstimate } from '../numeric/index.js';

/** lambda(t) = mu + sum over earlier events of n beta e^(-beta (t - t_i)); times in any one unit. */
export interface HawkesTerms {
  /** mu: immigrants per unit of time. */
  rate: number;
  /** n: mean number of children. */
  branchingRatio: number;
  /** beta: 1 / mean delay of a child. */
  decay: number;
}

/** A fit. */
export interface HawkesFit extends HawkesTerms {
  /** n with its interval. */
  branching: Estimate;
  logLikelihood: number;
  converged: boolean;
}

/**
 * Returns the log-likelihood of the ascending `times` of all events in (0, horizon], O(events) by
 * Ozaki's recursion.
 */
export function hawkesLogLikelihood(
  times: ArrayLike<number>,
  horizon: number,
  { rate, branchingRatio, decay }: HawkesTerms,
): number {
  const jump = branchingRatio * decay;
  let excited = 0;
  let before = 0;
  let sum = -rate * horizon;
  for (let i = 0; i < times.length; i++) {
    const time = times[i];
    if (i > 0) excited = (excited + 1) * exp(-decay * (time - before));
    before = time;
    sum += log(rate + jump * excited) - branchingRatio * (1 - exp(-decay * (horizon - time)));
  }
  return sum;
}

/**
 * Fits the process by maximum likelihood, Nelder & Mead on the logarithms of its terms. The
 * interval of n comes from the observed information, by differences, on its logarithm. Needs
 * three events.
 */
export function fitHawkes(times: ArrayLike<number>, horizon: number): HawkesFit {
  assert(times.length >= 3 && horizon > 0, `${times.length} events in ${horizon}`);
  const rate = times.length / horizon;
  const terms = (x: ArrayLike<number>): HawkesTerms => ({
    rate: exp(x[0]),
    branchingRatio: exp(x[1]),
    decay: exp(x[2]),
  });
  const cost = (x: ArrayLike<number>): number => -hawkesLogLikelihood(times, horizon, terms(x));
  const start = [log(0.5 * rate), log(0.5), log(rate)];
  const { at, value, converged } = minimise(cost, start, { tolerance: 1e-7 });
  const found = terms(at);
  const error = found.branchingRatio * Math.sqrt(inverseCorner(curvature(cost, at)));
  return {
    ...found,
    branching: normalEstimate(found.branchingRatio, error, times.length),
    logLikelihood: -value,
    converged,
  };
}

/** Returns the 3 x 3 matrix of second derivatives, by central differences. */
function curvature(f: (x: Float64Array) => number, at: Float64Array): number[][] {
  const step = 1e-3;
  const shifted = (i: number, a: number, j: number, b: number): number => {
    const x = at.slice();
    x[i] += a * step;
    x[j] += b * step;
    return f(x);
  };
  return [0, 1, 2].map((i) =>
    [0, 1, 2].map((j) => {
      const mixed =
        shifted(i, 1, j, 1) - shifted(i, 1, j, -1) - shifted(i, -1, j, 1) + shifted(i, -1, j, -1);
      return mixed / (4 * step * step);
    }),
  );
}

/** Returns the middle entry of the inverse of a symmetric 3 x 3 matrix. */
function inverseCorner(m: number[][]): number {
  const [[a, b, c], [, d, e], [, , f]] = m;
  const determinant = a * (d * f - e * e) - b * (b * f - c * e) + c * (b * e - c * d);
  return (a * f - c * c) / determinant;
}
