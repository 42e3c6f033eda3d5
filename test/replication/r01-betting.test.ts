/** Kelly betting, gambler's ruin and the martingales: closed forms, and the rules themselves. */
import { describe, expect, it } from 'vitest';
import { strategyNamed } from '../../agents/index.js';
import { exp, log, pow, RandomSource } from '../../sim/kernel/index.js';
import { Probe, probeOutcomes } from '../../sim/probe/index.js';

/** Growth per bet of the fraction f of wealth at odds b to 1: Kelly 1956. */
function growthOf(f: number, p: number, b: number): number {
  return p * log(1 + b * f) + (1 - p) * log(1 - f);
}

/** The fraction of fastest growth. */
function kellyOf(p: number, b: number): number {
  return (p * (b + 1) - 1) / b;
}

/**
 * Growth per bet of the constant-mix rule on a path that wins and loses exactly as often as its
 * odds say: a return of h b or -h, at f / h times its equity, is a bet of f.
 */
function growthOfRule(f: number, wins: number, losses: number, b: number): number {
  const h = 0.01;
  const probe = new Probe({
    strategy: strategyNamed('constant-mix'),
    startPrice: 100,
    priceMax: 100 * pow(1 + b * h, wins),
    params: { share: f / h },
  });
  let price = 100;
  probe.step(price);
  const bets = wins + losses;
  for (let k = 0, won = 0; k < bets; k++) {
    // Spread evenly over the path.
    const wants = Math.floor(((k + 1) * wins) / bets);
    price *= wants > won ? 1 + b * h : 1 - h;
    won = wants;
    probe.step(price);
  }
  return log(probe.equityOf() / 100_000) / bets;
}

describe('the Kelly fraction', () => {
  it('is .2 at p = .6, even money, and .1 at 2 to 1, p = .4', () => {
    expect(kellyOf(0.6, 1)).toBeCloseTo(0.2, 12);
    expect(kellyOf(0.4, 2)).toBeCloseTo(0.1, 12);
    expect(growthOf(0.1, 0.4, 2)).toBeCloseTo(0.00971231, 8);
  });

  it.each([[0.1, 0.0150419], [0.2, 0.0201355], [0.3, 0.0147486], [0.4, -0.0024469]])(
    'grows at the stated rate with %d of wealth, in closed form and by the constant-mix rule',
    (f, growth) => {
      expect(growthOf(f, 0.6, 1)).toBeCloseTo(growth, 7);
      expect(growthOfRule(f, 6, 4, 1)).toBeCloseTo(growthOf(f, 0.6, 1), 9);
    },
  );

  it('is where the rule grows fastest', () => {
    for (const [wins, losses, b] of [[6, 4, 1], [4, 6, 2]]) {
      const f = kellyOf(wins / 10, b);
      const best = growthOfRule(f, wins, losses, b);
      expect(best).toBeCloseTo(growthOf(f, wins / 10, b), 9);
      for (const other of [0.5 * f, 0.95 * f, 1.05 * f, 1.5 * f]) {
        expect(growthOfRule(other, wins, losses, b)).toBeLessThan(best);
      }
    }
  });

  it('has a growth of zero at f = .389391', () => {
    let [low, high] = [0.2, 0.6];
    for (let k = 0; k < 60; k++) {
      const middle = (low + high) / 2;
      if (growthOf(middle, 0.6, 1) > 0) low = middle;
      else high = middle;
    }
    expect(low).toBeCloseTo(0.389391, 6);
    expect(growthOfRule(low, 6, 4, 1)).toBeCloseTo(0, 9);
  });

  it.each([0.25, 0.5, 1, 1.5, 2])('grows c (2 - c) as fast at the part c = %d of it', (c) => {
    // Small bets, where the continuous law holds: an edge of 1 %.
    const full = growthOfRule(0.01, 505, 495, 1);
    expect(full).toBeCloseTo(0.5e-4, 8);
    expect(growthOfRule(0.01 * c, 505, 495, 1) / full).toBeCloseTo(c * (2 - c), 3);
  });
});

/**
 * Share of paths of wealth at the part c of Kelly that reach the level `low` before `high`.
 *
 * In units where the asset's Sharpe ratio is 1, log wealth drifts c - c^2/2 with volatility c; what
 * crosses a level between two steps is drawn from the Brownian bridge, so steps may be long.
 */
