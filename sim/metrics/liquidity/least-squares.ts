/** Least squares with one regressor, and the interval of its slope. */
import { assert } from '../../kernel/index.js';
import { studentQuantile } from '../numeric/index.js';

/** An estimate with its interval. */
export interface IntervalEstimate {
  value: number;
  low: number;
  high: number;
}

/** A fitted line. */
export interface FittedLine {
  slope: IntervalEstimate;
  intercept: number;
  /** Share of the variance that the line explains, 0..1. */
  explained: number;
  count: number;
}

/**
 * Returns the ordinary least-squares line of y on x with Student's interval of its slope, which
 * takes errors to be independent and of one variance. NaN where x does not vary; an interval
 * without ends below three points.
 */
export function fitLine(x: ArrayLike<number>, y: ArrayLike<number>, confidence = 0.95): FittedLine {
  const count = x.length;
  assert(y.length === count, `${y.length} values for ${count} regressors`);
  let [meanX, meanY] = [0, 0];
  for (let i = 0; i < count; i++) {
    meanX += x[i] / count;
    meanY += y[i] / count;
  }
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    xx += (x[i] - meanX) * (x[i] - meanX);
    xy += (x[i] - meanX) * (y[i] - meanY);
    yy += (y[i] - meanY) * (y[i] - meanY);
  }
  const slope = xx > 0 ? xy / xx : NaN;
  const intercept = meanY - slope * meanX;
  let residual = 0;
  for (let i = 0; i < count; i++) {
    const error = y[i] - intercept - slope * x[i];
    residual += error * error;
  }
  return {
    slope: withInterval(slope, Math.sqrt(residual / (count - 2) / xx), count - 2, confidence),
    intercept,
    explained: yy > 0 ? 1 - residual / yy : NaN,
    count,
  };
}

/** Returns the slope through the origin of y on x with Student's interval. */
export function fitThroughOrigin(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  confidence = 0.95,
): IntervalEstimate {
  const count = x.length;
  assert(y.length === count, `${y.length} values for ${count} regressors`);
  let [xx, xy] = [0, 0];
  for (let i = 0; i < count; i++) {
    xx += x[i] * x[i];
    xy += x[i] * y[i];
  }
  const slope = xy / xx;
  let residual = 0;
  for (let i = 0; i < count; i++) residual += (y[i] - slope * x[i]) * (y[i] - slope * x[i]);
  return withInterval(slope, Math.sqrt(residual / (count - 1) / xx), count - 1, confidence);
}

/** Returns the mean with Student's interval; NaN without values, no ends with one. */
export function meanEstimate(values: ArrayLike<number>, confidence = 0.95): IntervalEstimate {
  const count = values.length;
  let mean = 0;
  for (let i = 0; i < count; i++) mean += values[i] / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (values[i] - mean) * (values[i] - mean);
  const error = Math.sqrt(squares / (count - 1) / count);
  return withInterval(count > 0 ? mean : NaN, error, count - 1, confidence);
}

function withInterval(
  value: number,
  error: number,
  degrees: number,
  confidence: number,
): IntervalEstimate {
  if (degrees < 1) return { value, low: -Infinity, high: Infinity };
  const half = error * studentQuantile(0.5 + confidence / 2, degrees);
  return { value, low: value - half, high: value + half };
}
