/** Verdicts of assertions over runs. */
import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../sim/kernel/index.js';
import {
  type Assertion,
  assertionVerdict,
  type AssertionStatistic,
  binomialTails,
  constantRunsMin,
  isStatistic,
  lookErrors,
  looks,
  operators,
  planLooks,
  quantileOf,
  satisfies,
} from '../../sim/statistics/index.js';

const claim = (text: string, atLeast?: number): Assertion => {
  const [statistic, operator, threshold] = text.split(' ');
  return {
    statistic: statistic as AssertionStatistic,
    operator: operator as Assertion['operator'],
    threshold: Number(threshold),
    atLeast,
  };
};
const zeros = (n: number): number[] => new Array<number>(n).fill(0);
const some = (n: number, value: number): number[] => new Array<number>(n).fill(value);

describe('a claim on a quantile', () => {
  it('p99 <= 0 passes with 299 zeros, not with 298', () => {
    const found = assertionVerdict(zeros(298), claim('p99 <= 0'));
    expect(found).toMatchObject({ verdict: 'undecided', high: Infinity, needs: 299, n: 298 });
    expect(found.reason).toMatch(/too few/);
    expect(assertionVerdict(zeros(299), claim('p99 <= 0'))).toEqual({
      verdict: 'pass',
      estimate: 0,
      low: 0,
      high: 0,
      n: 299,
      undefinedRuns: 0,
    });
    expect(assertionVerdict(zeros(5000), claim('p99 < 0')).verdict).toBe('fail');
  });

  it('needs 473 runs with one above, as the binomial law has it', () => {
    const found = assertionVerdict([...zeros(298), 1], claim('p99 <= 0'));
    expect(found).toMatchObject({ verdict: 'undecided', needs: 473 });
    expect(assertionVerdict([...zeros(471), 1], claim('p99 <= 0')).verdict).toBe('undecided');
    expect(assertionVerdict([...zeros(472), 1], claim('p99 <= 0')).verdict).toBe('pass');
  });

  it('fails with few runs if enough of them break it', () => {
    // P(X <= 28) of Bin(30, .99) = .0361, P(X <= 29) = .26.
    expect(assertionVerdict([...zeros(29), 7], claim('p99 <= 0')).verdict).toBe('undecided');
    expect(assertionVerdict([...zeros(28), 7, 7], claim('p99 <= 0'))).toMatchObject({
      verdict: 'fail',
      low: 7,
    });
    expect(assertionVerdict([7], claim('p99 <= 0')).verdict).toBe('fail');
    expect(assertionVerdict([7], claim('median <= 0')).verdict).toBe('undecided');
  });

  it('mirrors: p01 >= 0 is p99 <= 0 upside down', () => {
    expect(assertionVerdict(zeros(298), claim('p1 >= 0'))).toMatchObject({
      verdict: 'undecided',
      needs: 299,
    });
    expect(assertionVerdict(zeros(299), claim('p1 >= 0')).verdict).toBe('pass');
    expect(assertionVerdict(zeros(299), claim('p01 > 0')).verdict).toBe('fail');
  });

  it('says what counting runs says, with ties and atoms, for every operator', () => {
    const stream = new RandomSource(5).stream('verdict');
    const seen = new Set<string>();
    for (let round = 0; round < 600; round++) {
      const n = 1 + Math.floor(stream.uniform(round, 0, 0) * 90);
      const centre = stream.uniform(round, 0, 4) * 4;
      const values = Array.from({ length: n }, (_, i) =>
        Math.floor(stream.uniform(round, 1, i) * 3 + centre),
      );
      const percent = [5, 25, 50, 90, 95][Math.floor(stream.uniform(round, 0, 1) * 5)];
      const operator = operators[Math.floor(stream.uniform(round, 0, 2) * 4)];
      const threshold = Math.floor(stream.uniform(round, 0, 3) * 6);
      const share = operator.startsWith('<') ? percent / 100 : 1 - percent / 100;
      const hits = values.filter((value) => satisfies(value, operator, threshold)).length;
      const { atMost, atLeast } = binomialTails(hits, n, share);
      const wanted = atLeast <= 0.05 ? 'pass' : atMost <= 0.05 ? 'fail' : 'undecided';
      const found = assertionVerdict(values, claim(`p${percent} ${operator} ${threshold}`));
      expect(found.verdict).toBe(wanted);
      const asShare = assertionVerdict(values, claim(`share ${operator} ${threshold}`, share));
      expect(asShare.verdict).toBe(wanted);
      expect(asShare.needs).toBe(found.needs);
      if (found.needs !== undefined) {
        expect(found.needs).toBeGreaterThan(n);
        const good = operator.startsWith('<') ? -1 : 9;
        const padded = [...values, ...some(found.needs - n, good)];
        expect(
          assertionVerdict(padded, claim(`p${percent} ${operator} ${threshold}`)).verdict,
        ).toBe('pass');
      }
      seen.add(`${operator}${wanted}`);
    }
    expect(seen.size).toBe(12);
  });
});

