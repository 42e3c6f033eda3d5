/** Each fact passes on data that has it and fails on data that has not. */
import { describe, expect, it } from 'vitest';
import { exp, pow } from '../../sim/kernel/index.js';
import { type FactResult, type MarketRecord, scorecard, stylisedFacts } from '../../sim/stylised-facts/index.js';
import * as make from '../support/synthetic-market.js';

const N = 1400;

function judge(id: number, sample: readonly MarketRecord[]): FactResult {
  const fact = stylisedFacts.find((one) => one.id === id);
  if (fact === undefined) throw new Error(`no fact ${id}`);
  return fact.test(sample, { stream: make.streamOf(`judge/${id}`), resamples: 200 });
}

const white = make.runsOf('white', (s) => make.marketOf(make.gaussian(s, N)));
const t3 = make.runsOf('t3', (s) => make.marketOf(make.student(s, N, 3)));
const multi = make.runsOf('multi', (s) => make.marketOf(make.multifractal(s, N)));
const volatile = make.runsOf('garch', (s) => {
  const innovations = Float64Array.from({ length: N }, (_, i) => s.normal(0, 0, i));
  return make.marketOf(make.garch({ alpha: 0.1, beta: 0.88 }, innovations));
});
const forgetful = make.runsOf('forgetful', (s) => {
  const innovations = Float64Array.from({ length: N }, (_, i) => s.normal(0, 0, i));
  return make.marketOf(make.garch({ alpha: 0.45, beta: 0.2 }, innovations));
});

describe('facts of returns', () => {
  it('1: no linear autocorrelation in white noise; in AR(1) there is', () => {
    expect(judge(1, white).verdict).toBe('pass');
    for (const phi of [0.2, -0.4]) {
      const ar = make.runsOf(`ar${phi}`, (s) => make.marketOf(make.autoregressive(s, N, phi)));
      const { verdict, values } = judge(1, ar);
      expect(verdict).toBe('fail');
      expect(values[0].value).toBeCloseTo(phi, 1);
    }
    // A memory at lag 7 alone fails as well.
    const late = make.runsOf('late', (s) => {
      const x = make.gaussian(s, N);
      return make.marketOf(x.map((one, i) => one + 0.3 * (x[i - 7] ?? 0)));
    });
    expect(judge(1, late).verdict).toBe('fail');
    expect(judge(1, late).values[1].name).toContain('rho(7)');
  });

  it('1: pooled over five runs white noise passes, in one run it often fails at one lag of 18', () => {
    let pooled = 0;
    let single = 0;
    for (let k = 0; k < 30; k++) {
      const runs = make.runsOf(`w${k}`, (s) => make.marketOf(make.gaussian(s, 400)));
      if (judge(1, runs).verdict === 'pass') pooled++;
      if (judge(1, [runs[0]]).verdict === 'pass') single++;
    }
    expect(pooled).toBe(30);
    expect(single).toBeGreaterThan(5);
    expect(single).toBeLessThan(25);
  });

  it('2: tails of Student t(3) are heavy, uniform ones are not, Cauchy ones too heavy', () => {
    const { verdict, values } = judge(2, t3);
    expect(['pass', 'warn']).toContain(verdict);
    // R17: 2.67 at 5 % for t(3).
    expect(values[0].value).toBeGreaterThan(2.4);
    expect(values[0].value).toBeLessThan(2.95);
    expect(values[0].low).toBeLessThan(values[0].value);
    expect(values[0].high).toBeGreaterThan(values[0].value);
    const flat = make.runsOf('flat', (s) =>
      make.marketOf(Float64Array.from({ length: N }, (_, i) => 1e-3 * (s.uniform(0, 0, i) - 0.5))),
    );
    expect(judge(2, flat).verdict).toBe('fail');
    const cauchy = make.runsOf('cauchy', (s) => make.marketOf(make.student(s, N, 1)));
    expect(judge(2, cauchy).verdict).toBe('fail');
  });

  it('3: kurtosis of independent heavy tails falls with the horizon; of white noise or of days it does not', () => {
    const t5 = make.runsOf('t5', (s) => make.marketOf(make.student(s, N, 5)));
    expect(judge(3, t5).verdict).toBe('pass');
    expect(judge(3, white).verdict).toBe('fail');
    const days = make.runsOf('days', (s) => {
      const scale = exp(2 * s.normal(9, 9, 9));
      return make.marketOf(make.gaussian(s, N).map((x) => x * scale));
    });
    expect(judge(3, days).verdict).toBe('fail');
  });

  it('6: GARCH leaves the tails of heavy innovations, and none of bounded ones', () => {
    const heavy = make.runsOf('heavy', (s) => {
      const unit = make.student(s, N, 5).map((x) => x / 5e-4 / Math.sqrt(5 / 3));
      return make.marketOf(make.garch({ alpha: 0.08, beta: 0.88 }, unit));
    });
    const { verdict, values } = judge(6, heavy);
    expect(verdict).toBe('pass');
    expect(values[2].value).toBeCloseTo(0.08, 1);
    expect(values[3].value).toBeCloseTo(0.88, 1);
    const bounded = make.runsOf('bounded', (s) => {
      const unit = Float64Array.from({ length: N }, (_, i) => (s.uniform(0, 0, i) - 0.5) * Math.sqrt(12));
      return make.marketOf(make.garch({ alpha: 0.1, beta: 0.88 }, unit));
    });
    expect(judge(6, bounded).verdict).toBe('fail');
  });

  it('8: tells a skewed distribution from its mirror', () => {
    const skewed = make.runsOf('skew', (s) =>
      make.marketOf(Float64Array.from({ length: N }, (_, i) => 1e-3 * (1 - s.exponential(0, 0, i)))),
    );
    const [skewness, ratio] = judge(8, skewed).values;
    expect(skewness.value).toBeLessThan(-1.7);
    expect(skewness.value).toBeGreaterThan(-2.3);
    expect(ratio.value).toBeGreaterThan(3);
  });
});

