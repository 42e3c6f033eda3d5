/** Runs seeds for a validation: tasks of a Piscina pool. */
import type { MarketRecord } from '../../../sim/stylised-facts/index.js';
import type { Scenario } from '../../model/index.js';
import { type Outcome, settle } from '../carried-error.js';
import type { HistoryFigures } from './history-recorder.js';
import { type RecordedRun, recordHistory, recordMarket } from './record-run.js';

/** A seed to run. */
export interface ValidateJob {
  /** With every default filled in. */
  scenario: Scenario;
  seed: number;
}

/** Runs a seed for the scorecard. */
export function market({ scenario, seed }: ValidateJob): Promise<Outcome<RecordedRun<MarketRecord>>> {
  return settle(() => recordMarket(scenario, seed));
}

/** Runs a seed for the comparison with history. */
export function history({ scenario, seed }: ValidateJob): Promise<Outcome<RecordedRun<HistoryFigures>>> {
  return settle(() => recordHistory(scenario, seed));
}
