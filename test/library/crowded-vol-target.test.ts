/** The statement of `crowded-vol-target`, over seeds 0 to 23: estimates that hear, or are deaf, or one clock. */
import { beforeAll, describe, expect, it } from 'vitest';
import { pairedDifference, pairedRatio } from '../support/paired-statistics.js';
import { over, pairedRuns, realisedVariance } from '../support/paired-runs.js';
import type { RunRecord } from '../support/paired-runs.js';
import { mean, sum } from '../support/sample-statistics.js';

let runs: Record<'hear' | 'deaf' | 'clock', RunRecord[]>;

beforeAll(async () => {
  const variants = {
    hear: [],
    deaf: ['population.volatility-targeters.params.decayDaily=0.9999999'],
    clock: ['population.volatility-targeters.phase=0.5'],
  };
  runs = await pairedRuns({ scenario: 'crowded-vol-target', seeds: 24, variants });
}, 600_000);

const drawdown = (record: RunRecord): number => 100 * record.figures.price.maxDrawdownFraction;
const volatility = (record: RunRecord): number => 100 * Math.sqrt(realisedVariance(record));
const traded = (record: RunRecord): number =>
  over(record, (one) => one.name === 'volatility-targeters', (one) => sum(one.takenQuote)) / 1e6;

describe('volatility targeters in a fall of one per cent', () => {
  it('double it at least, and make most of the volatility they flee from', () => {
    const { deaf, hear } = runs;
    expect(pairedDifference(deaf.map(drawdown), hear.map(drawdown)).low).toBeGreaterThan(1.2);
    expect(pairedRatio(deaf.map(volatility), hear.map(volatility), mean).low).toBeGreaterThan(4);
    // The deaf hold what they have, and the price then falls as the index does.
    expect(Math.max(...deaf.map(traded))).toBeLessThan(2);
    expect(Math.max(...deaf.map((one) => drawdown(one) - 100 * one.figures.index.maxDrawdownFraction)))
      .toBeLessThan(0.2);
  });

  it('do less harm with one clock than each with its own', () => {
    const { hear, clock } = runs;
    expect(pairedDifference(hear.map(drawdown), clock.map(drawdown)).high).toBeLessThan(0);
    expect(pairedRatio(hear.map(volatility), clock.map(volatility), mean).high).toBeLessThan(0.75);
    // Not because they trade much less.
    expect(pairedRatio(hear.map(traded), clock.map(traded), mean).low).toBeGreaterThan(0.7);
  });
});
