/** R15: choice of rules, herding, budget-constrained chance, and clusters, against published laws. */
import { describe, expect, it } from 'vitest';
import { strategyNamed } from '../../agents/index.js';
import { logitShare } from '../../agents/signal/index.js';
import { RandomSource } from '../../sim/kernel/index.js';
import { StrategyBench } from '../support/strategy-bench.js';

/** Numbers in (0, 1), one after the other. */
function dice(seed: number): () => number {
  const stream = new RandomSource(seed).stream('replication');
  let drawn = 0;
  return () => stream.uniformOpen(0, 0, drawn++);
}

describe('Brock & Hommes 1998: fundamentalists against trend followers', () => {
  const R = 1.1;
  const g = 1.2;
  const C = 1;

  /** Iterates R x' = n2 g x with the strategy's own shares; returns the last `kept` deviations. */
  function iterate(intensity: number, turns: number, kept: number): number[] {
    let [x, x1, x2] = [0.1, 0.1, 0.1];
    const last: number[] = [];
    for (let t = 0; t < turns; t++) {
      // Profits made since the forecasts of three turns ago, known when the price is set.
      const excess = x - R * x1;
      const fundamental = excess * (0 - R * x1) - C;
      const trend = excess * (g * x2 - R * x1);
      const next = ((1 - logitShare(intensity, fundamental, trend)) * g * x) / R;
      [x, x1, x2] = [next, x, x1];
      if (t >= turns - kept) last.push(x);
    }
    return last;
  }

  it.each([0, 1, 2, 2.38])('keeps to fundamentals below the pitchfork: intensity %d', (beta) => {
    expect(Math.abs(iterate(beta, 20_000, 1)[0])).toBeLessThan(1e-6);
  });

  it.each([
    [2.45, 0.420983],
    [2.6, 0.804843],
    [3, 1.293257],
    [3.3, 1.509318],
  ])('settles on the upper branch beyond it: intensity %d at %d', (beta, published) => {
    const closed = Math.sqrt((Math.log(R / g / (1 - R / g)) / beta - C) / ((1 - R) * g));
    expect(closed).toBeCloseTo(published, 5);
    for (const x of iterate(beta, 60_000, 100)) expect(x).toBeCloseTo(published, 5);
  });

  it('bifurcates at ln(R / (g - R)) / C', () => {
    const pitchfork = Math.log(R / (g - R)) / C;
    expect(pitchfork).toBeCloseTo(2.397895, 6);
    expect(Math.abs(iterate(pitchfork - 0.01, 60_000, 1)[0])).toBeLessThan(1e-3);
    expect(iterate(pitchfork + 0.01, 60_000, 1)[0]).toBeGreaterThan(0.1);
  });

  it('cycles at 3.6', () => {
    const late = iterate(3.6, 20_000, 500);
    expect(Math.max(...late) - Math.min(...late)).toBeGreaterThan(0.1);
    expect(Math.max(...late)).toBeLessThan(10);
  });
});

