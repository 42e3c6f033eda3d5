/** The prices a population is drawn and checked against. */
import type { VenueSpec } from '../../sim/venue/index.js';

/** Instruments, and the range of their index. */
export interface PriceRange {
  venue: VenueSpec;
  ticksMax: number;
  /** Highest and lowest index of each instrument, ticks. */
  highestTicks: readonly number[];
  lowestTicks: readonly number[];
}
