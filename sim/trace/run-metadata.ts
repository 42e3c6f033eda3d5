/** What a log and a replay say about the run that made them. */

/** One instrument's scale factors: how ticks, lots and quanta become quote units. */
export interface InstrumentMetadata {
  name: string;
  contract: 'linear' | 'inverse';
  /** Quanta per tick and lot (linear), or quanta x ticks per lot (inverse). */
  multiplier: number;
  quotePerTick: number;
  /** Quote units a lot (inverse), or base units a lot (linear). */
  quotePerLot: number;
}

/** Agents with one strategy: the accounts [firstAccount, firstAccount + count). */
export interface CohortMetadata {
  name: string;
  strategy: string;
  firstAccount: number;
  count: number;
}

/** Names and scales needed to read a trace without the scenario. */
export interface RunMetadata {
  scenario: string;
  seed: number;
  version: string;
  /** Unix time of simulated time 0, in milliseconds. */
  startEpochMillis: number;
  durationMicros: number;
  windowMicros: number;
  seriesMicros: number;
  /** Quanta in one unit of the settlement currency. */
  quantaPerUnit: number;
  /** Symbol of the settlement currency: `USD`, `XBT`. */
  settlement: string;
  instruments: InstrumentMetadata[];
  cohorts: CohortMetadata[];
  /** Insurance fund's balance before the first event. */
  fundQuanta: number;
  /** The liquidation desk's account, -1 when there is none. */
  deskAccount: number;
}

/** Index of the cohort that `account` belongs to, -1 for accounts outside the population. */
export function cohortOfAccount(metadata: RunMetadata, account: number): number {
  const { cohorts } = metadata;
  for (let i = 0; i < cohorts.length; i += 1) {
    const { firstAccount, count } = cohorts[i];
    if (account >= firstAccount && account < firstAccount + count) return i;
  }
  return -1;
}

/** Notional of a position in quote units at a price in ticks (for display and statistics). */
export function notionalQuote(
  instrument: InstrumentMetadata,
  sizeLots: number,
  priceTicks: number,
): number {
  const size = Math.abs(sizeLots) * instrument.quotePerLot;
  return instrument.contract === 'inverse' ? size : size * priceTicks * instrument.quotePerTick;
}