describe('Kirman 1993; Alfarano, Lux & Wagner 2005: opinions of 50 herders', () => {
  const N = 50;
  /** Rate a bar at which one is won over by everybody. */
  const RATE = 0.2;

  /** Walks one crowd; returns the number of optimists at each bar. */
  function crowd(own: number, herding: number, bars: number, seed: number): Int32Array {
    const bench = new StrategyBench(strategyNamed('herding'), {
      count: N, params: { ownRate: own, herdingRate: herding }, seed, periodMicros: 1,
    });
    bench.show(10_000);
    for (const i of bench.everyone) bench.setEquity(100, 10_000, i);
    bench.start();
    bench.batch.cohortCount = N;
    const optimists = new Int32Array(bars);
    const { rowLength, at } = bench.strategy;
    for (let t = 0; t < bars; t++) {
      let sum = 0;
      for (let i = 0; i < N; i++) sum += bench.rows[i * rowLength + at.opinion];
      optimists[t] = (sum + N) / 2;
      bench.batch.crowdSum.fill(sum, 0, N);
      bench.batch.time.fill(t, 0, N);
      if (t === 0) bench.decide(0);
      else {
        bench.batch.clearOutputs();
        bench.strategy.decide(bench.batch);
      }
    }
    return optimists;
  }

  /** Mean and variance over crowds, with their standard errors. */
  function moments(own: number, herding: number, bars: number, crowds: number) {
    const means: number[] = [];
    const spreads: number[] = [];
    let modes = 0;
    for (let seed = 1; seed <= crowds; seed++) {
      const n = crowd(own, herding, bars, seed);
      let first = 0;
      let second = 0;
      for (const k of n) {
        first += k - N / 2;
        second += (k - N / 2) ** 2;
        if (Math.abs(k - N / 2) > 0.4 * N) modes++;
      }
      means.push(first / n.length);
      spreads.push(second / n.length);
    }
    const mean = (list: number[]) => list.reduce((a, b) => a + b, 0) / list.length;
    const error = (list: number[]) =>
      Math.sqrt(list.reduce((a, b) => a + (b - mean(list)) ** 2, 0) / list.length / (list.length - 1));
    return {
      mean: mean(means),
      meanError: error(means),
      variance: mean(spreads),
      varianceError: error(spreads),
      /** Time spent in the outer tenths on both ends. */
      outer: modes / (bars * crowds),
    };
  }

  /** Chances of 0, 1, ... successes in n trials. */
  function binomial(n: number, p: number): number[] {
    let law = [1];
    for (let k = 0; k < n; k++) {
      const next = new Array<number>(law.length + 1).fill(0);
      law.forEach((chance, j) => {
        next[j] += chance * (1 - p);
        next[j + 1] += chance * p;
      });
      law = next;
    }
    return law;
  }

  /**
   * Variance of optimists in the long run when all decide at once, each with the chance
   * 1 - exp(-(own + herding x others)): the fixed point of the 51 x 51 transition matrix.
   */
  function discreteVariance(own: number, herding: number): number {
    const chance = (others: number) => -Math.expm1(-(own + herding * others));
    let step = Array.from({ length: N + 1 }, (_, n) => {
      const row = new Array<number>(N + 1).fill(0);
      const stay = binomial(n, 1 - chance(N - n));
      const come = binomial(N - n, chance(n));
      stay.forEach((p, j) => {
        come.forEach((q, k) => {
          row[j + k] += p * q;
        });
      });
      return row;
    });
    for (let k = 0; k < 30; k++) {
      const last = step;
      step = last.map((row) =>
        row.map((_, m) => row.reduce((sum, p, j) => sum + p * last[j][m], 0)),
      );
    }
    return step[0].reduce((sum, p, n) => sum + p * (n - N / 2) ** 2, 0);
  }

  const cases = [0.25, 0.5, 1, 2, 5];
  const closed = (a: number) => (N * (2 * a + N)) / (4 * (2 * a + 1));
  const found = new Map<number, ReturnType<typeof moments>>();

  it.each([
    [0.25, 420.8],
    [0.5, 318.8],
    [1, 216.7],
    [2, 135],
    [5, 68.2],
  ])('tends to the beta-binomial as bars shrink: a = %d, variance %d', (a, published) => {
    expect(Math.abs(closed(a) - published)).toBeLessThan(0.06);
    const gap = (rate: number) => {
      const herding = rate / (N + a);
      return discreteVariance(a * herding, herding) / closed(a) - 1;
    };
    expect(Math.abs(gap(0.001))).toBeLessThan(0.003);
    // The error is of first order in the rate.
    expect(gap(0.002) / gap(0.001)).toBeCloseTo(2, 1);
  });

  it.each(cases)('walks as its law says: a = %d', (a) => {
    const herding = RATE / (N + a);
    const law = discreteVariance(a * herding, herding);
    // Correlations fade with rate 2 a h: twelve crowds of 40 such times.
    const bars = Math.ceil(40 / (2 * a * herding));
    const result = moments(a * herding, herding, bars, 12);
    found.set(a, result);
    const { mean, meanError, variance, varianceError } = result;
    expect(Math.abs(mean)).toBeLessThan(4 * meanError);
    expect(varianceError).toBeLessThan(0.1 * law);
    expect(Math.abs(variance - law)).toBeLessThan(Math.max(4 * varianceError, 0.02 * law));
  });

  it('is bimodal below a = 1, and less wide the larger a', () => {
    const wide = cases.map((a) => found.get(a)?.variance ?? NaN);
    for (let k = 1; k < wide.length; k++) expect(wide[k]).toBeLessThan(wide[k - 1]);
    // A uniform distribution (a = 1) spends 10 of 51 states in the outer tenths.
    expect(found.get(0.25)?.outer).toBeGreaterThan(0.3);
    expect(found.get(5)?.outer).toBeLessThan(0.02);
  });

  it('is binomial without herding', () => {
    const { mean, meanError, variance, varianceError } = moments(0.05, 0, 2000, 12);
    expect(Math.abs(mean)).toBeLessThan(4 * meanError);
    expect(Math.abs(variance - N / 4)).toBeLessThan(Math.max(4 * varianceError, 0.3));
  });
});

