/** Names and scales that a trace needs to be read without its scenario. */
import type { World } from '../../sim/engine/index.js';
import type { RunMetadata } from '../../sim/trace/index.js';

/** What a world does not know about its own run. */
export interface RunNames {
  scenario: string;
  seed: number;
  version: string;
  /** Unix time of simulated time 0, in milliseconds. */
  startEpochMillis: number;
}

/** Describes a world's run for the header of its event log. */
export function describeRun(world: World, names: RunNames): RunMetadata {
  const { spec, population, venue } = world;
  const first = spec.venue.instruments[0];
  const { kind, multiplier, quotePerTick, quotePerLot } = first.contract;
  const isInverse = kind === 'inverse';
  return {
    scenario: names.scenario,
    seed: names.seed,
    version: names.version,
    startEpochMillis: names.startEpochMillis,
    durationMicros: spec.durationMicros,
    windowMicros: spec.windowMicros,
    seriesMicros: spec.seriesMicros,
    quantaPerUnit: isInverse
      ? Math.round((multiplier * quotePerTick) / quotePerLot)
      : Math.round(multiplier / (quotePerTick * quotePerLot)),
    settlement: settlementOf(first.name, isInverse),
    instruments: spec.venue.instruments.map((one) => ({
      name: one.name,
      contract: one.contract.kind,
      multiplier: one.contract.multiplier,
      quotePerTick: one.contract.quotePerTick,
      quotePerLot: one.contract.quotePerLot,
    })),
    cohorts: spec.cohorts.map((cohort, c) => ({
      name: cohort.name,
      strategy: cohort.strategy.name,
      firstAccount: population.base[c],
      count: cohort.count,
    })),
    fundQuanta: spec.venue.insuranceFundQuanta,
    deskAccount: venue.deskAccount,
  };
}

/** Reads the currencies out of a name such as XBTUSD; a general word when it has none. */
function settlementOf(name: string, isInverse: boolean): string {
  const pair = /^([A-Z]{3,5}?)[-_]?(USDT|USDC|USD|EUR|DAI)/.exec(name);
  if (pair === null) return isInverse ? 'base' : 'quote';
  return isInverse ? pair[1] : pair[2];
}
