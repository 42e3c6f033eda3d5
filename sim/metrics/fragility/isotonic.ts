/** The nearest rising curve. Source: Ayer, Brunk, Ewing, Reid & Silverman 1955: pool adjacent violators. */
import { assert } from '../../kernel/index.js';
import type { MetricInfo } from '../metric.js';

/** Returns the non-decreasing values with the least weighted squared distance. O(values). */
export function isotonicFit(value: ArrayLike<number>, weight?: ArrayLike<number>): Float64Array {
  const n = value.length;
  const level = new Float64Array(n);
  const mass = new Float64Array(n);
  const end = new Int32Array(n);
  let blocks = 0;
  for (let i = 0; i < n; i++) {
    level[blocks] = value[i];
    mass[blocks] = weight === undefined ? 1 : weight[i];
    end[blocks] = i + 1;
    while (blocks > 0 && level[blocks - 1] >= level[blocks]) {
      const together = mass[blocks - 1] + mass[blocks];
      level[blocks - 1] =
        (level[blocks - 1] * mass[blocks - 1] + level[blocks] * mass[blocks]) / together;
      mass[blocks - 1] = together;
      end[blocks - 1] = end[blocks];
      blocks--;
    }
    blocks++;
  }
  const fit = new Float64Array(n);
  for (let block = 0, i = 0; block < blocks; block++) for (; i < end[block]; i++) fit[i] = level[block];
  return fit;
}

/** Where a reverse stress test ends. */
export interface ReverseStress {
  /** Least shock with P(loss > bound) >= probability, linear between shocks; Infinity if none has. */
  shock: number;
  /** Largest distance of a frequency from the rising fit: large, and the search means nothing. */
  violation: number;
}

/**
 * Returns the least shock that breaches a bound with some probability, from the frequencies of
 * breaches at ascending shocks, made to rise first.
 */
export function reverseStress(
  shock: ArrayLike<number>,
  breaches: ArrayLike<number>,
  { runs, probability }: { runs: number; probability: number },
): ReverseStress {
  assert(shock.length === breaches.length, `${shock.length} shocks for ${breaches.length}`);
  const frequency = Array.from(breaches, (count) => count / runs);
  const fit = isotonicFit(frequency);
  let violation = 0;
  frequency.forEach((one, i) => {
    violation = Math.max(violation, Math.abs(one - fit[i]));
  });
  const at = fit.findIndex((p) => p >= probability);
  if (at < 0) return { shock: Infinity, violation };
  if (at === 0) return { shock: shock[0], violation };
  const part = (probability - fit[at - 1]) / (fit[at] - fit[at - 1]);
  return { shock: shock[at - 1] + part * (shock[at] - shock[at - 1]), violation };
}

export const reverseStressMetrics: readonly MetricInfo[] = [
  {
    name: 'reverseStress',
    group: 'fragility',
    over: 'runs',
    doc: 'Smallest shock that breaches a bound on losses with a given probability.',
    formula: 'inf {shock: P(loss > bound | shock) >= alpha}',
    unit: 'that of the shock',
    estimator: 'frequencies with common random numbers, rising fit, linear between shocks',
    interval: 'bootstrap over runs',
    source: 'pool adjacent violators: Ayer, Brunk, Ewing, Reid & Silverman 1955',
    test: 'hand-made frequencies',
  },
];