describe('a claim on a mean', () => {
  it("has Student's one-sided bounds", () => {
    // 1..10: mean 5.5, error .957427, t(.95; 9) = 1.833113.
    const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const found = assertionVerdict(values, claim('mean < 7.3'));
    expect(found.verdict).toBe('pass');
    expect(found.high).toBeCloseTo(5.5 + 1.833113 * 0.957427, 5);
    expect(found.low).toBeCloseTo(5.5 - 1.833113 * 0.957427, 5);
    expect(assertionVerdict(values, claim('mean > 7.3')).verdict).toBe('fail');
    expect(assertionVerdict(values, claim('mean >= 3.7')).verdict).toBe('pass');
    expect(assertionVerdict(values, claim('mean < 3.7')).verdict).toBe('fail');
    const half = 1.8331129 * 0.9574271;
    const open = assertionVerdict(values, claim('mean < 6'));
    expect(open.verdict).toBe('undecided');
    expect(open.needs).toBe(Math.ceil((10 * half * half) / 0.25));
    expect(assertionVerdict(values, claim('mean < 5.5'))).not.toHaveProperty('needs');
  });

  it('takes one value alone for the mean from 29 runs on', () => {
    expect(constantRunsMin(0.95)).toBe(29);
    expect(assertionVerdict(zeros(28), claim('mean <= 0'))).toMatchObject({
      verdict: 'undecided',
      needs: 29,
    });
    expect(assertionVerdict(zeros(29), claim('mean <= 0'))).toMatchObject({
      verdict: 'pass',
      low: 0,
      high: 0,
    });
    expect(assertionVerdict(zeros(29), claim('mean < 0')).verdict).toBe('fail');
    expect(assertionVerdict(some(40, 0.1), claim('mean <= 0.1')).verdict).toBe('pass');
  });

  it('is open with fewer than five runs', () => {
    expect(assertionVerdict([1, 2, 3, 2], claim('mean < 100'))).toMatchObject({
      verdict: 'undecided',
      needs: 5,
    });
    expect(assertionVerdict([1, 2, 3, 2, 2], claim('mean < 100')).verdict).toBe('pass');
  });
});

describe('a claim on the extremes', () => {
  it('speaks of the runs made', () => {
    expect(assertionVerdict([1, 2, 3], claim('max <= 3'))).toMatchObject({
      verdict: 'pass',
      estimate: 3,
    });
    expect(assertionVerdict([1, 2, 3], claim('max < 3')).verdict).toBe('fail');
    expect(assertionVerdict([1, 2, 3], claim('min >= 1')).verdict).toBe('pass');
    expect(assertionVerdict([1, 2, 3], claim('min > 1'))).toMatchObject({
      verdict: 'fail',
      estimate: 1,
    });
  });
});