function reachShare(
  c: number, levels: { low: number; high: number }, step: number, paths: number,
): number {
  const stream = new RandomSource(20200312).stream(`drawdown/${c}`);
  const low = log(levels.low);
  const high = log(levels.high);
  const drift = (c - (c * c) / 2) * step;
  const sd = c * Math.sqrt(step);
  let reached = 0;
  for (let path = 0; path < paths; path++) {
    let x = 0;
    for (let k = 0; ; k++) {
      const next = x + drift + sd * stream.normal(path, 0, k);
      const touch = (level: number): number =>
        (x - level) * (next - level) <= 0
          ? 1
          : exp((-2 * (x - level) * (next - level)) / (sd * sd));
      if (stream.uniform(path, 1, k) < touch(low)) {
        reached++;
        break;
      }
      if (stream.uniform(path, 2, k) < touch(high)) break;
      x = next;
    }
  }
  return reached / paths;
}

describe('drawdowns at a part c of Kelly', () => {
  it.each([[0.5, 0.5, 0.125], [1, 0.5, 0.5], [1.5, 0.5, 0.7937], [0.25, 0.8, 0.2097]])(
    'c = %d: wealth ever falls to %d with probability %d = x^(2/c - 1)',
    (c, x, stated) => {
      const power = 2 / c - 1;
      const law = pow(x, power);
      expect(law).toBeCloseTo(stated, 4);
      // Above this level a return to x has a probability of 1e-6.
      const high = x * pow(1e6, 1 / power);
      const paths = 10_000;
      const share = reachShare(c, { low: x, high }, 1, paths);
      expect(Math.abs(share - law)).toBeLessThan(4 * Math.sqrt((law * (1 - law)) / paths));
    },
  );

  it.each([[0.5, 0.8889], [1, 0.6667], [1.5, 0.5575]])(
    'c = %d: wealth doubles before it halves with probability %d',
    (c, stated) => {
      const law = 1 / (1 + pow(0.5, 2 / c - 1));
      expect(law).toBeCloseTo(stated, 4);
      const paths = 10_000;
      // Short steps: a bridge that touches both levels is too rare to matter.
      const share = 1 - reachShare(c, { low: 0.5, high: 2 }, 0.01 / (c * c), paths);
      expect(Math.abs(share - law)).toBeLessThan(4 * Math.sqrt((law * (1 - law)) / paths));
    },
  );
});

describe("the gambler's ruin", () => {
  /** Probability of ruin and expected bets from i of N, by the closed form of Feller 1968, XIV. */
  function closed(i: number, n: number, p: number): { ruin: number; bets: number } {
    if (p === 0.5) return { ruin: 1 - i / n, bets: i * (n - i) };
    const ratio = (1 - p) / p;
    const won = (1 - pow(ratio, i)) / (1 - pow(ratio, n));
    return { ruin: 1 - won, bets: (i - n * won) / (1 - 2 * p) };
  }

  /** The same by carrying the distribution forward, bet by bet. */
  function carried(i: number, n: number, p: number): { ruin: number; bets: number } {
    let mass = new Float64Array(n + 1);
    mass[i] = 1;
    let bets = 0;
    for (let k = 0; k < 20_000; k++) {
      const next = new Float64Array(n + 1);
      next[0] = mass[0];
      next[n] = mass[n];
      for (let w = 1; w < n; w++) {
        bets += mass[w];
        next[w + 1] += p * mass[w];
        next[w - 1] += (1 - p) * mass[w];
      }
      mass = next;
    }
    return { ruin: mass[0], bets };
  }

  const cases = [[0.5, 0.5, 100], [0.49, 0.5987, 98.7], [0.45, 0.881499, 76.3]];

  it.each(cases)('p = %d: ruined from 10 of 20 with %d, after %d bets', (p, ruin, bets) => {
    const law = closed(10, 20, p);
    expect(law.ruin).toBeCloseTo(ruin, 6);
    expect(Math.abs(law.bets - bets)).toBeLessThan(0.005);
    const exact = carried(10, 20, p);
    expect(exact.ruin).toBeCloseTo(law.ruin, 9);
    expect(exact.bets).toBeCloseTo(law.bets, 7);
  });

  it.each(cases)('p = %d: so do 10,000 gamblers', (p, ruin, bets) => {
    const stream = new RandomSource(1).stream(`ruin/${p}`);
    const gamblers = 10_000;
    let ruined = 0;
    let sum = 0;
    let squares = 0;
    for (let gambler = 0; gambler < gamblers; gambler++) {
      let wealth = 10;
      let k = 0;
      for (; wealth > 0 && wealth < 20; k++) wealth += stream.uniform(gambler, 0, k) < p ? 1 : -1;
      if (wealth === 0) ruined++;
      sum += k;
      squares += k * k;
    }
    const mean = sum / gamblers;
    const error = Math.sqrt((squares / gamblers - mean * mean) / gamblers);
    expect(Math.abs(mean - bets)).toBeLessThan(4 * error);
    expect(Math.abs(ruined / gamblers - ruin)).toBeLessThan(
      4 * Math.sqrt((ruin * (1 - ruin)) / gamblers),
    );
  });
});

