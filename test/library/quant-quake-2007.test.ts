/** The statement of `quant-quake-2007`, over seeds 0 to 23: books that overlap, or lie apart. */
import { beforeAll, describe, expect, it } from 'vitest';
import { pairedDifference, pairedRatio } from '../support/paired-statistics.js';
import { pairedRuns, profitQuote } from '../support/paired-runs.js';
import type { RunRecord } from '../support/paired-runs.js';
import { mean } from '../support/sample-statistics.js';

/** Leverage that the funds start with. */
const LEVERAGE = 8;

let runs: Record<'apart' | 'overlap', RunRecord[]>;

beforeAll(async () => {
  const variants = { apart: ['population.funds-b.instrument=BOOK-B'], overlap: [] };
  runs = await pairedRuns({ scenario: 'quant-quake-2007', seeds: 24, variants });
}, 600_000);

const lowest = (mark: Float64Array): number => mark.indexOf(Math.min(...mark));
/** Largest fall of a book below its start, per cent. */
const fall = (mark: Float64Array): number => 100 * (1 - mark[lowest(mark)] / mark[0]);
const fallA = ({ marks }: RunRecord): number => fall(marks[0]);
const fallB = ({ marks }: RunRecord): number => fall(marks[1]);
/** Part of the fall of the first book that is won back by the end, per cent. */
const wonBack = ({ marks: [mark] }: RunRecord): number => {
  const low = mark[lowest(mark)];
  return (100 * (mark[mark.length - 1] - low)) / (mark[0] - low);
};
const fund = (name: string) => ({ cohorts }: RunRecord) => cohorts.find((one) => one.name === name)!;
/** Largest loss of a fund family, per cent of the equity it starts with. */
const loss = (name: string) => (record: RunRecord): number => {
  const cohort = fund(name)(record);
  const equity = cohort.netQuote[0] / LEVERAGE;
  let most = 0;
  for (let k = 0; k < record.mark.length; k++) most = Math.max(most, -profitQuote(cohort, k));
  return (100 * most) / equity;
};
/** Smallest book of a fund family, per cent of the one it starts with. */
const kept = (name: string) => (record: RunRecord): number => {
  const { netQuote } = fund(name)(record);
  return (100 * Math.min(...netQuote)) / netQuote[0];
};
/** Loss of a fund family at the end, per cent of the equity it starts with. */
const finalLoss = (name: string) => (record: RunRecord): number => {
  const cohort = fund(name)(record);
  return (-100 * profitQuote(cohort, record.mark.length - 1) * LEVERAGE) / cohort.netQuote[0];
};

describe('two families of funds, one unwind', () => {
  it('fall further where they hold one book, and not in the other book', () => {
    const { apart, overlap } = runs;
    expect(pairedDifference(apart.map(fallA), overlap.map(fallA)).low).toBeGreaterThan(1.2);
    expect(pairedRatio(apart.map(fallA), overlap.map(fallA), mean).low).toBeGreaterThan(1.5);
    expect(Math.max(...[...apart, ...overlap].map(fallB))).toBeLessThan(0.6);
    // Fair value has no part in it.
    for (const { figures } of overlap) expect(figures.index.maxDrawdownFraction).toBeLessThan(0.005);
  });

  it('pass the loss on to those who had nothing to do with it', () => {
    const { apart, overlap } = runs;
    const [one, two] = [loss('funds-a'), loss('funds-b')];
    expect(Math.max(...apart.map(two))).toBeLessThan(5);
    expect(pairedDifference(apart.map(two), overlap.map(two)).low).toBeGreaterThan(17);
    expect(pairedDifference(apart.map(one), overlap.map(one)).low).toBeGreaterThan(5);
    // They sell most of the book, by their own rule: nobody is liquidated.
    expect(Math.min(...apart.map(kept('funds-b')))).toBeGreaterThan(90);
    expect(Math.max(...overlap.map(kept('funds-b')))).toBeLessThan(50);
    for (const { figures } of overlap) expect(figures.liquidations.count).toBe(0);
  });

  it('see half the fall won back, and less of their own loss', () => {
    const { overlap } = runs;
    expect(mean(overlap.map(wonBack))).toBeGreaterThan(50);
    expect(Math.min(...overlap.map(wonBack))).toBeGreaterThan(35);
    const stays = overlap.map((record) => finalLoss('funds-b')(record) / loss('funds-b')(record));
    expect(mean(stays)).toBeGreaterThan(0.6);
  });
});
