/** The scorecard of a scenario. */
import { UserError } from '../../../sim/kernel/index.js';
import { type MarketRecord, type Scorecard, scorecard } from '../../../sim/stylised-facts/index.js';
import { durationMicros } from '../../model/index.js';
import { BIN_MICROS, BINS_MIN, type RecordedRun } from './record-run.js';
import { startSeeds, type ValidateHandle, type ValidateOptions } from './seed-runs.js';

/** A scorecard and the runs behind it. */
export interface FactsReport extends Scorecard {
  scenario: string;
  runs: { seed: number; hash: string; wallSeconds: number }[];
  binSeconds: number;
  /** Returns of one run, on average. */
  returnsPerRun: number;
  takersPerRun: number;
}

/**
 * Starts the runs of a scorecard; seeds are pooled.
 * @throws UserError `validate/short`, at once.
 */
export function startFacts(options: ValidateOptions): ValidateHandle<FactsReport> {
  const { scenario } = options;
  const micros = durationMicros(scenario.time.duration);
  // The first bin is left out, and the last, at whose end nothing is sampled any more.
  const least = (BINS_MIN + 2) * BIN_MICROS;
  if (micros < least) {
    const must = `must be at least ${least / BIN_MICROS}m: facts are about one-minute returns`;
    throw new UserError('validate/short', `time.duration was ${scenario.time.duration}, ${must}`);
  }
  return startSeeds<MarketRecord, FactsReport>('market', options, (runs) => report(scenario.name, runs));
}

function report(scenario: string, runs: RecordedRun<MarketRecord>[]): FactsReport {
  const sample = runs.map((run) => run.kept);
  for (const { seed, kept } of runs) {
    if (kept.volumeLots.length >= BINS_MIN) continue;
    const was = `${kept.volumeLots.length} minutes after both sides were first quoted`;
    const must = `must have at least ${BINS_MIN}`;
    throw new UserError('validate/quotes', `${scenario}, seed ${seed}: the run had ${was}, ${must}`);
  }
  const mean = (of: (record: MarketRecord) => number): number =>
    sample.reduce((sum, record) => sum + of(record), 0) / sample.length;
  return {
    scenario,
    runs: runs.map(({ seed, hash, wallSeconds }) => ({ seed, hash, wallSeconds })),
    binSeconds: BIN_MICROS / 1e6,
    returnsPerRun: mean((record) => record.volumeLots.length),
    takersPerRun: mean((record) => record.takers.sign.length),
    ...scorecard(sample),
  };
}
