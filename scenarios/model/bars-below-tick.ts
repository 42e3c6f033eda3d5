/** Prices of a file that are too small for the scenario's tick. */
import { pow } from '../../sim/kernel/index.js';
import type { PriceBars } from '../../sim/oracle/index.js';
import { writtenPrice } from './build-index.js';
import { chooseScale } from './scale.js';
import type { Scenario } from './schema.js';

/** How many bars reach below one tick, where prices are held at one tick. */
export interface BarsBelowTick {
  count: number;
  /** The tick, in units of quote. */
  quotePerTick: number;
}

/** Counts the bars whose low, after the shock dial, lies below the first instrument's tick. */
export function barsBelowTick(scenario: Scenario, bars: PriceBars): BarsBelowTick {
  const [instrument] = scenario.venue.instruments;
  const { shock } = scenario.dials;
  const start = bars.open[0];
  const shocked = (price: number) => (shock === 1 ? price : start * pow(price / start, shock));
  let lowest = start;
  for (const low of bars.low) lowest = Math.min(lowest, low);
  const written = writtenPrice(instrument);
  const { quotePerTick } = chooseScale(instrument, written, start, shocked(lowest));
  let count = 0;
  for (const low of bars.low) if (shocked(low) < quotePerTick) count += 1;
  return { count, quotePerTick };
}
