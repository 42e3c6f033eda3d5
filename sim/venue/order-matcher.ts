/** A venue as far as it matches orders. */
import type { Instrument } from './instrument.js';
import type { VenueSpec } from './venue-spec.js';

/** Sends orders to the books of a venue; documented there. */
export interface OrderMatcher {
  readonly spec: VenueSpec;
  match(
    account: number,
    one: Instrument,
    tag: number,
    side: number,
    market: boolean,
    priceTicks: number,
    sizeLots: number,
    timeInForce: number,
    flags: number,
  ): number;
}
