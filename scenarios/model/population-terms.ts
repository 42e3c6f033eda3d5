/** What a population is drawn from. */
import type { VenueSpec } from '../../sim/venue/index.js';
import type { CohortTerms } from './cohort-terms.js';
import type { Scale } from './scale.js';

/** Cohorts, the venue they meet at, and the range of its index. */
export interface PopulationTerms {
  seed: number;
  crowding: number;
  cohorts: readonly CohortTerms[];
  venue: VenueSpec;
  scales: readonly Scale[];
  ticksMax: number;
  /** Highest and lowest index of each instrument, ticks. */
  highestTicks: readonly number[];
  lowestTicks: readonly number[];
}
