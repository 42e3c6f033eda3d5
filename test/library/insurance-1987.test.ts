/** The statement of `insurance-1987`, over seeds 0 to 23: funds that insure, or hold. */
import { beforeAll, describe, expect, it } from 'vitest';
import { pairedDifference, pairedRatio } from '../support/paired-statistics.js';
import { over, pairedRuns } from '../support/paired-runs.js';
import type { RunRecord } from '../support/paired-runs.js';
import { mean, sum } from '../support/sample-statistics.js';

/** Samples, minutes: two hours into the session, four, and the close. */
const [EARLY, LATE, CLOSE] = [120, 240, 389];

let runs: Record<'rule' | 'hold', RunRecord[]>;

beforeAll(async () => {
  const params = 'population.insurers.params';
  const variants = { rule: [], hold: [`${params}.multiplier=1`, `${params}.floorShare=0`] };
  runs = await pairedRuns({ scenario: 'insurance-1987', seeds: 24, variants });
}, 600_000);

const drawdown = (record: RunRecord): number => 100 * record.figures.price.maxDrawdownFraction;
const news = (record: RunRecord): number => 100 * record.figures.index.maxDrawdownFraction;
const millions = (record: RunRecord): number => record.figures.liquidations.notionalQuote / 1e6;
const insurers = ({ cohorts }: RunRecord) => cohorts.find((one) => one.name === 'insurers')!;
/** Contracts that the insurers hold, per cent of what they started with. */
const held = (record: RunRecord, at: number): number => {
  const contracts = (k: number) => insurers(record).netQuote[k] / record.mark[k];
  return (100 * contracts(at)) / contracts(0);
};
/** Their part of what all takers trade, per cent. */
const share = (record: RunRecord): number =>
  (100 * sum(insurers(record).takenQuote)) / over(record, () => true, (one) => sum(one.takenQuote));
/** Fall of the price between two samples, per cent of the price at the start. */
const fell = (from: number, to: number) => ({ mark }: RunRecord): number =>
  (100 * (mark[from] - mark[to])) / mark[0];

describe('insured portfolios in news of nine per cent', () => {
  it('double the fall in every seed; held, they leave it at the news', () => {
    const { hold, rule } = runs;
    expect(pairedDifference(hold.map(drawdown), rule.map(drawdown)).low).toBeGreaterThan(9);
    expect(pairedRatio(hold.map(drawdown), rule.map(drawdown), mean).low).toBeGreaterThan(2);
    expect(Math.min(...rule.map(drawdown))).toBeGreaterThan(14);
    expect(Math.max(...rule.map(drawdown))).toBeLessThan(25);
    for (const record of hold) expect(Math.abs(drawdown(record) - news(record))).toBeLessThan(1.2);
  });

  it('hardly tell for two hours, and in the next two make an avalanche', () => {
    const { hold, rule } = runs;
    const more = (from: number, to: number) =>
      pairedDifference(hold.map(fell(from, to)), rule.map(fell(from, to)));
    expect(more(0, EARLY).high).toBeLessThan(1.3);
    expect(more(EARLY, LATE).low).toBeGreaterThan(6);
    expect(mean(rule.map((one) => held(one, EARLY)))).toBeGreaterThan(95);
    expect(mean(rule.map((one) => held(one, LATE)))).toBeLessThan(70);
  });

  it('sell about half of what they hold, two fifths of what takers trade', () => {
    const { hold, rule } = runs;
    const left = mean(rule.map((one) => held(one, CLOSE)));
    expect(left).toBeGreaterThan(45);
    expect(left).toBeLessThan(60);
    expect(Math.min(...rule.map(share))).toBeGreaterThan(35);
    expect(mean(rule.map(share))).toBeLessThan(48);
    // The same positions without the rule are held to the close.
    for (const record of hold) {
      expect(held(record, CLOSE)).toBeCloseTo(100, 9);
      expect(share(record)).toBe(0);
    }
  });

  it('drive levered accounts into liquidation, where the news alone reaches nobody', () => {
    const { hold, rule } = runs;
    expect(Math.max(...hold.map(millions))).toBe(0);
    expect(pairedDifference(hold.map(millions), rule.map(millions)).low).toBeGreaterThan(0.8);
  });
});
