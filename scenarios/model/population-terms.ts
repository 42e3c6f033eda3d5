/** What a population is drawn from. */
import type { ExogenousOrder } from '../../sim/engine/index.js';
import type { CohortTerms } from './cohort-terms.js';
import type { FlatTerms } from './flat/terms.js';
import type { PriceRange } from './price-range.js';
import type { Scale } from './scale.js';

/** Cohorts, the venue they meet at, the range of its index, and the orders from outside. */
export interface PopulationTerms extends PriceRange {
  seed: number;
  cohorts: readonly CohortTerms[];
  scales: readonly Scale[];
  exogenous: readonly ExogenousOrder[];
  /** Money of their accounts. */
  exogenousQuanta: number;
  /** A flat book, whose accounts are drawn as a whole; null for any other market. */
  flat?: FlatTerms | null;
}
