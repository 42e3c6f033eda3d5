/** A value with what is known of its error. */
import { normalQuantile } from '../../kernel/index.js';

/** An estimate and its two-sided interval. */
export interface Estimate {
  value: number;
  standardError: number;
  low: number;
  high: number;
  /** Independent observations behind it: clusters where there are clusters. */
  count: number;
}

/** Returns the estimate whose interval is value -+ z standard errors. */
export function normalEstimate(
  value: number,
  standardError: number,
  count: number,
  confidence = 0.95,
): Estimate {
  const half = normalQuantile(0.5 + 0.5 * confidence) * standardError;
  return { value, standardError, low: value - half, high: value + half, count };
}
