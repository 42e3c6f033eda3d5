/** How often intervals cover the truth, and how often verdicts are wrong, by simulation. */
import { describe, expect, it } from 'vitest';
import { exp, normalCdf, RandomSource } from '../../sim/kernel/index.js';
import { sorted, wilsonShare } from '../../sim/metrics/index.js';
import {
  type Assertion,
  assertionVerdict,
  bcaInterval,
  bcaOf,
  exactShare,
  meanInterval,
  planLooks,
  quantileInterval,
  shareInterval,
} from '../../sim/statistics/index.js';

const stream = new RandomSource(17).stream('coverage');
const sample = (n: number, draw: (i: number) => number): number[] =>
  Array.from({ length: n }, (_, i) => draw(i));
const normals = (round: number, n: number, purpose: number): number[] =>
  sample(n, (i) => stream.normal(round, i, purpose));

/** Share of rounds whose interval holds the truth. */
function coverage(
  rounds: number,
  truth: number,
  interval: (round: number) => { low: number; high: number },
): number {
  let covered = 0;
  for (let round = 0; round < rounds; round++) {
    const { low, high } = interval(round);
    if (low <= truth && truth <= high) covered++;
  }
  return covered / rounds;
}

describe('intervals of nominal 95 %', () => {
  it("Student's covers a normal mean .95 of the time", () => {
    const found = coverage(3000, 0, (round) => meanInterval(normals(round, 10, 1)));
    // Standard error .004.
    expect(Math.abs(found - 0.95)).toBeLessThan(0.012);
  });

  it("Wilson's and the exact one cover a share", () => {
    const hits = (round: number): number =>
      sample(40, (i) => stream.uniform(round, i, 2)).filter((u) => u < 0.1).length;
    const wilson = coverage(3000, 0.1, (round) => wilsonShare(hits(round), 40));
    // What the binomial law makes it: .944 at n = 40, p = .1.
    expect(Math.abs(wilson - 0.944)).toBeLessThan(0.013);
    expect(shareInterval(4, 40)).toMatchObject({ low: wilsonShare(4, 40).low });
    expect(coverage(1000, 0.1, (round) => exactShare(hits(round), 40))).toBeGreaterThan(0.95);
  });

  it('order statistics cover a quantile, of a law with atoms too', () => {
    const skewed = (round: number): number[] => normals(round, 60, 3).map(exp);
    const found = coverage(2000, exp(0.67448975), (round) =>
      quantileInterval(sorted(skewed(round)), 0.75),
    );
    expect(found).toBeGreaterThan(0.94);
    expect(found).toBeLessThan(0.99);
    // P(0) = .7, P(1) = .2, P(2) = .1: the .9-quantile is 1, the least x with F(x) >= .9.
    const atoms = (round: number): number[] =>
      sample(60, (i) => stream.uniform(round, i, 4)).map((u) => (u < 0.7 ? 0 : u < 0.9 ? 1 : 2));
    expect(
      coverage(1000, 1, (round) => quantileInterval(sorted(atoms(round)), 0.9)),
    ).toBeGreaterThan(0.95);
  });

  it('BCa covers the mean of a skewed sample', () => {
    const mean = (values: Float64Array): number =>
      values.reduce((sum, x) => sum + x, 0) / values.length;
    const found = coverage(400, 1, (round) => {
      const values = sample(30, (i) => stream.exponential(round, i, 5));
      return bcaOf(values, mean, { stream: new RandomSource(round).stream('bca'), resamples: 600 });
    });
    // About .93 for n = 30 (standard error .013).
    expect(found).toBeGreaterThan(0.895);
    expect(found).toBeLessThan(0.965);
  });
});

describe('BCa', () => {
  // Efron & Tibshirani 1993, tables 14.1 and 14.2: 26 scores, whose plug-in variance is 171.5.
  const scores = [
    48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30,
    41,
  ];
  const plugIn = (values: ArrayLike<number>): number => {
    let [sum, squares] = [0, 0];
    for (let i = 0; i < values.length; i++) sum += values[i];
    for (let i = 0; i < values.length; i++)
      squares += (values[i] - sum / values.length) * (values[i] - sum / values.length);
    return squares / values.length;
  };
  const options = (seed: number) => ({ stream: new RandomSource(seed).stream('bca') });

  it('gives the published interval of a variance, 115.8 to 259.6', () => {
    const found = bcaOf(scores, plugIn, { ...options(1), resamples: 8000, confidence: 0.9 });
    expect(found.value).toBeCloseTo(171.5, 1);
    expect(found.method).toBe('bca');
    expect(Math.abs(found.low - 115.8)).toBeLessThan(4);
    expect(Math.abs(found.high - 259.6)).toBeLessThan(6);
  });

  it('draws pairs and clusters whole', () => {
    const [a, b] = [
      [1, 2, 3, 4, 5, 6],
      [2, 4, 6, 8, 10, 12],
    ];
    const ratio = (rows: Int32Array): number => {
      let [above, below] = [0, 0];
      for (const row of rows) [above, below] = [above + b[row], below + a[row]];
      return above / below;
    };
    expect(bcaInterval(6, ratio, options(1))).toMatchObject({ value: 2, low: 2, high: 2 });
  });

  it('repeats, and depends on its stream', () => {
    const of = (seed: number) => bcaOf(scores, plugIn, { ...options(seed), resamples: 200 });
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });

  it('falls back where nothing varies, and says where there is nothing', () => {
    expect(bcaOf([3, 3, 3, 3], plugIn, options(1))).toMatchObject({
      low: 0,
      high: 0,
      method: 'percentile',
    });
    expect(bcaOf([3], plugIn, options(1))).toMatchObject({
      value: 0,
      low: NaN,
      high: NaN,
      method: 'none',
    });
    expect(bcaOf([], plugIn, options(1)).method).toBe('none');
    const some = bcaOf([1, 2, 3], (x) => (x[0] === 3 ? NaN : x[0]), {
      ...options(1),
      resamples: 300,
    });
    expect(some.undefinedResamples).toBeGreaterThan(60);
    expect(some.undefinedResamples).toBeLessThan(140);
  });
});

