/** Figures of replicates of a flat book, with standard errors. */
import { FlatTally, SUM } from './flat-tally.js';
import { flatLaw, TAIL_SIZE } from './flat-law.js';
import type { FlatFigures } from './flat-law.js';

/** Result of `run --replicates`. */
export interface FlatResult extends FlatFigures {
  replicates: number;
  standardErrors: FlatFigures;
  /** Of subtree and counterfactual effect, path by path. */
  correlation: number | null;
  closedForm: FlatFigures;
  /** Of all sums: the same for the same replicates. */
  hash: string;
}

/** Works out the figures of a tally. O(cap). */
export function flatResult(tally: FlatTally): FlatResult {
  const { sums, terms } = tally;
  const count = sums[SUM.replicates];
  const sizes = moments(tally.sizes());
  const offspring = moments(tally.offspringCounts());
  const tail = terms.cap < TAIL_SIZE ? null : share(tally.sizes(), TAIL_SIZE, count);
  const runaway = share(tally.sizes(), terms.cap, count);
  const pZero = offspring.count === 0 ? null : tally.offspringCounts()[0] / offspring.count;
  const fall = pairMoments(count, sums[SUM.fall], sums[SUM.fallSquared]);
  const subtree = pairMoments(sums[SUM.pairs], sums[SUM.subtree], sums[SUM.subtreeSquared]);
  const effect = pairMoments(sums[SUM.pairs], sums[SUM.effect], sums[SUM.effectSquared]);
  const ratio = ratioError(sums);
  return {
    replicates: count,
    mean: sizes.mean,
    variance: sizes.variance,
    reproductionNumber: offspring.mean,
    amplification: over(fall.mean, terms.shockTicks),
    pAtLeast: { [TAIL_SIZE]: tail },
    runawayProbability: runaway,
    offspring: { mean: offspring.mean, variance: offspring.variance, pZero },
    meanSubtree: subtree.mean,
    meanCounterfactual: effect.mean,
    standardErrors: {
      mean: sizes.meanError,
      variance: sizes.varianceError,
      reproductionNumber: ratio,
      amplification: over(fall.meanError, terms.shockTicks),
      pAtLeast: { [TAIL_SIZE]: shareError(tail, count) },
      runawayProbability: shareError(runaway, count),
      offspring: {
        mean: ratio,
        variance: offspring.varianceError,
        pZero: shareError(pZero, offspring.count),
      },
      meanSubtree: subtree.meanError,
      meanCounterfactual: effect.meanError,
    },
    correlation: correlationOf(sums, subtree.variance, effect.variance),
    closedForm: flatLaw(terms),
    hash: tally.hash(),
  };
}

interface Moments {
  count: number;
  mean: number | null;
  variance: number | null;
  meanError: number | null;
  varianceError: number | null;
}

const NONE = { mean: null, variance: null, meanError: null, varianceError: null };

/** Moments of counted values 0, 1, 2, ...; unbiased variance, standard errors of independent values. */
function moments(histogram: Float64Array): Moments {
  let count = 0;
  let sum = 0;
  for (let x = 0; x < histogram.length; x++) {
    count += histogram[x];
    sum += x * histogram[x];
  }
  if (count === 0) return { count, ...NONE };
  const mean = sum / count;
  let second = 0;
  let fourth = 0;
  for (let x = 0; x < histogram.length; x++) {
    const square = (x - mean) * (x - mean);
    second += square * histogram[x];
    fourth += square * square * histogram[x];
  }
  if (count === 1) return { count, ...NONE, mean };
  const variance = second / (count - 1);
  const spread = fourth / count - (variance * variance * (count - 3)) / (count - 1);
  return {
    count,
    mean,
    variance,
    meanError: Math.sqrt(variance / count),
    varianceError: Math.sqrt(Math.max(0, spread) / count),
  };
}

/** Moments of values of which only sums are known. */
function pairMoments(count: number, sum: number, squares: number): Moments {
  if (count === 0) return { count, ...NONE };
  const mean = sum / count;
  if (count === 1) return { count, ...NONE, mean };
  const variance = Math.max(0, squares - sum * mean) / (count - 1);
  return { count, ...NONE, mean, variance, meanError: Math.sqrt(variance / count) };
}

/** Standard error of children over nodes, replicates being independent (delta method). */
function ratioError(sums: Float64Array): number | null {
  const count = sums[SUM.replicates];
  const nodes = sums[SUM.nodes];
  if (nodes === 0 || count < 2) return null;
  const ratio = sums[SUM.children] / nodes;
  const squares =
    sums[SUM.childrenSquared] -
    2 * ratio * sums[SUM.nodesTimesChildren] +
    ratio * ratio * sums[SUM.nodesSquared];
  return Math.sqrt((Math.max(0, squares) * count) / (count - 1)) / nodes;
}

function correlationOf(
  sums: Float64Array,
  subtree: number | null,
  effect: number | null,
): number | null {
  if (subtree === null || effect === null || subtree === 0 || effect === 0) return null;
  const pairs = sums[SUM.pairs];
  const cross = sums[SUM.subtreeTimesEffect] - (sums[SUM.subtree] * sums[SUM.effect]) / pairs;
  return cross / (pairs - 1) / Math.sqrt(subtree * effect);
}

function share(histogram: Float64Array, from: number, count: number): number | null {
  if (count === 0) return null;
  let found = 0;
  for (let x = from; x < histogram.length; x++) found += histogram[x];
  return found / count;
}

function shareError(p: number | null, count: number): number | null {
  return p === null ? null : Math.sqrt((p * (1 - p)) / count);
}

function over(value: number | null, by: number): number | null {
  return value === null ? null : value / by;
}
