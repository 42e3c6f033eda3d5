/** Correlated fields, and the tails of what agents own. */
import { describe, expect, it } from 'vitest';
import { registry } from '../../agents/index.js';
import { normalCdf, normalQuantile } from '../../sim/kernel/index.js';
import { crowdWorlds, drawCrowds } from '../support/crowd-draws.js';
import { correlation, kolmogorov, kolmogorovLimit, sum } from '../support/sample-statistics.js';

const { paramNames } = registry.find((one) => one.name === 'stop-ladder')!;
const SEEDS = 20; // of 100 cohorts of 2 agents each
const N = 2000;

/** Uniform fields a, b and c, and equity, with the given pairs. */
function keysOf(pairs: string, more = ''): string {
  const uniform = '{ dist: uniform, min: 0, max: 1 }';
  return `equity: { dist: uniform, min: 1000, max: 2000 }, period: { dist: uniform, min: 1s, max: 1001s },
    params: { stop1: { dist: uniform, min: 0, max: 0.9 }, leverage: { dist: uniform, min: 1, max: 2 },
      share1: ${uniform} }, phase: 0, correlations: [${pairs}] ${more}`;
}
const pair = (a: string, b: string, rho: number) => `{ between: [${a}, ${b}], rho: ${rho} }`;

interface Scores {
  stop: number[][];
  leverage: number[][];
  share: number[][];
  equity: number[][];
  period: number[][];
}

/** Normal scores of each field, by agent of the cohort. */
function scores(pairs: string, crowding = 0): Scores {
  const drawn = drawCrowds({ strategy: 'stop-ladder', keys: keysOf(pairs), crowding }, SEEDS);
  const of = (u: (one: (typeof drawn)[number], k: number) => number): number[][] =>
    [0, 1].map((k) => drawn.map((one) => normalQuantile(Math.min(Math.max(u(one, k), 1e-9), 1 - 1e-9))));
  const param = (name: string, min: number, width: number) =>
    of((one, k) => (one.params[k * paramNames.length + paramNames.indexOf(name)] - min) / width);
  return {
    stop: param('stop1', 0, 0.9),
    leverage: param('leverage', 1, 1),
    share: param('share1', 0, 1),
    equity: of((one, k) => one.initialEquityQuote[k] / 1000 - 1),
    period: of((one, k) => (one.periodMicros[k] - 1e6) / 1e9),
  };
}

/** Four standard errors of a correlation near rho. */
const slack = (rho: number): number => (4 * (1 - rho * rho)) / Math.sqrt(N);

