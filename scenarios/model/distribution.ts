/** Probability distributions in scenarios: their schema, and their quantiles. */
import { assert, exp, log, normalCdf, normalQuantile, pow } from '../../sim/kernel/index.js';
import { z } from 'zod';
import { number, object, variants } from './fields.js';
import { DURATION_PATTERN } from './duration.js';

/** A distribution whose values are numbers (durations are converted before it is drawn). */
export type Distribution<V = number> =
  | { dist: 'constant'; value: V }
  | { dist: 'uniform' | 'loguniform'; min: V; max: V }
  | { dist: 'normal'; mean: V; sd: V; min?: V | undefined; max?: V | undefined }
  | { dist: 'lognormal'; median: V; sigma: number; min?: V | undefined; max?: V | undefined }
  | { dist: 'pareto'; min: V; alpha: number; max?: V | undefined }
  | { dist: 'choice'; values: V[]; weights?: number[] | undefined };

/** Names of the distributions. */
export const distributionNames = [
  'constant',
  'uniform',
  'loguniform',
  'normal',
  'lognormal',
  'pareto',
  'choice',
] as const;

const sigma = number({
  doc: 'Standard deviation of the logarithm',
  unit: '1',
  min: 0,
  max: 20,
  above: true,
});
const alpha = number({ doc: 'Tail exponent', unit: '1', min: 0, max: 100, above: true });
const weight = number({ doc: 'Relative weight', unit: '1', min: 0, max: 1e12 });

function distributionOf<T extends z.ZodType>(value: T) {
  const one = (doc: string) => value.describe(doc);
  const lowest = one('Values below are cut off (the rest is renormalised)').optional();
  const highest = one('Values above are cut off (the rest is renormalised)').optional();
  const kind = <const N extends string>(word: N) =>
    z.literal(word).describe('Which distribution it is');
  return variants('A distribution, drawn once for each agent', 'dist', distributionNames, [
    object('Always the same value', { dist: kind('constant'), value: one('The value') }),
    object('Evenly between two values', {
      dist: kind('uniform'),
      min: one('Lowest value'),
      max: one('Highest value'),
    }),
    object('Evenly in the logarithm between two values', {
      dist: kind('loguniform'),
      min: one('Lowest value, above 0'),
      max: one('Highest value'),
    }),
    object('Normal', {
      dist: kind('normal'),
      mean: one('Mean before any cut'),
      sd: one('Standard deviation before any cut'),
      min: lowest,
      max: highest,
    }),
    object('Log-normal', {
      dist: kind('lognormal'),
      median: one('Median before any cut'),
      sigma,
      min: lowest,
      max: highest,
    }),
    object('Pareto: P(X > x) = (min / x)^alpha', {
      dist: kind('pareto'),
      min: one('Lowest value, above 0'),
      alpha,
      max: highest,
    }),
    object('One of a few values', {
      dist: kind('choice'),
      values: z
        .array(value, { error: 'must be a sequence of values' })
        .min(1, { error: 'must hold at least one value' })
        .describe('The values'),
      weights: z.array(weight).describe('Weights of the values; equal when left out').optional(),
    }),
  ]);
}

/** A distribution over numbers. */
export const numberDistribution = distributionOf(z.number({ error: 'must be a number' })).meta({
  id: 'NumberDistribution',
});

const durationError = { error: 'must be a duration such as "100ms"' };

/** A distribution over durations, its values written as durations. */
export const durationDistribution = distributionOf(
  z.string(durationError).regex(DURATION_PATTERN, durationError),
).meta({ id: 'DurationDistribution' });

const mixedError = { error: 'must be a number, or a duration such as "100ms"' };

/** A distribution over numbers or durations. */
export const mixedDistribution = distributionOf(
  z.union([z.number(), z.string().regex(DURATION_PATTERN, mixedError)], mixedError),
).meta({ id: 'Distribution' });

/** Bounds of a draw. */
export interface Bounds {
  min: number;
  max: number;
}

