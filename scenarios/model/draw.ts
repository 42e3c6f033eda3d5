/** Draws one value for each agent of a cohort, independently or in a crowd. */
import { normalCdf, RandomSource } from '../../sim/kernel/index.js';
import type { RandomStream } from '../../sim/kernel/index.js';
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
 *
 * Correlated fields replace Z and e by L Z and L e over the fields' factors, L the root of their
 * correlation matrix: within an agent two fields then have the correlation written whatever c is,
 * between two agents c times it.
 */
export class CohortDraws {
  private readonly source: RandomSource;
  private readonly cohort: CohortTerms;

  constructor(seed: number, cohort: CohortTerms) {
    this.source = new RandomSource(seed);
    this.cohort = cohort;
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
    const c = isCrowded ? this.cohort.crowding : 0;
    const row = this.cohort.correlated?.names.indexOf(field) ?? -1;
    if (c === 0 && row < 0) {
      const stream = this.#stream(field);
      for (let i = 0; i < count; i++)
        out[i] = quantile(distribution, stream.uniformOpen(0, i, 0), bounds);
      return out;
    }
    const { streams, weights } = this.#factors(field, row);
    const common = c === 0 ? 0 : Math.sqrt(c) * mixed(streams, weights, COMMON_KEY, 0);
    const own = Math.sqrt(1 - c);
    for (let i = 0; i < count; i++) {
      const u = normalCdf(common + own * mixed(streams, weights, 0, i));
      out[i] = quantile(
        distribution,
        Math.min(Math.max(u, LOWEST), 1 - LOWEST),
        bounds,
      );
    }
    return out;
  }

  #stream(field: string): RandomStream {
    return this.source.stream(`population/${this.cohort.name}/${field}`);
  }

  /** Returns the factors of a field and their weights: its own alone unless it is correlated. */
  #factors(field: string, row: number): { streams: RandomStream[]; weights: ArrayLike<number> } {
    const { correlated } = this.cohort;
    if (correlated === null || row < 0) return { streams: [this.#stream(field)], weights: [1] };
    const streams = correlated.names.slice(0, row + 1).map((name) => this.#stream(name));
    return { streams, weights: correlated.root[row] };
  }
}

function mixed(
  streams: readonly RandomStream[],
  weights: ArrayLike<number>,
  keyHigh: number,
  keyLow: number,
): number {
  let sum = 0;
  for (let m = 0; m < streams.length; m++) {
    if (weights[m] !== 0) sum += weights[m] * streams[m].normal(keyHigh, keyLow, 0);
  }
  return sum;
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