describe('facts of volatility', () => {
  it('4: clusters in GARCH, not in white noise', () => {
    expect(judge(4, volatile).verdict).toBe('pass');
    expect(judge(4, white).verdict).toBe('fail');
    expect(judge(4, t3).verdict).toBe('fail');
  });

  it('5: decays slowly in a multifractal, fast or not at all elsewhere', () => {
    expect(judge(5, multi).verdict).toBe('pass');
    expect(judge(5, forgetful).verdict).toBe('fail');
    expect(judge(5, white).verdict).toBe('fail');
    expect(judge(5, make.runsOf('brief', (s) => make.marketOf(make.gaussian(s, 100)))).verdict).toBe(
      'not-applicable',
    );
    // Fluctuations of independent values grow as the root of the window.
    const h = judge(5, white).values.find((one) => one.name === 'H of |r|');
    expect(h?.value).toBeCloseTo(0.5, 1);
  });

  it('7: large moves come in bursts in GARCH', () => {
    expect(judge(7, volatile).verdict).toBe('pass');
    expect(judge(7, white).verdict).toBe('fail');
  });

  it('9: finds returns that raise later volatility', () => {
    const levered = make.runsOf('levered', (s) => {
      let scale = 1;
      return make.marketOf(
        make.gaussian(s, N).map((x) => {
          const r = scale * x;
          scale = exp(-200 * r) * Math.sqrt(scale);
          return r;
        }),
      );
    });
    expect(judge(9, levered).values[0].value).toBeLessThan(-0.02);
    expect(Math.abs(judge(9, white).values[0].value)).toBeLessThan(0.02);
  });

  it('10: volume goes with the size of returns or does not', () => {
    const joint = volatile.map((run, k) => ({
      ...run,
      volumeLots: run.volumeLots.map((_, i) => {
        const noise = make.streamOf(`v${k}`).exponential(0, 0, i);
        return noise + 2000 * Math.abs(run.midPrice[i + 1] / run.midPrice[i] - 1);
      }),
    }));
    const apart = volatile.map((run, k) => ({
      ...run,
      volumeLots: run.volumeLots.map((_, i) => make.streamOf(`v${k}`).exponential(0, 0, i)),
    }));
    expect(judge(10, joint).verdict).toBe('pass');
    expect(judge(10, apart).verdict).toBe('fail');
  });
});

describe('the scorecard', () => {
  it('lists 23 facts, of which eight must hold', () => {
    expect(stylisedFacts.map((one) => one.id)).toEqual(Array.from({ length: 23 }, (_, k) => k + 1));
    const must = stylisedFacts.filter((one) => one.tier === 'must').map((one) => one.id);
    expect(must).toEqual([1, 2, 3, 4, 5, 6, 10, 12]);
  });

  it('holds for a market that has all of them, not where one cannot be tested', () => {
    const whole = make.runsOf('whole', (s) => {
      // Factors of each minute alone: they go with the sum.
      const returns = make.multifractal(s, N).map((r, i) => r * (0.7 + 0.5 * s.exponential(5, 5, i)));
      const run = make.marketOf(returns);
      const volumeLots = run.volumeLots.map(
        (_, i) => 1 + 1000 * pow(Math.abs(run.midPrice[i + 1] / run.midPrice[i] - 1), 1),
      );
      return { ...run, volumeLots, takers: make.takersOf(make.splitSigns(s, 20_000, 3, 1.5)) };
    });
    const card = scorecard(whole, 100);
    const bad = card.rows.filter((row) => row.tier === 'must' && row.verdict === 'fail');
    expect(bad.map((row) => [row.id, row.values])).toEqual([]);
    expect(card.holds).toBe(true);
    expect(scorecard(whole, 100)).toEqual(card);
    const untold = whole.map((run) => ({ ...run, takers: make.takersOf(new Int8Array(0)) }));
    expect(scorecard(untold, 40).holds).toBe(false);
  });
});
