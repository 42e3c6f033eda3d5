/** How many agents each cohort has, once mixes are split. */
import { hashText, RandomSource } from '../../sim/kernel/index.js';
import { dirichlet } from './dirichlet.js';
import type { Cohort } from './schema.js';

/**
 * Returns the number of agents of each cohort before `dials.traders`: as written, or for cohorts of
 * a mix their part of the sum of what is written.
 *
 * Weights are Dirichlet, drawn from the seed and the names of mix and cohort alone, so that every
 * thread finds the same. Whole agents go by largest remainder, ties to the cohort written first; the
 * sum of a mix is exact, and a cohort whose weight is small may be left without an agent.
 */
export function mixedCounts(population: readonly Cohort[], seed: number): number[] {
  const counts = population.map((cohort) => cohort.count);
  const source = new RandomSource(seed);
  for (const name of new Set(population.map((cohort) => cohort.mix?.name))) {
    if (name === undefined) continue;
    const members = population.flatMap((cohort, i) => (cohort.mix?.name === name ? [i] : []));
    const weights = dirichlet(
      source.stream(`mix/${name}`),
      members.map((i) => hashText(population[i].name)),
      members.map((i) => population[i].mix?.alpha ?? 1),
    );
    let total = 0;
    for (const i of members) total += counts[i];
    const parts = largestRemainder(total, weights);
    members.forEach((i, k) => {
      counts[i] = parts[k];
    });
  }
  return counts;
}

/** Divides a whole number by weights that sum to one. */
export function largestRemainder(total: number, weights: readonly number[]): number[] {
  const parts = weights.map((weight) => Math.floor(total * weight));
  let left = total;
  for (const part of parts) left -= part;
  const order = weights.map((_, k) => k);
  order.sort((a, b) => {
    const gap = total * weights[b] - parts[b] - (total * weights[a] - parts[a]);
    return gap !== 0 ? gap : a - b;
  });
  // Rounding of the weights' sum could leave one too few or too many to give.
  for (let k = 0; left > 0; k = (k + 1) % order.length, left--) parts[order[k]]++;
  for (let k = order.length - 1; left < 0; k = (k + order.length - 1) % order.length) {
    if (parts[order[k]] === 0) continue;
    parts[order[k]]--;
    left++;
  }
  return parts;
}
