/** The metadata of a world's log, as far as forests need it. */
import type { WorldSpec } from '../../sim/engine/index.js';
import type { RunMetadata } from '../../sim/trace/index.js';

/** Returns names and scales of a world. */
export function metadataOf(spec: WorldSpec): RunMetadata {
  let firstAccount = 0;
  const cohorts = spec.cohorts.map(({ name, strategy, count }) => {
    const cohort = { name, strategy: strategy.name, firstAccount, count };
    firstAccount += count;
    return cohort;
  });
  return {
    scenario: 'world',
    seed: spec.seed,
    version: '0',
    startEpochMillis: 0,
    durationMicros: spec.durationMicros,
    windowMicros: spec.windowMicros,
    seriesMicros: spec.seriesMicros,
    quantaPerUnit: 1,
    settlement: 'USD',
    instruments: spec.venue.instruments.map(({ name, contract }) => ({
      name,
      contract: contract.kind,
      multiplier: contract.multiplier,
      quotePerTick: contract.quotePerTick,
      quotePerLot: contract.quotePerLot,
    })),
    cohorts,
    fundQuanta: spec.venue.insuranceFundQuanta,
    deskAccount: firstAccount + 1,
  };
}
