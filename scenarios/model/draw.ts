/** Draws one value for each agent of a cohort, independently or in a crowd. */
import { normalCdf, RandomSource } from '../../sim/kernel/index.js';
import type { CohortTerms } from './cohort-terms.js';
import { quantile } from './distribution.js';
import type { Bounds, Distribution } from './distribution.js';
import type { FieldTerms } from './field-terms.js';

/** Key of the cohort's common factor, apart from every agent's. */
const COMMON_KEY = 1;
const LOWEST = 1 / 9007199254740992;

/**
 * Draws fields of one cohort.
 *
 * Each field has a stream of its own, named by (cohort, field) and keyed by the agent's ordinal, so
 * that a cohort, a field or an agent more changes no other draw. With crowding c a field's uniforms
 * are Phi(sqrt(c) Z + sqrt(1 - c) e): Z is common to the cohort, e the agent's own. Marginal
 * distributions stay as they are; c = 0 uses the agent's uniform itself.
 */
export class CohortDraws {
  private readonly source: RandomSource;
  private readonly cohort: string;
  private readonly crowding: number;

  constructor(seed: number, cohort: string, crowding: number) {
    this.source = new RandomSource(seed);
    this.cohort = cohort;
    this.crowding = crowding;
  }

  /** Draws `count` values within bounds. `isCrowded` false leaves crowding out. */
  values(
    field: string,
    distribution: Distribution,
    bounds: Bounds,
    count: number,
    isCrowded = true,
  ): Float64Array {
    const out = new Float64Array(count);
    if (distribution.dist === 'constant') return out.fill(distribution.value);
    const stream = this.source.stream(`population/${this.cohort}/${field}`);
    const c = isCrowded ? this.crowding : 0;
    if (c === 0) {
      for (let i = 0; i < count; i++)
        out[i] = quantile(distribution, stream.uniformOpen(0, i, 0), bounds);
      return out;
    }
    const common = Math.sqrt(c) * stream.normal(COMMON_KEY, 0, 0);
    const own = Math.sqrt(1 - c);
    for (let i = 0; i < count; i++) {
      const u = normalCdf(common + own * stream.normal(0, i, 0));
      out[i] = quantile(
        distribution,
        Math.min(Math.max(u, LOWEST), 1 - LOWEST),
        bounds,
      );
    }
    return out;
  }
}

/** Draws a field, multiplies it, and keeps it within its limits. */
export function drawField(
  draws: CohortDraws,
  name: string,
  field: FieldTerms,
  count: number,
): Float64Array {
  const values = draws.values(name, field.distribution, field.bounds, count);
  const { factor, limits, integer } = field;
  if (factor === 1 && !integer) return values;
  for (let i = 0; i < count; i++) {
    let value = values[i];
    if (factor !== 1) {
      value *= factor;
      value = Math.min(Math.max(value, limits.min), limits.max);
    }
    values[i] = integer ? Math.round(value) : value;
  }
  return values;
}

/** Draws equities as written, for as many agents as there are or are written, never in a crowd. */
export function writtenEquity(draws: CohortDraws, cohort: CohortTerms): Float64Array {
  const { equity, count, countWritten } = cohort;
  const most = Math.max(count, countWritten);
  return draws.values('equity', equity.distribution, equity.bounds, most, false);
}
