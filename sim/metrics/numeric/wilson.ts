/** The interval of a probability estimated from counts. */
import { assert, normalQuantile } from '../../kernel/index.js';

/** A share of runs with its interval. */
export interface Share {
  value: number;
  low: number;
  high: number;
}

/**
 * Returns hits / trials with Wilson's interval (Wilson 1927, JASA 22), which stays within 0..1 and
 * says something even when nothing or everything hit. NaN in 0..1 without trials.
 */
export function wilsonShare(hits: number, trials: number, confidence = 0.95): Share {
  assert(hits >= 0 && hits <= trials, `${hits} hits of ${trials} trials`);
  if (trials === 0) return { value: NaN, low: 0, high: 1 };
  const z = normalQuantile(0.5 + confidence / 2);
  const share = hits / trials;
  const scale = 1 + (z * z) / trials;
  const centre = (share + (z * z) / (2 * trials)) / scale;
  const spread = (share * (1 - share)) / trials + (z * z) / (4 * trials * trials);
  const half = (z * Math.sqrt(spread)) / scale;
  return {
    value: share,
    low: hits === 0 ? 0 : centre - half,
    high: hits === trials ? 1 : centre + half,
  };
}
