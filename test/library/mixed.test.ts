/** The statement of `mixed`, over seeds 0 to 39: a mixture in each seed, or nearly one rule. */
import { beforeAll, describe, expect, it } from 'vitest';
import { pairedDifference, pairedRatio, upperTail } from '../support/paired-statistics.js';
import { pairedRuns } from '../support/paired-runs.js';
import type { RunRecord } from '../support/paired-runs.js';
import { mean, variance } from '../support/sample-statistics.js';

const POOL = [
  'holders', 'ladders', 'volatility-targeters', 'constant-leverage', 'pyramiders',
  'anti-martingale', 'momentum', 'value',
];

let runs: Record<'mixture' | 'single', RunRecord[]>;

beforeAll(async () => {
  const single = POOL.map((name) => `population.${name}.mix.alpha=0.05`);
  runs = await pairedRuns({ scenario: 'mixed', seeds: 40, variants: { mixture: [], single } });
}, 600_000);

const millions = (record: RunRecord): number => record.figures.liquidations.notionalQuote / 1e6;
const drawdown = (record: RunRecord): number => 100 * record.figures.price.maxDrawdownFraction;
/** Largest share of the pool. */
const largest = ({ cohorts }: RunRecord): number =>
  Math.max(...cohorts.filter((one) => POOL.includes(one.name)).map((one) => one.count)) / 1600;

describe('a pool of eight rules, mixed instead of nearly one rule a seed', () => {
  it('is what it says', () => {
    expect(mean(runs.mixture.map(largest))).toBeLessThan(0.3);
    expect(mean(runs.single.map(largest))).toBeGreaterThan(0.7);
  });

  it('falls as far on average', () => {
    const { low, high } = pairedDifference(runs.mixture.map(drawdown), runs.single.map(drawdown));
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
    expect(high).toBeLessThan(2);
  });

  it('varies far less from seed to seed, and has a far shorter tail', () => {
    const { mixture, single } = runs;
    expect(pairedRatio(mixture.map(drawdown), single.map(drawdown), variance).low).toBeGreaterThan(4);
    const [a, b] = [mixture.map(millions), single.map(millions)];
    expect(pairedRatio(a, b, variance).low).toBeGreaterThan(8);
    expect(pairedRatio(a, b, upperTail).low).toBeGreaterThan(2);
  });
});