describe('verdicts over looks', () => {
  /** Share of rounds that end with each verdict. */
  function verdicts(
    assertion: Assertion,
    rounds: number,
    draw: (round: number, i: number) => number,
  ) {
    const plan = planLooks(assertion, { runsMin: 30, runsMax: 240 });
    const shares = { pass: 0, fail: 0, undecided: 0 };
    for (let round = 0; round < rounds; round++) {
      const values = sample(240, (i) => draw(round, i));
      let verdict: keyof typeof shares = 'undecided';
      for (const { runs, errors } of plan) {
        ({ verdict } = assertionVerdict(values.slice(0, runs), assertion, { errors }));
        if (verdict !== 'undecided') break;
      }
      shares[verdict] += 1 / rounds;
    }
    return shares;
  }

  it('are wrong about a mean in at most 5 %, at the threshold itself', () => {
    const found = verdicts({ statistic: 'mean', operator: '<', threshold: 0 }, 800, (r, i) =>
      stream.normal(r, i, 6),
    );
    // Passing is wrong, failing right; both ends are as likely. Standard error .008.
    expect(found.pass).toBeLessThan(0.05);
    expect(found.pass).toBeGreaterThan(0.015);
    expect(found.fail).toBeLessThan(0.05);
    expect(found.undecided).toBeGreaterThan(0.9);
  });

  it('would be wrong more often were all the error spent at each look', () => {
    let wrong = 0;
    const assertion = { statistic: 'mean', operator: '<', threshold: 0 } as const;
    for (let round = 0; round < 400; round++) {
      const values = sample(240, (i) => stream.normal(round, i, 6));
      const runs = [30, 60, 120, 240];
      if (runs.some((n) => assertionVerdict(values.slice(0, n), assertion).verdict === 'pass'))
        wrong++;
    }
    expect(wrong / 400).toBeGreaterThan(0.08);
  });

  it('are seldom wrong about a skewed mean, where Student alone would be', () => {
    const draw = (r: number, i: number): number => stream.exponential(r, i, 10);
    const found = verdicts({ statistic: 'mean', operator: '<', threshold: 1 }, 500, draw);
    // .038 in the long run (standard error .007); Student's bounds .10.
    expect(found.pass).toBeLessThan(0.06);
    expect(found.fail).toBeLessThan(0.05);
  });

  it('are wrong about a quantile in at most 5 %, and right when it is clear', () => {
    const uniform = (r: number, i: number): number => stream.uniform(r, i, 7);
    expect(
      verdicts({ statistic: 'p90', operator: '<=', threshold: 0.89999 }, 800, uniform).pass,
    ).toBeLessThan(0.05);
    expect(
      verdicts({ statistic: 'p90', operator: '<=', threshold: 0.9 }, 800, uniform).fail,
    ).toBeLessThan(0.05);
    expect(
      verdicts({ statistic: 'p90', operator: '<=', threshold: 0.99 }, 100, uniform).pass,
    ).toBeGreaterThan(0.95);
    expect(
      verdicts({ statistic: 'median', operator: '>', threshold: 0.7 }, 100, uniform).fail,
    ).toBeCloseTo(1, 12);
  });

  it('miss a loss of one run in ten, which a mean of zeros hides, in at most 5 %', () => {
    const rare = (r: number, i: number): number => (stream.uniform(r, i, 8) < 0.1 ? 100 : 0);
    const found = verdicts({ statistic: 'mean', operator: '<=', threshold: 0 }, 1000, rare);
    // .9^30 = .042 of all samples of 30 are zeros throughout.
    expect(found.pass).toBeLessThan(0.055);
    expect(found.fail).toBeGreaterThan(0.85);
  });

  it('on a mean far from the threshold come at the first look', () => {
    const found = verdicts(
      { statistic: 'mean', operator: '<', threshold: normalCdf(0) },
      50,
      (r, i) => stream.normal(r, i, 9) - 1,
    );
    expect(found.pass).toBeCloseTo(1, 12);
  });
});
