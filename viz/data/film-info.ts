/** What a film says about its run, in the units a page shows. */
import { columnOf } from '../../sim/trace/index.js';
import type { ReplayHead } from '../../sim/trace/index.js';

/** Facts and scales of one instrument of a film. */
export interface FilmInfo {
  scenario: string;
  seed: number;
  hash: string;
  version: string;
  complete: boolean;
  startEpochMs: number;
  durationMicros: number;
  seriesMicros: number;
  instrument: string;
  contract: 'linear' | 'inverse';
  quotePerTick: number;
  quotePerLot: number;
  quantaPerUnit: number;
  /** Symbol of the money that margins and the fund are kept in. */
  settlement: string;
  cohorts: string[];
  traders: number;
  /** Steps of liquidations: one liquidation can be reduced, then taken over. */
  liquidationSteps: number;
  liquidations: number;
  /** Whether it tells causes; one made without the causal ledger or before it does not. */
  tellsCauses: boolean;
  deleveragings: number;
  trades: number;
}

/** Reads the facts out of a replay's head. */
export function filmInfo(head: ReplayHead, instrument: number): FilmInfo {
  const { header, tables } = head;
  const { metadata } = header;
  const overview = tables.get(`overview/${instrument}`);
  const counts = overview ? columnOf(overview, 'liquidations') : [];
  const market = metadata.instruments[instrument];
  return {
    scenario: metadata.scenario,
    seed: metadata.seed,
    hash: header.hash,
    version: metadata.version,
    complete: header.complete,
    startEpochMs: metadata.startEpochMillis,
    durationMicros: Math.max(1, header.complete ? metadata.durationMicros : header.endMicros),
    seriesMicros: metadata.seriesMicros,
    instrument: market.name,
    contract: market.contract,
    quotePerTick: market.quotePerTick,
    quotePerLot: market.quotePerLot,
    quantaPerUnit: metadata.quantaPerUnit,
    settlement: metadata.settlement,
    cohorts: metadata.cohorts.map((cohort) => cohort.name),
    traders: metadata.cohorts.reduce((sum, cohort) => sum + cohort.count, 0),
    liquidationSteps: header.liquidations,
    liquidations: counts[counts.length - 1] ?? 0,
    tellsCauses: (tables.get('cascades')?.rows ?? 0) > 0,
    deleveragings: header.deleverages,
    trades: header.trades,
  };
}
