import { describe, expect, it } from 'vitest';
import { Evidence } from '../../scenarios/experiment/check/evidence.js';
import { scheduleOf } from '../../scenarios/experiment/check/schedule.js';
import { Verdicts } from '../../scenarios/experiment/check/verdicts.js';
import { claimOf, runMetrics } from '../../scenarios/experiment/index.js';
import type { Claim, RunOutcome } from '../../scenarios/experiment/index.js';

const claims = (...texts: string[]): Claim[] => texts.map((text) => claimOf({ text, where: () => '' }, runMetrics));
const done = (value: number | null): RunOutcome => ({
  status: 'ok', stateHash: '', wallSeconds: 0, values: runMetrics.map(() => value),
});
const failed: RunOutcome = { status: 'failed', code: 'a/b', reason: 'why', wallSeconds: 0 };

/** Looks until all is decided; returns the number of runs and the verdicts. */
function checked(texts: string[], value: (run: number) => number, budget = 1000) {
  const asked = claims(...texts);
  const schedule = scheduleOf(asked, { budget, isFixed: false, confidence: 0.95 });
  const verdicts = new Verdicts(asked, schedule, 0.95);
  const evidence = new Evidence(asked, 0);
  for (const [look, runs] of schedule.runs.entries()) {
    for (let run = evidence.ended; run < runs; run++) evidence.add(run, done(value(run)));
    if (verdicts.look(look, evidence)) break;
  }
  const found = verdicts.found.map((one) => [one?.found.verdict, one?.found.n]);
  return { runs: evidence.ended, found };
}

describe('the looks of a check', () => {
  it('double from 23, with one look at a fixed number', () => {
    const options = { budget: 1000, isFixed: false, confidence: 0.95 };
    expect(scheduleOf(claims('trades p99 < 1'), options).runs).toEqual([23, 46, 92, 184, 368, 736, 1000]);
    const one = scheduleOf(claims('trades p99 < 1'), { ...options, budget: 299, isFixed: true });
    expect(one.runs).toEqual([299]);
    expect(one.looks[0][0].errors.pass).toBeCloseTo(0.05, 12);
    expect(scheduleOf(claims('trades p99 < 1'), { ...options, budget: 7 }).runs).toEqual([7]);
  });

  it('pass p99 at the look after 368 runs, and p95 after 92', () => {
    expect(checked(['trades p99 <= 0'], () => 0)).toEqual({ runs: 368, found: [['pass', 368]] });
    expect(checked(['trades p95 <= 0'], () => 0)).toEqual({ runs: 92, found: [['pass', 92]] });
    expect(checked(['trades p99 <= 0'], () => 1)).toEqual({ runs: 23, found: [['fail', 23]] });
  });

  it('keep a verdict once it was reached', () => {
    // All below the threshold at first, all above it later.
    const found = checked(['trades p50 <= 0', 'trades p95 <= 10'], (run) => (run < 46 ? 0 : 5)).found;
    expect(found).toEqual([['pass', 23], ['pass', 92]]);
  });

  it('let a maximum wait for 299 runs, fail at once, and fail late', () => {
    expect(checked(['trades max <= 0'], () => 0)).toEqual({ runs: 368, found: [['pass', 368]] });
    expect(checked(['trades max <= 0'], (run) => (run === 5 ? 1 : 0))).toEqual({ runs: 23, found: [['fail', 23]] });
    const late = checked(['trades max <= 1', 'trades p99 <= 0'], (run) => (run === 700 ? 2 : run % 100 === 0 ? 1 : 0));
    expect(late.found[0]).toEqual(['fail', 736]);
  });

  it('is spent with the budget', () => {
    expect(checked(['trades p99 <= 0'], () => 0, 100)).toEqual({ runs: 100, found: [['undecided', 100]] });
  });
});

describe('the evidence of a check', () => {
  it('does not depend on the order in which runs end', () => {
    const asked = claims('trades max <= 3', 'trades min >= 2');
    const values = [5, 1, null, 4, 2, 5];
    const orders = [[0, 1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1, 0], [3, 0, 6, 5, 1, 4, 2]];
    for (const order of orders) {
      const evidence = new Evidence(asked, 100);
      for (const run of order) evidence.add(run, run === 6 ? failed : done(values[run]));
      expect(evidence.valuesOf(0, 7)).toEqual(values);
      expect(evidence.valuesOf(0, 2)).toEqual([5, 1]);
      expect(evidence.violationsOf(0, 7)).toEqual({ count: 3, seeds: [100, 103, 105], worst: { seed: 100, value: 5 } });
      expect(evidence.violationsOf(1, 7)).toEqual({ count: 1, seeds: [101], worst: { seed: 101, value: 1 } });
      expect(evidence.failedRuns()).toEqual([{ seed: 106, code: 'a/b', reason: 'why' }]);
      expect(evidence.ended).toBe(7);
    }
  });
});
