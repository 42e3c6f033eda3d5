/** The statement of `grid-trap`, over seeds 0 to 23: grids that double, grids of equal clips, one clip. */
import { beforeAll, describe, expect, it } from 'vitest';
import { pairedDifference, pairedRatio } from '../support/paired-statistics.js';
import { pairedRuns, profitQuote, realisedVariance } from '../support/paired-runs.js';
import type { RunRecord } from '../support/paired-runs.js';
import { mean } from '../support/sample-statistics.js';

/** Samples, minutes: grids are open, the swings end, the slide is at half, it is over, the end. */
const [OPEN, SLIDE, HALF, OVER, END] = [20, 120, 180, 230, 299];

let runs: Record<'double' | 'equal' | 'single', RunRecord[]>;

beforeAll(async () => {
  const params = 'population.grids.params';
  const equal = [`${params}.ratio=1`];
  const variants = { double: [], equal, single: [...equal, `${params}.rungsMax=1`] };
  runs = await pairedRuns({ scenario: 'grid-trap', seeds: 24, variants });
}, 600_000);

const grids = ({ cohorts }: RunRecord) => cohorts.find((one) => one.name === 'grids')!;
const variance = (from: number, to: number) => (record: RunRecord): number =>
  realisedVariance(record, from / END, to / END);
/** Realised variance of mark over index while prices swing. */
const gapVariance = (record: RunRecord): number => {
  const gap = Float64Array.from(record.mark, (mark, k) => mark / record.index[k]);
  return realisedVariance({ ...record, mark: gap }, OPEN / END, SLIDE / END);
};
/** Mark above the index, per cent. */
const above = (at: number) => ({ mark, index }: RunRecord): number => 100 * (mark[at] / index[at] - 1);
/** Largest fall in ten minutes, per cent. */
const steepest = ({ mark }: RunRecord): number => {
  let most = 0;
  for (let k = SLIDE; k < mark.length; k++) most = Math.max(most, 100 * (1 - mark[k] / mark[k - 10]));
  return most;
};
/** Largest fall below the start, per cent. */
const fall = ({ mark }: RunRecord): number => 100 * (1 - Math.min(...mark) / mark[0]);
const millions = (record: RunRecord): number => grids(record).liquidatedQuote / 1e6;
const profit = (at: number) => (record: RunRecord): number => profitQuote(grids(record), at) / 1e6;

describe('grids that double into a slide', () => {
  it('neither calm nor disturb two hours of swings, and win a little', () => {
    const { single, double } = runs;
    for (const of of [variance(OPEN, SLIDE), gapVariance]) {
      const ratio = pairedRatio(single.map(of), double.map(of), mean);
      expect(ratio.low).toBeGreaterThan(0.95);
      expect(ratio.high).toBeLessThan(1.05);
    }
    const gain = pairedDifference(single.map(profit(SLIDE)), double.map(profit(SLIDE)));
    expect(gain.low).toBeGreaterThan(0);
    expect(gain.high).toBeLessThan(0.01);
  });

  it('hold the price up half down the slide, and are below it at the end of it', () => {
    const { single, double } = runs;
    const gap = (at: number) => pairedDifference(single.map(above(at)), double.map(above(at)));
    expect(gap(HALF).low).toBeGreaterThan(0.4);
    expect(gap(OVER).high).toBeLessThan(-0.6);
    expect(pairedDifference(single.map(fall), double.map(fall)).low).toBeGreaterThan(0.5);
  });

  it('make the slide rougher and steeper', () => {
    const { single, double } = runs;
    const slide = variance(SLIDE, OVER);
    expect(pairedRatio(single.map(slide), double.map(slide), mean).low).toBeGreaterThan(1.7);
    expect(pairedRatio(single.map(steepest), double.map(steepest), mean).low).toBeGreaterThan(1.2);
  });

  it('are liquidated in every seed, and lose hundreds of times what they won', () => {
    const { single, double } = runs;
    expect(Math.min(...double.map(millions))).toBeGreaterThan(2);
    expect(pairedDifference(single.map(millions), double.map(millions)).low).toBeGreaterThan(10);
    const loss = pairedDifference(single.map(profit(END)), double.map(profit(END)));
    expect(loss.high).toBeLessThan(-1.4);
  });

  it('owe it to the doubling: equal clips are not liquidated, and soften the fall', () => {
    const { single, equal } = runs;
    expect(Math.max(...equal.map(millions))).toBe(0);
    expect(pairedDifference(single.map(fall), equal.map(fall)).high).toBeLessThan(-0.1);
  });
});
