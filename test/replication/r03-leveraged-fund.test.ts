/** R03: leveraged and inverse funds: compounding, decay, flow near the close and its impact. */
import { describe, expect, it } from 'vitest';
import { leverageTarget } from '../../agents/scaling/index.js';
import { exp, log, RandomSource } from '../../sim/kernel/index.js';
import { Probe } from '../../sim/probe/index.js';

const DAY_MICROS = 86_400e6;

interface Fund {
  beta: number;
  barMicros?: number;
  equity?: number;
  params?: Record<string, number>;
}

function fundOf({ beta, barMicros = DAY_MICROS, equity = 100, params = {} }: Fund): Probe {
  return new Probe({
    strategy: leverageTarget, startPrice: 100, priceMax: 1000, equity, barMicros,
    params: { leverage: beta, slices: 1, ...params },
  });
}

/** Net asset value of a fund on a path of log returns. */
function walk(
  fund: Fund,
  returns: readonly number[],
): { nav: number; logReturn: number; variance: number } {
  const probe = fundOf(fund);
  let price = 100;
  let variance = 0;
  probe.step(price);
  for (const x of returns) {
    price *= exp(x);
    variance += x * x;
    probe.step(price);
  }
  return { nav: probe.valueOf('navQuote'), logReturn: log(price / 100), variance };
}

describe('compounding (Cheng & Madhavan 2009; Avellaneda & Zhang 2010)', () => {
  it.each([2, 3, -1, -2, -3])('follows the closed form, 20 rebalances a day, beta = %d', (beta) => {
    const perDay = 20;
    const steps = 252 * perDay;
    const [riskFree, fee] = [0.03, 0.0095];
    const draws = new RandomSource(3).stream('r03/path');
    for (let path = 0; path < 4; path++) {
      const returns = Array.from(
        { length: steps }, (_, k) => (0.3 / Math.sqrt(steps)) * draws.normal(path, 0, k),
      );
      const params = { riskFree, fee, daysPerYear: 252 };
      const fund = { beta, barMicros: DAY_MICROS / perDay, params };
      const { nav, logReturn, variance } = walk(fund, returns);
      const carry = (1 - beta) * riskFree - fee;
      const want = 100 * exp(beta * logReturn + carry - ((beta * beta - beta) / 2) * variance);
      expect(Math.abs(nav / want - 1)).toBeLessThan(0.0012);
    }
  });

  it.each([[2, 0.913931], [-1, 0.913931], [3, 0.763379], [-2, 0.763379], [-3, 0.582748]])(
    'decays on a flat path of volatility 30 %: beta = %d keeps %d', (beta, kept) => {
      const steps = 10_000;
      const move = 0.3 / Math.sqrt(steps);
      const returns = Array.from({ length: steps }, (_, k) => (k % 2 === 0 ? move : -move));
      const { nav, logReturn, variance } = walk({ beta }, returns);
      expect(Math.abs(logReturn)).toBeLessThan(1e-9);
      expect(variance).toBeCloseTo(0.09, 9);
      expect(Math.abs(nav / 100 / kept - 1)).toBeLessThan(1e-4);
    },
  );
});

describe('the rebalancing flow', () => {
  it.each([[2, -10e6], [3, -30e6], [-1, -10e6], [-2, -30e6], [-3, -60e6]])(
    'after -5 %% on 100 million, beta = %d: %d', (beta, flow) => {
      const probe = fundOf({ beta, equity: 100e6 });
      probe.step(100);
      const step = probe.step(95);
      expect(Math.abs(step.orderUnits * 95 - flow)).toBeLessThan(1e-6 * Math.abs(flow));
      expect(probe.valueOf('tradedQuote')).toBeCloseTo(step.orderUnits * 95, 3);
    },
  );

  it.each([[2, 1.25], [3, 2.5], [-2, 2.5]])(
    'amplifies a closing move by 1/(1 - its loop gain): beta = %d by %d', (beta, times) => {
      const probe = fundOf({ beta });
      probe.step(100);
      const impact = 0.1 / 100;
      const news = -0.02;
      let move = news;
      for (let k = 0; k < 80; k++) move = news + impact * probe.wouldTrade(100 * (1 + move));
      expect(move / news).toBeCloseTo(times, 9);
    },
  );

  it('has no closing price where the loop gain passes one', () => {
    const probe = fundOf({ beta: -3 });
    probe.step(100);
    const moves = [-0.0001];
    for (let k = 0; k < 20; k++) {
      moves.push(-0.0001 + (0.1 / 100) * probe.wouldTrade(100 * (1 + moves[k])));
    }
    for (let k = 1; k < moves.length - 1; k++) {
      expect((moves[k + 1] - moves[k]) / (moves[k] - moves[k - 1])).toBeCloseTo(1.2, 6);
    }
  });
});
