/** The statement of `monoculture`, over seeds 0 to 39: dials.crowding 0 against 1. */
import { beforeAll, describe, expect, it } from 'vitest';
import { pairedDifference, pairedRatio, upperTail } from '../support/paired-statistics.js';
import { pairedRuns } from '../support/paired-runs.js';
import type { RunRecord } from '../support/paired-runs.js';
import { variance } from '../support/sample-statistics.js';

let runs: Record<'alone' | 'crowd', RunRecord[]>;

beforeAll(async () => {
  const variants = { alone: [], crowd: ['dials.crowding=1'] };
  runs = await pairedRuns({ scenario: 'monoculture', seeds: 40, variants });
}, 600_000);

const millions = (record: RunRecord): number => record.figures.liquidations.notionalQuote / 1e6;
const drawdown = (record: RunRecord): number => 100 * record.figures.price.maxDrawdownFraction;

describe('one rule held by everybody, drawn alike instead of apart', () => {
  it('is not liquidated more on average, nor does the price fall further', () => {
    const { alone, crowd } = runs;
    // The whole interval lies below 0: the mean falls.
    expect(pairedDifference(alone.map(millions), crowd.map(millions)).high).toBeLessThan(0);
    expect(pairedDifference(alone.map(drawdown), crowd.map(drawdown)).high).toBeLessThan(-2);
  });

  it('is liquidated all at once or not at all: variance over seeds and tail are larger', () => {
    const { alone, crowd } = runs;
    const [a, b] = [alone.map(millions), crowd.map(millions)];
    expect(pairedRatio(a, b, variance).low).toBeGreaterThan(10);
    expect(pairedRatio(a, b, upperTail).low).toBeGreaterThan(1.5);
    // Apart, some are liquidated in every seed; alike, nobody or everybody.
    expect(Math.min(...a)).toBeGreaterThan(20);
    const hit = crowd.map((record) => record.cohorts[0].liquidations);
    expect(hit.every((count) => count === 0 || count >= 1500)).toBe(true);
    expect(hit.filter((count) => count > 0)).toHaveLength(8);
  });

  it('starts from the same positions in the mean', () => {
    const start = (record: RunRecord) => record.figures.openInterest.startQuote / 1e6;
    const { low, high } = pairedDifference(runs.alone.map(start), runs.crowd.map(start));
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
  });
});
