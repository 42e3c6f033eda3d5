/** Random shares that sum to one. */
import { assert, exp, log } from '../../sim/kernel/index.js';
import type { RandomStream } from '../../sim/kernel/index.js';

/** Rejections in a row that do not happen: each has a probability below 0.05. */
const ATTEMPTS_MAX = 1000;
/** Draws of a part: its power, then two for each attempt. */
const POWER_DRAW = 0;

/**
 * Draws shares of a whole, Dirichlet with these parameters: gamma variates over their sum.
 *
 * The part with key `keys[k]` draws from its own numbers, so a part more or less changes no other
 * variate. Sums are taken of ratios to the largest, so that tiny parameters do not vanish.
 *
 * @param alphas each above 0.
 */
export function dirichlet(
  stream: RandomStream,
  keys: readonly number[],
  alphas: readonly number[],
): number[] {
  const logs = alphas.map((alpha, k) => logGamma(stream, keys[k], alpha));
  const largest = Math.max(...logs);
  const parts = logs.map((one) => exp(one - largest));
  let sum = 0;
  for (const part of parts) sum += part;
  return parts.map((part) => part / sum);
}

/**
 * Draws the logarithm of a gamma variate of scale 1.
 *
 * Marsaglia & Tsang 2000; below 1 with their power of a uniform, in logarithms.
 */
function logGamma(stream: RandomStream, key: number, alpha: number): number {
  const shape = alpha < 1 ? alpha + 1 : alpha;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const x = stream.normal(key, 0, 1 + 2 * attempt);
    const root = 1 + c * x;
    if (root <= 0) continue;
    const logV = 3 * log(root);
    const u = stream.uniformOpen(key, 0, 2 + 2 * attempt);
    if (log(u) >= 0.5 * x * x + d - d * root * root * root + d * logV) continue;
    const power = alpha < 1 ? log(stream.uniformOpen(key, 0, POWER_DRAW)) / alpha : 0;
    return log(d) + logV + power;
  }
  assert(false, 'a gamma variate was rejected a thousand times');
  return 0;
}