/** Returns the range a distribution's values lie in, within the bounds it is cut to. */
export function supportOf(distribution: Distribution, bounds: Bounds): Bounds {
  switch (distribution.dist) {
    case 'constant':
      return { min: distribution.value, max: distribution.value };
    case 'choice':
      return {
        min: Math.min(...distribution.values),
        max: Math.max(...distribution.values),
      };
    case 'uniform':
    case 'loguniform':
      return { min: distribution.min, max: distribution.max };
    default:
      return {
        min: Math.max(distribution.min ?? -Infinity, bounds.min),
        max: Math.min(distribution.max ?? Infinity, bounds.max),
      };
  }
}

/**
 * Returns the quantile of a distribution at u in (0, 1).
 *
 * Unbounded ones are truncated to `bounds` by inverse distribution function (never by resampling),
 * so the value rises with u and one draw is always enough.
 */
export function quantile(distribution: Distribution, u: number, bounds: Bounds): number {
  switch (distribution.dist) {
    case 'constant':
      return distribution.value;
    case 'uniform':
      return distribution.min + u * (distribution.max - distribution.min);
    case 'loguniform': {
      const low = log(distribution.min);
      return held(exp(low + u * (log(distribution.max) - low)), supportOf(distribution, bounds));
    }
    case 'normal': {
      const support = supportOf(distribution, bounds);
      const { mean, sd } = distribution;
      if (sd === 0) return held(mean, support);
      const z0 = truncatedNormal((support.min - mean) / sd, (support.max - mean) / sd, u);
      return held(mean + sd * z0, support);
    }
    case 'lognormal': {
      const support = supportOf(distribution, bounds);
      const middle = log(distribution.median);
      const low = support.min > 0 ? (log(support.min) - middle) / distribution.sigma : -Infinity;
      const high = (log(support.max) - middle) / distribution.sigma;
      return held(exp(middle + distribution.sigma * truncatedNormal(low, high, u)), support);
    }
    case 'pareto': {
      const support = supportOf(distribution, bounds);
      const { min, alpha: exponent } = distribution;
      const below = support.min > min ? 1 - pow(min / support.min, exponent) : 0;
      const above = support.max < Infinity ? pow(min / support.max, exponent) : 0;
      const tail = (1 - u) * (1 - below - above) + above;
      return held(min * pow(tail, -1 / exponent), support);
    }
    case 'choice':
      return chosen(distribution.values, distribution.weights, u);
  }
}

/** Returns the mean of a distribution by its quantiles at `points` equal steps. */
export function meanOf(distribution: Distribution, bounds: Bounds, points = 4096): number {
  let sum = 0;
  for (let i = 0; i < points; i++) sum += quantile(distribution, (i + 0.5) / points, bounds);
  return sum / points;
}

/** Quantile of a standard normal cut to [low, high]. */
function truncatedNormal(low: number, high: number, u: number): number {
  // The far upper tail loses its digits near 1: mirror it into the lower one.
  if (low > 0) return -truncatedNormal(-high, -low, 1 - u);
  const below = low === -Infinity ? 0 : normalCdf(low);
  const above = high === Infinity ? 1 : normalCdf(high);
  const p = below + u * (above - below);
  return normalQuantile(Math.min(Math.max(p, 1e-300), 1 - 2e-16));
}

function chosen(
  values: readonly number[],
  weights: readonly number[] | undefined,
  u: number,
): number {
  assert(values.length > 0, 'a choice has values');
  if (weights === undefined) return values[Math.floor(u * values.length)];
  let total = 0;
  for (const one of weights) total += one;
  let rest = u * total;
  let last = values[0];
  for (let i = 0; i < values.length; i++) {
    if (weights[i] === 0) continue;
    last = values[i];
    if (rest < weights[i]) return last;
    rest -= weights[i];
  }
  return last;
}

function held(x: number, support: Bounds): number {
  return Math.min(Math.max(x, support.min), support.max);
}