describe('a claim on a share', () => {
  it('bounds it exactly', () => {
    const found = assertionVerdict([...some(10, 1), ...zeros(190)], claim('share <= 0', 0.9));
    expect(found).toMatchObject({ verdict: 'pass', estimate: 0.95, n: 200 });
    expect(found.low).toBeCloseTo(0.9164, 3);
    expect(() => assertionVerdict([1], claim('share < 0'))).toThrow(/share claimed/);
  });
});

describe('runs without a value', () => {
  const values = [...zeros(299), null, undefined, NaN];

  it('are left out and told', () => {
    expect(assertionVerdict(values, claim('p99 <= 0'))).toMatchObject({
      verdict: 'pass',
      n: 299,
      undefinedRuns: 3,
    });
    const none = assertionVerdict([null, null], claim('mean < 1'));
    expect(none).toMatchObject({ verdict: 'undecided', estimate: NaN, n: 0, undefinedRuns: 2 });
    expect(none.reason).toMatch(/undefined in every run/);
    expect(assertionVerdict([], claim('max < 1')).reason).toMatch(/no runs/);
  });

  it('may count against the claim', () => {
    const options = { undefinedRuns: 'violating' } as const;
    expect(assertionVerdict(values, claim('p99 <= 0'), options)).toMatchObject({
      verdict: 'undecided',
      n: 302,
    });
    expect(assertionVerdict(values, claim('max <= 0'), options).verdict).toBe('fail');
    expect(assertionVerdict(values, claim('min >= 0'), options).verdict).toBe('fail');
    expect(assertionVerdict(values, claim('mean <= 0'), options)).toMatchObject({
      verdict: 'undecided',
      reason: 'the mean is not finite',
    });
  });
});

describe('statistics by name', () => {
  it('are read to the nearest number', () => {
    expect(quantileOf('p99.9')).toBe(0.999);
    expect(quantileOf('p05')).toBe(0.05);
    expect(quantileOf('median')).toBe(0.5);
    for (const word of ['p0', 'p100', 'p', 'p-1', 'p1e1', 'mode', 'p9.'])
      expect(isStatistic(word)).toBe(false);
    for (const word of ['mean', 'min', 'max', 'share', 'p0.1', 'p7'])
      expect(isStatistic(word)).toBe(true);
  });
});

describe('looks', () => {
  it('double and end at the budget', () => {
    expect(looks(30, 300)).toEqual([30, 60, 120, 240, 300]);
    expect(looks(299, 299)).toEqual([299]);
    expect(() => looks(30, 20)).toThrow(/looks run/);
  });

  it('spend the error and no more', () => {
    expect(lookErrors([30, 60, 120, 240], 0.08)).toEqual([0.04, 0.02, 0.01, 0.01]);
    expect(lookErrors([30], 0.05)).toEqual([0.05]);
    for (const needed of [1, 40, 100, 1000]) {
      const parts = lookErrors(looks(30, 700), 0.05, () => needed);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(0.05, 15);
    }
  });

  it('leave p99 all the error where one look alone can pass it', () => {
    const plan = planLooks(claim('p99 <= 0'), { runsMin: 30, runsMax: 300 });
    const pass = plan.map(({ errors }) => errors.pass);
    expect(pass.slice(0, 4)).toEqual([0, 0, 0, 0]);
    expect(pass[4]).toBeCloseTo(0.05, 15);
    expect(plan[0].errors.fail).toBeCloseTo(0.025, 15);
    const last = plan[4];
    expect(assertionVerdict(zeros(300), claim('p99 <= 0'), { errors: last.errors }).verdict).toBe(
      'pass',
    );
    const alone = planLooks(claim('p99 <= 0'), { runsMin: 299, runsMax: 299 })[0];
    expect(assertionVerdict(zeros(299), claim('p99 <= 0'), { errors: alone.errors }).verdict).toBe(
      'pass',
    );
    expect(assertionVerdict(zeros(30), claim('p99 <= 0'), { errors: plan[0].errors }).verdict).toBe(
      'undecided',
    );
  });
});