/** What a whole round of bets wins, in base stakes, through the rule itself. */
function wonByRule(name: string, limit: string, k: number, outcomes: number[]): number {
  const riskFraction = 1e-4;
  const { end } = probeOutcomes(
    {
      strategy: strategyNamed(name),
      startPrice: 100,
      priceMax: 100,
      params: { riskFraction, [limit]: k },
    },
    outcomes,
  );
  return (end.equityQuote - 100_000) / (riskFraction * 100_000);
}

/** Expected base stakes of a round that `ending` ends at once, else after k bets without one. */
function expectedOf(name: string, limit: string, k: number, p: number, ending: number): number {
  const going = ending === 1 ? 1 - p : p;
  let expected = 0;
  for (let bets = 1; bets <= k; bets++) {
    const before = Array.from({ length: bets - 1 }, () => 1 - ending);
    const ends = wonByRule(name, limit, k, [...before, ending]);
    expected += pow(going, bets - 1) * (1 - going) * ends;
  }
  const whole = Array.from({ length: k }, () => 1 - ending);
  return expected + pow(going, k) * wonByRule(name, limit, k, whole);
}

describe('the martingales, through the rules', () => {
  it.each([[18 / 37, -0.173522, -0.151592], [0.55, 0.468559, 0.771561]])(
    'p = %d: six doublings are worth %d base stakes a round, six pressed wins %d',
    (p, martingale, anti) => {
      expect(expectedOf('martingale', 'lossesMax', 6, p, 1)).toBeCloseTo(martingale, 6);
      expect(expectedOf('anti-martingale', 'winsMax', 6, p, 0)).toBeCloseTo(anti, 6);
    },
  );

  it('are worth 1 - (2q)^k and (2p)^k - 1 for every k', () => {
    for (const p of [0.4, 0.5, 0.55]) {
      for (let k = 1; k <= 8; k++) {
        const martingale = expectedOf('martingale', 'lossesMax', k, p, 1);
        const anti = expectedOf('anti-martingale', 'winsMax', k, p, 0);
        expect(martingale).toBeCloseTo(1 - pow(2 * (1 - p), k), 5);
        expect(anti).toBeCloseTo(pow(2 * p, k) - 1, 5);
      }
    }
  });

  it('lose 2^k - 1 base stakes when bust, with probability q^k a round', () => {
    const k = 4;
    const q = 0.45;
    expect(wonByRule('martingale', 'lossesMax', k, [0, 0, 0, 0])).toBeCloseTo(-15, 6);
    const stream = new RandomSource(7).stream('martingale');
    const outcomes = Array.from({ length: 6000 }, (_, n) => (stream.uniform(0, 0, n) < q ? 0 : 1));
    // Barriers so near that the price stays in range of its ticks.
    const { steps } = probeOutcomes(
      {
        strategy: strategyNamed('martingale'),
        startPrice: 100,
        priceMax: 100,
        params: { lossesMax: k, barrier: 1e-4, riskFraction: 1e-7 },
      },
      outcomes,
    );
    const rounds = steps.filter((step) => step.state.multiple === 1).length;
    const busts = steps[steps.length - 1].state.busts as number;
    const law = pow(q, k);
    expect(rounds).toBeGreaterThan(3000);
    expect(Math.abs(busts / rounds - law)).toBeLessThan(4 * Math.sqrt((law * (1 - law)) / rounds));
  });
});