describe('correlated fields', () => {
  const pairs = [
    pair('params.stop1', 'params.leverage', -0.6),
    pair('equity', 'params.leverage', 0.5),
    pair('params.stop1', 'period', 0.3),
  ].join(', ');

  it.each([0, 0.5, 1])('have the correlation written, and their distributions, c = %f', (c) => {
    const { stop, leverage, share, equity, period } = scores(pairs, c);
    const near = (a: number[], b: number[], rho: number, what: string) =>
      expect(Math.abs(correlation(a, b) - rho), what).toBeLessThan(slack(rho));
    near(stop[0], leverage[0], -0.6, 'stop and leverage of an agent');
    near(stop[0], period[0], 0.3, 'stop and period');
    near(leverage[0], period[0], 0, 'a pair left out');
    near(stop[0], share[0], 0, 'a field left out');
    // Equity is never crowded: only what is the agent's own can go with it.
    near(equity[0], leverage[0], 0.5 * Math.sqrt(1 - c), 'equity and leverage');
    near(equity[0], equity[1], 0, 'equities of two agents');
    near(stop[0], leverage[1], -0.6 * c, 'stop of one, leverage of the other');
    if (c < 1) near(stop[0], stop[1], c, 'stops of two agents');
    else expect(correlation(stop[0], stop[1])).toBeCloseTo(1, 9);
    for (const one of [stop, leverage, share, equity, period]) {
      expect(kolmogorov(one[0], normalCdf)).toBeLessThan(kolmogorovLimit(N));
    }
  });

  it('leave all other draws as they are, bit by bit', () => {
    const [plain] = drawCrowds({ strategy: 'stop-ladder', keys: keysOf(''), cohorts: 1 }, 1);
    const one = pair('params.stop1', 'params.leverage', 0.4);
    const [joined] = drawCrowds({ strategy: 'stop-ladder', keys: keysOf(one), cohorts: 1 }, 1);
    const at = paramNames.indexOf('leverage');
    const changed = paramNames.length + at;
    expect(joined.params[changed]).not.toBe(plain.params[changed]);
    for (const other of [plain, joined]) for (const k of [at, changed]) other.params[k] = 0;
    // The first field of a pair keeps its numbers, but for the rounding of Phi and its inverse.
    joined.params.forEach((value, k) => {
      expect(value).toBeCloseTo(plain.params[k], 12);
    });
    expect({ ...joined, params: 0 }).toEqual({ ...plain, params: 0 });
  });

  it('know that a low draw of the side is a long', () => {
    const keys = `equity: 1000, opening: { leverage: { dist: uniform, min: 1, max: 2 }, longShare: 0.5 },
      correlations: [${pair('opening.longShare', 'opening.leverage', 0.8)}]`;
    const drawn = drawCrowds({ strategy: 'momentum', keys }, 5);
    const lots = drawn.flatMap((one) => [...one.openingLots]);
    const long = lots.filter((x) => x > 0);
    const short = lots.filter((x) => x < 0).map((x) => -x);
    expect(sum(long) / long.length / (sum(short) / short.length)).toBeGreaterThan(1.2);
  });

  it.each([
    ['not positive definite', `${pair('equity', 'period', 0.9)}, ${pair('period', 'band', 0.8)}, ${pair('equity', 'band', -0.5)}`,
      /population\[0\]\.correlations\[1\]\.rho: was 0.8, \(period with band\) must leave the matrix/],
    ['singular', pair('equity', 'params.leverage', 1), /correlations\[0\]\.rho: was 1, \(equity with params.leverage\)/],
    ['unknown', pair('equity', 'params.leverag', 0.1), /correlations\[0\]\.between\[1\]: was "params.leverag", is not drawn here \(did you mean "params.leverage"\?\)/],
    ['without an opening', pair('equity', 'opening.leverage', 0.1), /between\[1\]: was "opening.leverage"/],
    ['itself', pair('equity', 'equity', 0.1), /between\[1\]: was "equity", must be another field/],
    ['twice', `${pair('equity', 'band', 0.1)}, ${pair('band', 'equity', 0.2)}`, /correlations\[1\]\.between: was "band and equity", must be given once/],
    ['out of range', pair('equity', 'band', 1.2), /rho: was 1.2, must be a number in \[-1, 1\]/],
  ])('are refused when %s', (_, pairs, message) => {
    const build = () => crowdWorlds({ strategy: 'stop-ladder', keys: keysOf(pairs), cohorts: 1 });
    expect(build).toThrow(message);
  });

  it('may imply each other closely, as long as the matrix allows it', () => {
    const close = ['equity', 'band', 'period'].flatMap((a, i, all) => all.slice(i + 1).map((b) => pair(a, b, 0.95)));
    expect(() => crowdWorlds({ strategy: 'stop-ladder', keys: keysOf(close.join(', ')), cohorts: 1 })).not.toThrow();
  });
});

describe('equities', () => {
  const equities = (distribution: string): number[] =>
    drawCrowds({ strategy: 'momentum', keys: `equity: ${distribution}`, cohorts: 1, agents: 40_000 }, 1)
      .flatMap((one) => [...one.initialEquityQuote]);

  it('of Pareto have its tail exponent, and follow the truncated law', () => {
    const open = equities('{ dist: pareto, min: 1000, alpha: 1.5 }').sort((a, b) => b - a);
    const tail = open.slice(0, 4000);
    const hill = tail.length / sum(tail.map((x) => Math.log(x / open[4000])));
    // Hill's estimate has standard error alpha / sqrt(k): four of them.
    expect(Math.abs(hill - 1.5)).toBeLessThan((4 * 1.5) / Math.sqrt(4000));
    const cut = equities('{ dist: pareto, min: 1000, alpha: 1.15, max: 20000 }');
    const whole = 1 - 20 ** -1.15;
    expect(kolmogorov(cut, (x) => (1 - (1000 / x) ** 1.15) / whole)).toBeLessThan(kolmogorovLimit(40_000));
    expect(Math.max(...cut)).toBeLessThanOrEqual(20_000);
    // Nothing piles up at the cut, as it would if draws were clipped to it.
    expect(cut.filter((x) => x > 19_990).length / cut.length).toBeLessThan(1e-3);
  });

  it('of a log-normal follow the truncated law', () => {
    const low = normalCdf(Math.log(500 / 2000) / 1.2);
    const high = normalCdf(Math.log(9000 / 2000) / 1.2);
    const cut = equities('{ dist: lognormal, median: 2000, sigma: 1.2, min: 500, max: 9000 }');
    const cdf = (x: number) => (normalCdf(Math.log(x / 2000) / 1.2) - low) / (high - low);
    expect(kolmogorov(cut, cdf)).toBeLessThan(kolmogorovLimit(40_000));
    expect(Math.min(...cut)).toBeGreaterThanOrEqual(500);
    expect(Math.max(...cut)).toBeLessThanOrEqual(9000);
  });
});
