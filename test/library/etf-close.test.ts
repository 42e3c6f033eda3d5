/** The statement of `etf-close`, over seeds 0 to 29: funds that rebalance, or do not. */
import { beforeAll, describe, expect, it } from 'vitest';
import { pairedDifference, pairedRatio } from '../support/paired-statistics.js';
import { over, pairedRuns, realisedVariance } from '../support/paired-runs.js';
import type { RunRecord } from '../support/paired-runs.js';
import { correlation, mean, sum } from '../support/sample-statistics.js';

const FUNDS = ['bull-3x', 'bull-2x', 'bear-1x', 'bear-2x'];
/** Samples, minutes: the first step may come, the close, and the end. */
const [FIRST, CLOSE, END] = [350, 390, 419];

let runs: Record<'funds' | 'idle', RunRecord[]>;

beforeAll(async () => {
  const variants = { funds: [], idle: FUNDS.map((name) => `population.${name}.start=23h`) };
  runs = await pairedRuns({ scenario: 'etf-close', seeds: 30, variants });
}, 600_000);

/** Return of the index until the funds begin. */
const day = ({ index }: RunRecord): number => Math.log(index[FIRST] / index[0]);
/** How far the mark lies beyond the index, in the direction of the day, basis points. */
const beyond = (record: RunRecord, at: number): number =>
  1e4 * Math.sign(day(record)) * Math.log(record.mark[at] / record.index[at]);
const late = (record: RunRecord): number => realisedVariance(record, FIRST / END, CLOSE / END);
const volume = (record: RunRecord, from = 0, to = END + 1): number =>
  over(record, () => true, (one) => sum(one.takenQuote.slice(from, to)));
const closing = (record: RunRecord): number =>
  volume(record, FIRST + 1, CLOSE + 1) / volume(record);
const bought = (record: RunRecord): number =>
  over(record, (one) => FUNDS.includes(one.name), (one) => sum(one.takenNetQuote));

describe('leveraged and inverse funds before the close', () => {
  it('push the price further in the direction of the day', () => {
    const { funds, idle } = runs;
    const at = (k: number) => (one: RunRecord) => beyond(one, k);
    const push = pairedDifference(idle.map(at(CLOSE)), funds.map(at(CLOSE)));
    expect(push.low).toBeGreaterThan(10);
    // Half an hour later most of it is still there.
    expect(pairedDifference(idle.map(at(END)), funds.map(at(END))).low).toBeGreaterThan(7);
    // Before they begin, the two runs are one.
    for (let k = 0; k < funds.length; k++) expect(funds[k].mark[FIRST - 1]).toBe(idle[k].mark[FIRST - 1]);
  });

  it('double the variance of the last forty minutes, and their share of the volume', () => {
    const { funds, idle } = runs;
    expect(pairedRatio(idle.map(late), funds.map(late), mean).low).toBeGreaterThan(1.8);
    expect(pairedRatio(idle.map(closing), funds.map(closing), mean).low).toBeGreaterThan(1.8);
  });

  it('all trade one way, bulls and bears alike, in proportion to the return', () => {
    expect(correlation(runs.funds.map(day), runs.funds.map(bought))).toBeGreaterThan(0.8);
    for (const name of FUNDS) {
      const of = (record: RunRecord) =>
        over(record, (one) => one.name === name, (one) => sum(one.takenNetQuote));
      expect(correlation(runs.funds.map(day), runs.funds.map(of)), name).toBeGreaterThan(0.6);
    }
  });
});
