/** Mixes: cohorts that share a pool of agents, split by Dirichlet weights of the seed. */
import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../sim/kernel/index.js';
import { dirichlet } from '../../scenarios/model/dirichlet.js';
import { applySettings, buildWorld, parseScenario, resolveScenario } from '../../scenarios/model/index.js';
import { kolmogorov, kolmogorovLimit, mean, sum, variance } from '../support/sample-statistics.js';

/** Counts of the cohorts of a mix named `pool`, and of the makers outside it, by seed. */
function counts(alphas: number[], seeds: number, settings: string[] = [], written = 1000): number[][] {
  const members = alphas.map(
    (alpha, k) => `  - { name: m${k}, strategy: momentum, count: ${written}, equity: 1000,
      mix: { name: pool, alpha: ${alpha} } }`,
  );
  const text = `name: mixes
time: { duration: 1m }
venue:
  name: venue
  instruments:
    - name: PERP
      contract: { kind: linear }
      mark: { kind: last }
      margin: { leverageMax: 50, tiers: [{ floor: 0, maintenance: 0.01, initial: 0.02 }] }
      index: { kind: constant, price: 100 }
population:
${members.join('\n')}
  - { name: makers, strategy: market-maker, count: 20, equity: 1e6, balances: true }
`;
  const scenario = resolveScenario(applySettings(parseScenario(text, 'mixes.yaml'), settings));
  return Array.from({ length: seeds }, (_, seed) =>
    buildWorld(scenario, { seed }).cohorts.map((one) => one.count),
  );
}

const column = (rows: number[][], k: number): number[] => rows.map((row) => row[k]);

describe('the shares of a mix', () => {
  it.each([[[2, 1, 1]], [[0.5, 0.5]], [[20, 5, 10, 15]], [[0.2, 1.3, 4]]])(
    'have the means and variances of Dirichlet(%j)',
    (alphas) => {
      const total = sum(alphas);
      const n = 2000;
      const drawn = counts(alphas, n);
      alphas.forEach((alpha, k) => {
        const shares = column(drawn, k).map((count) => count / (1000 * alphas.length));
        const m = alpha / total;
        const expected = (m * (1 - m)) / (total + 1);
        // Means within four standard errors; variances within 15 %.
        expect(Math.abs(mean(shares) - m)).toBeLessThan(4 * Math.sqrt(expected / n));
        expect(Math.abs(variance(shares) / expected - 1)).toBeLessThan(0.15);
      });
    },
  );

  it('of two halves are arcsine distributed, of (2, 1) quadratic', () => {
    const n = 3000;
    const share = (alphas: number[]) => column(counts(alphas, n, [], 500_000), 0).map((x) => x / 1e6);
    const arcsine = (x: number) => (2 / Math.PI) * Math.asin(Math.sqrt(x));
    expect(kolmogorov(share([0.5, 0.5]), arcsine)).toBeLessThan(kolmogorovLimit(n));
    expect(kolmogorov(share([2, 1]), (x) => x * x)).toBeLessThan(kolmogorovLimit(n));
  });

  it('of (1, 1) are uniform, to the accuracy of 200,000 draws', () => {
    // Gamma variates without their rejections would miss this limit.
    const source = new RandomSource(5);
    const n = 200_000;
    const stream = source.stream('dirichlet');
    const u = Array.from({ length: n }, (_, k) => dirichlet(stream, [2 * k, 2 * k + 1], [1, 1])[0]);
    expect(kolmogorov(u)).toBeLessThan(kolmogorovLimit(n));
  });

  it('sum to the pool exactly, whatever the weights, and may be none', () => {
    for (const alphas of [[1, 1, 1], [1e-6, 1e-6], [1e6, 1e6, 1], [0.01, 0.01, 0.01, 0.01]]) {
      for (const row of counts(alphas, 200, [], 7)) {
        expect(sum(row.slice(0, alphas.length))).toBe(7 * alphas.length);
        expect(row.every((count) => Number.isInteger(count) && count >= 0)).toBe(true);
        expect(row.at(-1)).toBe(20);
      }
    }
    expect(counts([1e-6, 1e-6], 50, [], 7).every((row) => row.includes(0) && row.includes(14))).toBe(true);
  });

  it('repeat with the seed, and are scaled by dials.traders after the split', () => {
    expect(counts([1, 1, 1], 20)).toEqual(counts([1, 1, 1], 20));
    expect(counts([1, 1, 1], 2)[0]).not.toEqual(counts([1, 1, 1], 2)[1]);
    const once = counts([1, 1, 1], 20);
    const twice = counts([1, 1, 1], 20, ['dials.traders=2']);
    expect(twice).toEqual(once.map((row) => row.map((count) => 2 * count)));
  });

  it('keep the numbers of the other members when one joins', () => {
    // Gamma variates are each cohort's own: the ratio of two stays when a third comes.
    const two = counts([3, 2], 20, [], 500_000);
    const three = counts([3, 2, 1], 20, [], 500_000);
    two.forEach(([a, b], seed) => {
      const [c, d] = three[seed];
      expect(Math.abs(a / b / (c / d) - 1)).toBeLessThan(1e-3);
    });
  });

  it('are of the cohorts that name it', () => {
    const other = counts([1, 1], 5, ['population.m1.mix.name=elsewhere']);
    expect(other.every((row) => row[0] === 1000 && row[1] === 1000)).toBe(true);
  });

  it('cannot include the balancing cohort', () => {
    expect(() => counts([1], 1, ['population.makers.mix={name: pool, alpha: 1}'])).toThrow(
      /population\[1\]\.mix: was "given", must be left out: a mix could leave the balancing cohort/,
    );
    expect(() => counts([0], 1)).toThrow(/mix.alpha: was 0, must be a number in \(0, 1000000\]/);
  });
});