describe('Gode & Sunder 1993: budget-constrained chance in a double auction', () => {
  const TRADERS = 25;
  const PRICE_MAX = 200;

  /** Share of the possible surplus that one session of random quotes finds. */
  function efficiency(constrained: boolean, roll: () => number): number {
    const values = Array.from({ length: TRADERS }, (_, k) => PRICE_MAX * (1 - k / TRADERS));
    const costs = Array.from({ length: TRADERS }, (_, k) => (PRICE_MAX * k) / TRADERS);
    let most = 0;
    for (let k = 0; k < TRADERS; k++) most += Math.max(values[k] - costs[k], 0);
    let surplus = 0;
    let bid = { price: -Infinity, trader: -1 };
    let ask = { price: Infinity, trader: -1 };
    for (let turn = 0; turn < 20_000 && values.length > 0; turn++) {
      const trader = Math.floor(roll() * values.length);
      if (roll() < 0.5) {
        const price = roll() * (constrained ? values[trader] : PRICE_MAX);
        if (price > bid.price) bid = { price, trader };
      } else {
        const low = constrained ? costs[trader] : 0;
        const price = low + roll() * (PRICE_MAX - low);
        if (price < ask.price) ask = { price, trader };
      }
      if (bid.price < ask.price) continue;
      surplus += values[bid.trader] - costs[ask.trader];
      values.splice(bid.trader, 1);
      costs.splice(ask.trader, 1);
      bid = { price: -Infinity, trader: -1 };
      ask = { price: Infinity, trader: -1 };
    }
    return surplus / most;
  }

  it('finds nearly all of the surplus with a budget, and strictly less without', () => {
    const roll = dice(1993);
    const sessions = 200;
    let withBudget = 0;
    let without = 0;
    for (let k = 0; k < sessions; k++) {
      withBudget += efficiency(true, roll) / sessions;
      without += efficiency(false, roll) / sessions;
    }
    expect(withBudget).toBeGreaterThan(0.93);
    expect(withBudget).toBeLessThan(1);
    expect(without).toBeLessThan(withBudget - 0.05);
  });
});

describe('Cont & Bouchaud 2000: clusters that trade as one', () => {
  const N = 400;
  const ACTIVE = 0.01;

  /** Sums of squares and fourth powers of the cluster sizes of one random graph. */
  function clusters(c: number, roll: () => number): { squares: number; fourths: number } {
    const parent = Array.from({ length: N }, (_, k) => k);
    const root = (k: number): number => {
      let top = k;
      while (parent[top] !== top) top = parent[top];
      parent[k] = top;
      return top;
    };
    const log = Math.log(1 - c / N);
    // Skips from link to link of the pairs in order.
    for (let pair = -1; ; ) {
      pair += 1 + Math.floor(Math.log(roll()) / log);
      if (pair >= (N * (N - 1)) / 2) break;
      const i = Math.floor((1 + Math.sqrt(1 + 8 * pair)) / 2);
      parent[root(i)] = root(pair - (i * (i - 1)) / 2);
    }
    const sizes = new Float64Array(N);
    for (let k = 0; k < N; k++) sizes[root(k)]++;
    let squares = 0;
    let fourths = 0;
    for (const s of sizes) {
      squares += s * s;
      fourths += s * s * s * s;
    }
    return { squares, fourths };
  }

  /** Excess kurtosis of returns: exact given a graph, averaged over graphs. */
  function kurtosis(c: number, graphs: number, roll: () => number): number {
    let second = 0;
    let fourth = 0;
    const moves = 2 * ACTIVE;
    for (let k = 0; k < graphs; k++) {
      const { squares, fourths } = clusters(c, roll);
      second += (moves * squares) / graphs;
      fourth += (moves * fourths + 3 * moves * moves * (squares * squares - fourths)) / graphs;
    }
    return fourth / (second * second) - 3;
  }

  it('has fatter tails the nearer the graph is to percolation', () => {
    const roll = dice(2000);
    const [low, half, high, near] = [0.2, 0.5, 0.8, 0.95].map((c) => kurtosis(c, 1500, roll));
    expect(low).toBeLessThan(half);
    expect(half).toBeLessThan(high);
    expect(high).toBeLessThan(near);
    expect(high).toBeGreaterThan(10);
  });
});
