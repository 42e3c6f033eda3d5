/** What pairs of runs say, and where two runs part. */
import { describe, expect, it } from 'vitest';
import { registry } from '../../agents/index.js';
import { compareMetrics, runToCompare } from '../../scenarios/experiment/index.js';
import type { RunMetric } from '../../scenarios/experiment/index.js';
import { applySettings, parseScenario } from '../../scenarios/model/index.js';
import { RowRace, runDivergence } from '../../scenarios/runtime/index.js';
import { SMALL_SCENARIO } from '../support/small-scenario.js';

const metric = (name: string, better: RunMetric['better'] = 'lower'): RunMetric => {
  return { name, unit: '1', doc: '', better };
};

describe('pairs of runs', () => {
  it('tell the paired difference of a figure with Student\'s interval', () => {
    // Differences -1, -2, -3, -2: mean -2, deviation .8165, t(3) = 3.18245.
    const a = [5, 7, 9, 6];
    const b = [4, 5, 6, 4];
    const [one] = compareMetrics([{ metric: metric('x'), a, b }]);
    expect(one.meanA).toBe(6.75);
    expect(one.meanB).toBe(4.75);
    expect(one.difference).toBe(-2);
    expect(one.high).toBeCloseTo(-2 + (3.182446 * Math.sqrt(2 / 3)) / 2, 5);
    expect(one.interval).toBe('student');
    // t = 2 / .408248 = 4.898979 with 3 degrees.
    expect(one.pValue).toBeCloseTo(0.016278, 4);
    expect(one.betterInB?.share).toBe(1);
    expect([one.higher, one.lower, one.ties]).toEqual([0, 4, 0]);
    // Var A 2.9167, var B .9167, var of differences .6667.
    expect(one.varianceRatio).toBeCloseTo((2.916667 + 0.916667) / 0.666667, 4);
  });

  it('count ties and which way is better', () => {
    const a = [1, 2, 3, 4, 5];
    const b = [2, 2, 2, 6, 5];
    const [up, none] = compareMetrics([
      { metric: metric('up', 'higher'), a, b },
      { metric: metric('none', null), a, b },
    ]);
    expect([up.higher, up.lower, up.ties]).toEqual([2, 1, 2]);
    expect(up.betterInB?.share).toBe(0.4);
    expect(none.betterInB).toBeNull();
  });

  it('leave out pairs that do not define the figure, and say so', () => {
    const [one, other] = compareMetrics([
      { metric: metric('x'), a: [1, null, 3, 4], b: [2, 2, null, 5] },
      { metric: metric('y'), a: [null, null], b: [null, 1] },
    ]);
    expect([one.pairs, one.undefinedPairs, one.difference]).toEqual([2, 2, 1]);
    expect([other.pairs, other.undefinedPairs]).toEqual([0, 2]);
    expect(other.difference).toBeNaN();
    // A test that was not made does not count among those corrected for.
    expect(one.pHolm).toBe(one.pValue);
  });

  it('correct p-values for each other as Holm does', () => {
    const a = [0, 0, 0, 0, 0, 0];
    const rows = compareMetrics([
      { metric: metric('p'), a, b: [1, 2, 1, 2, 1, 2] },
      { metric: metric('q'), a, b: [1, -1, 2, -1, 1, 0] },
      { metric: metric('r'), a, b: [3, 1, 2, 3, -1, 2] },
    ]);
    const [p, q, r] = rows.map((one) => one.pValue);
    expect(p).toBeLessThan(r);
    expect(r).toBeLessThan(q);
    expect(rows.map((one) => one.pHolm)).toEqual([3 * p, Math.max(2 * r, q), 2 * r]);
  });

  it('take the bootstrap where differences are skewed', () => {
    const a = new Array(40).fill(0);
    const b = a.map((_, i) => (i === 7 ? 100 : i === 11 ? 40 : i % 3));
    const [one] = compareMetrics([{ metric: metric('x'), a, b }]);
    expect(one.interval).toBe('bca');
    // Skewed as the differences are: longer above than below.
    expect(one.high - one.difference).toBeGreaterThan(1.2 * (one.difference - one.low));
    const [again] = compareMetrics([{ metric: metric('x'), a, b }]);
    expect([again.low, again.high]).toEqual([one.low, one.high]);
  });

  it('say nothing differs where nothing does', () => {
    const a = [3, 1, 4, 1, 5];
    const [one] = compareMetrics([{ metric: metric('x'), a, b: a }]);
    expect([one.difference, one.low, one.high, one.pValue, one.ties]).toEqual([0, 0, 0, 1, 5]);
    expect(one.betterInB?.share).toBe(0);
  });
});

describe('a race of rows', () => {
  const row = (time: number): Int32Array => new Int32Array(16).fill(time);

  it('finds the first rows that differ, whoever is ahead', () => {
    const race = new RowRace();
    for (const x of [1, 2, 3, 4]) race.add(0, row(x));
    for (const x of [1, 2]) race.add(1, row(x));
    expect(race.parted).toBeNull();
    expect(race.same).toBe(2);
    for (const x of [3, 9]) race.add(1, row(x));
    expect(race.parted?.row).toBe(3);
    expect(race.parted?.a?.account).toBe(4);
    expect(race.parted?.b?.account).toBe(9);
  });

  it('sees one stream end before the other', () => {
    const race = new RowRace();
    race.add(0, row(1));
    race.add(1, row(1));
    race.add(1, row(2));
    race.end();
    expect(race.parted?.a).toBeNull();
    expect(race.parted?.b?.account).toBe(2);
  });
});

describe('two runs side by side', () => {
  const small = parseScenario(SMALL_SCENARIO, 'small');
  const run = (settings: string[], seed = 0) => {
    const scenario = applySettings(small, ['time.duration=20s', ...settings], registry);
    return runToCompare({ kind: 'scenario', scenario }, { settings: {}, seed });
  };

  it('do not part when they are the same', () => {
    const found = runDivergence(run([]), run([]));
    expect(found).toEqual({ opening: null, event: null, sample: null, micros: 20_000_000 });
  });

  it('part where what differs first shows', () => {
    const found = runDivergence(run([]), run(['venue.insuranceFund=5000']));
    expect(found.opening?.a).toMatch(/fund: changes by/);
    expect(found.opening?.timeMicros).toBe(0);
  });

  it('name whose accounts they are', () => {
    const found = runDivergence(run([]), run(['population.targets.params.leverage=4']));
    expect(found.event?.a).toMatch(/trade: account \d+ \((targets|noise|makers|retail)\)/);
    expect(found.event?.a).not.toBe(found.event?.b);
    expect(found.event?.timeMicros).toBeGreaterThan(0);
    expect(found.event?.row).toBeGreaterThan(0);
  });

  it('part although their accounts are numbered otherwise', () => {
    const found = runDivergence(run([]), run(['population.noise.count=299']));
    expect(found.opening).not.toBeNull();
    expect(found.event).not.toBeNull();
  });

  it('run only as far as is needed', () => {
    const far = runDivergence(run([]), run(['time.duration=30s']));
    expect(far.micros).toBeGreaterThan(19_000_000);
    expect(runDivergence(run([]), run([], 1)).micros).toBeLessThan(10_000_000);
  });
});
