/** Analyses of studies whose runs are made up, so that every answer is known. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normalQuantile, RandomSource } from '../../sim/kernel/index.js';
import { holm, benjaminiHochberg, pairedTest } from '../../sim/statistics/index.js';
import { analyzeStudy, findingsOf, limitsOf } from '../../scenarios/experiment/analyze/index.js';
import type { Analysis } from '../../scenarios/experiment/analyze/index.js';
import { remove } from '../support/cli-process.js';
import { makeFunctionStudy, makeStudy } from '../support/made-study.js';
import type { MadePlace, MadeRun } from '../support/made-study.js';

let folder: string;
let made = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stampede-analyze-'));
});
afterAll(() => remove(folder));

async function analysisOf(written: object, runOf: (place: MadePlace) => MadeRun, metric?: string): Promise<Analysis> {
  const path = join(folder, `study-${made++}`);
  makeStudy(path, { name: 'made', base: 'calm', ...written }, runOf);
  return analyzeStudy(path, metric);
}

const draws = new RandomSource(3).stream('made');
const normal = (a: number, b: number, c = 0): number => normalQuantile(draws.uniform(a, b, c));
const GRID = [
  { name: 'leverage', path: 'dials.leverage', values: [1, 2, 3, 4] },
  { name: 'kind', path: 'venue.name', values: ['a', 'b'] },
];

describe('effects', () => {
  it('are means by level with what each step adds, also for words', async () => {
    const { results } = await analysisOf(
      { factors: GRID, design: { kind: 'grid' }, replicates: 5, primary: [{ metric: 'trades' }] },
      ({ settings, seed }) => ({ trades: 10 * Number(settings['dials.leverage']) + (settings['venue.name'] === 'b' ? 3 : 0) + seed }),
    );
    const [{ overall, effects, sensitivity }] = results;
    // Seeds 0 to 4 add 2 on average, and kinds 1.5.
    expect(overall).toMatchObject({ value: 28.5, runs: 40, units: 5, interval: 't over seeds' });
    expect(effects.factors[0].levels.map((one) => [one.label, one.estimate.value])).toEqual([['1', 13.5], ['2', 23.5], ['3', 33.5], ['4', 43.5]]);
    expect(effects.factors[0].contrast).toMatchObject({ from: '1', to: '4', value: 30, low: 30, high: 30 });
    expect(effects.factors[1].levels.map((one) => [one.label, one.estimate.value])).toEqual([['a', 27], ['b', 30]]);
    expect(effects.factors[1].contrast?.value).toBeCloseTo(3, 12);
    expect(effects.rSquared).toBeNull();
    // Seeds: variance 2.5 with 4 degrees. Points: of 10, 20, 30, 40 and 0, 3 with 7 degrees.
    const points = [10, 13, 20, 23, 30, 33, 40, 43];
    const mean = points.reduce((sum, one) => sum + one / 8, 0);
    const between = points.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 7;
    expect(sensitivity.aleatory?.value).toBeCloseTo(2.5 / (2.5 + between), 9);
  });

  it('leave to the seed what it does alone and with the point', async () => {
    const points = Array.from({ length: 60 }, (_, i) => ({ leverage: 1 + i / 60 }));
    const { results } = await analysisOf(
      { factors: [{ name: 'leverage', path: 'dials.leverage', range: [1, 2] }], design: { kind: 'list', points }, replicates: 5, primary: [{ metric: 'trades' }] },
      ({ point, seed }) => ({ trades: 0.5 * normal(10, point) + 2 * normal(11, point, seed) }),
    );
    // Variance 4 of seeds by points against .25 of points: .94. What chance adds to means of 5 is not the points'.
    const { value, low, high } = results[0].sensitivity.aleatory!;
    expect(Math.abs(value - 0.94)).toBeLessThan(0.04);
    expect(low < 0.94 && 0.94 < high).toBe(true);
    expect(high - low).toBeLessThan(0.4);
  });

  it('are rank correlations where points are drawn', async () => {
    const factors = ['a', 'b', 'c'].map((name) => ({ name, path: `dials.${name}`, range: [0, 1] }));
    const { results } = await analysisOf(
      { factors, design: { kind: 'sobol', points: 128 }, replicates: 1, primary: [{ metric: 'trades' }] },
      ({ settings, point }) => ({ trades: Math.exp(5 * Number(settings['dials.a'])) - Number(settings['dials.b']) + normal(1, point) * 1e-3 }),
    );
    const [{ effects, overall }] = results;
    expect(effects.factors[0].rank?.value).toBeGreaterThan(0.99);
    expect(Math.abs(effects.factors[2].rank?.value ?? 1)).toBeLessThan(0.3);
    expect(effects.rSquared?.ranks).toBeGreaterThan(effects.rSquared?.linear ?? 1);
    expect(effects.factors[0].levels.length).toBe(5);
    expect(overall).toMatchObject({ units: 128, interval: 't over points' });
  });
});

describe('sensitivity', () => {
  it('finds the indices of Ishigami within their error', async () => {
    const path = join(folder, 'ishigami');
    const range = [-3.141592653589793, 3.141592653589793];
    makeFunctionStudy(path, {
      name: 'ishigami', base: { function: 'ishigami' }, replicates: 1, primary: [{ metric: 'y' }],
      factors: ['x1', 'x2', 'x3'].map((name) => ({ name, path: name, range })), design: { kind: 'saltelli', rows: 1024 },
    } as never);
    const { results } = await analyzeStudy(path);
    const { sobol, axes } = results[0].sensitivity;
    expect(axes).toEqual(['x1', 'x2', 'x3']);
    for (const [k, known] of [0.313905, 0.442411, 0].entries()) {
      expect(Math.abs(sobol!.first[k].value - known)).toBeLessThan(3 * 0.009);
    }
    [0.557589, 0.442411, 0.243684].forEach((known, k) => {
      const { value, low, high } = sobol!.total[k];
      expect(Math.abs(value - known)).toBeLessThan(3 * 0.009);
      expect(low <= known && known <= high).toBe(true);
    });
  });

  it('finds the elementary effects of the toy, and leaves out trajectories with a failed run', async () => {
    const factors = ['x1', 'x2', 'x3'].map((name) => ({ name, path: `dials.${name}`, range: [0, 1] }));
    const { results, runs } = await analysisOf(
      { factors, design: { kind: 'morris', trajectories: 40 }, replicates: 1, primary: [{ metric: 'trades' }] },
      ({ settings, point }) => {
        const [a, b, c] = ['x1', 'x2', 'x3'].map((name) => Number(settings[`dials.${name}`]));
        return point === 9 ? 'it fell over' : { trades: 3 * a + 2 * b + 0.01 * c + 5 * a * b };
      },
    );
    const { morris } = results[0].sensitivity;
    expect(morris).toMatchObject({ trajectories: 39, dropped: 1 });
    [5.5, 4.5, 0.01].forEach((known, k) => {
      const { low, high } = morris!.effects[k].muStar;
      expect(low - 1e-9 <= known && known <= high + 1e-9).toBe(true);
    });
    expect([...runs.failures]).toEqual([['made/up: it fell over', 1]]);
    expect(results[0].overall.interval).toBe('t over trajectories');
  });
});

describe('variants', () => {
  it('are compared seed by seed, declared outcomes by Holm and the rest by Benjamini & Hochberg', async () => {
    const base = (seed: number): number => 5 * normal(2, seed);
    const value = (variant: number, seed: number): number => base(seed) + (variant === 0 ? 0 : 1 + 0.5 * normal(3, seed));
    const { differences, outcomes } = await analysisOf(
      {
        factors: GRID, design: { kind: 'grid' }, replicates: 12, variants: [{ name: 'a' }, { name: 'b' }],
        primary: [{ metric: 'trades' }, { metric: 'wakes', statistic: 'share', above: 0 }, { metric: 'contagion.roots' }],
      },
      ({ variant, seed, point }) => ({ trades: point + value(variant, seed), wakes: seed < 6 + 3 * variant ? 1 : 0, 'contagion.roots': variant * (0.5 + normal(8, seed)), orderActions: variant + seed, traders: 7 }),
    );
    expect(outcomes.length).toBe(3);
    const seeds = Array.from({ length: 12 }, (_, seed) => seed);
    const known = pairedTest(seeds.map((seed) => value(0, seed)), seeds.map((seed) => value(1, seed)));
    const [trades, wakes, roots, actions, ...more] = differences;
    expect(more).toEqual([]);
    expect(trades).toMatchObject({ variant: 'b', label: 'mean trades', primary: true, pairs: 96, units: 12 });
    expect(trades.difference).toBeCloseTo(known.difference.mean, 9);
    expect(trades.low).toBeCloseTo(known.difference.low, 9);
    expect(trades.pValue).toBeCloseTo(known.pValue, 9);
    expect(wakes).toMatchObject({ label: 'P(wakes > 0)', difference: 0.25, below: 0, above: 0.25, unit: 'probability' });
    const pValues = [trades, wakes, roots].map((one) => one.pValue);
    expect([trades, wakes, roots].map((one) => one.adjusted)).toEqual([...holm(pValues)]);
    expect([...holm(pValues)]).not.toEqual([...benjaminiHochberg(pValues)]);
    expect(actions).toMatchObject({ label: 'mean orderActions', primary: false, difference: 1, low: 1, high: 1 });
    expect([actions.adjusted]).toEqual([...benjaminiHochberg([actions.pValue])]);
    // Var A = Var B = 25 and .25 more, Var(B - A) = .25, give or take 12 seeds.
    expect(trades.varianceRatio).toBeGreaterThan(50);
    expect(trades.correlation).toBeGreaterThan(0.98);
  });

  it('leave pairs out of which one run has no value', async () => {
    const { differences } = await analysisOf(
      { replicates: 6, variants: [{ name: 'a' }, { name: 'b' }], primary: [{ metric: 'trades' }] },
      ({ variant, seed }) => (variant === 1 && seed === 2 ? 'no' : { trades: seed === 3 ? null : seed + variant * seed }),
    );
    expect(differences[0]).toMatchObject({ pairs: 4, difference: (0 + 1 + 4 + 5) / 4 });
  });
});

describe('phases', () => {
  const factors = [
    { name: 'leverage', path: 'dials.leverage', values: [1, 2, 3, 4, 5] },
    { name: 'crowding', path: 'dials.crowding', values: [0, 0.5, 1] },
  ];

  it('have their boundary where R passes 1, pooled by its sums', async () => {
    const sums = Array.from({ length: 15 }, () => ({ offspring: 0, nodes: 0 }));
    const { phases, critical, searches } = await analysisOf(
      { factors, design: { kind: 'grid' }, replicates: 96, primary: [{ metric: 'reproductionNumber.early' }] },
      ({ settings, seed, point }) => {
        // R = leverage / 2 - crowding: a run of 100 liquidations knows it better than one of 10.
        const nodes = seed % 2 === 0 ? 100 : 10;
        const r = Math.max(0, Number(settings['dials.leverage']) / 2 - Number(settings['dials.crowding']));
        const offspring = Math.max(0, Math.round(nodes * r + Math.sqrt(nodes * r) * normal(4, point, seed)));
        sums[point].offspring += offspring;
        sums[point].nodes += nodes;
        return {
          'reproductionNumber.early': offspring / nodes, 'contagion.earlyOffspring': offspring, 'contagion.earlyNodes': nodes,
          'contagion.largestTree': nodes + offspring, 'traders': 2000, 'cascade.largestShare': 0,
        };
      },
    );
    const diagram = phases[0];
    expect(phases.length).toBe(1);
    expect(diagram).toMatchObject({ outcome: 'mean reproductionNumber.early', level: 1, derived: false });
    // Points go crowding by crowding within a leverage; cells leverage by leverage within a crowding.
    sums.forEach(({ offspring, nodes }, point) => {
      expect(diagram.cells.value[(point % 3) * 5 + Math.floor(point / 3)]).toBeCloseTo(offspring / nodes, 12);
    });
    const crossings = diagram.boundary.map((one) => one.crossing);
    [2, 3, 4].forEach((known, row) => {
      expect(crossings[row].direction).toBe('rises');
      expect(Math.abs(crossings[row].control - known)).toBeLessThan(0.11);
      expect(crossings[row].high - crossings[row].low).toBeLessThan(0.2);
    });
    expect(diagram.above[0]).toBe(0);
    expect(diagram.above[4]).toBe(1);
    expect(critical.find((one) => one.factor === 'leverage')?.crossing.control).toBeCloseTo(3, 0);
    const search = searches.find((one) => one.factor === 'leverage');
    expect(Math.abs((search?.found.primary?.control ?? 0) - 3)).toBeLessThan(0.2);
  });

  it('say where a level is not crossed', async () => {
    const analysis = await analysisOf(
      { factors, design: { kind: 'grid' }, replicates: 4, primary: [{ metric: 'reproductionNumber' }] },
      ({ point }) => ({ 'reproductionNumber': point === 0 ? null : 0.4, 'liquidations.count': point === 0 ? 0 : 10 }),
    );
    const { phases, critical, results } = analysis;
    expect(results[0].pooled?.value).toBeCloseTo(0.4, 12);
    expect(phases[0].cells.value[0]).toBeNaN();
    expect(critical.filter((one) => !one.derived).every((one) => one.crossing.direction === null)).toBe(true);
    expect(findingsOf(analysis).map((one) => one.text)).toContain('mean reproductionNumber does not cross 1: 0.4 at the most');
    expect(limitsOf(analysis).join(' ')).toContain('conditional on being defined: mean reproductionNumber.');
  });
});

describe('outcomes', () => {
  it('of heavy tails are told by medians, and it is said that they are', async () => {
    const pareto = (alpha: number) => ({ replicate }: MadePlace): MadeRun => ({
      badDebtQuote: draws.uniform(5, replicate, 0) ** (-1 / alpha),
    });
    const study = { replicates: 2000, primary: [{ metric: 'badDebtQuote' }] };
    const heavy = await analysisOf(study, pareto(1.2));
    expect(heavy.outcomes[0]).toMatchObject({ label: 'median badDebtQuote', tail: { replaced: 'mean badDebtQuote' } });
    expect(heavy.results[0].overall.value).toBeCloseTo(2 ** (1 / 1.2), 1);
    expect(limitsOf(heavy).join(' ')).toContain('a declared mean was replaced'.replace('a', 'A'));
    const light = await analysisOf(study, pareto(4));
    expect(light.outcomes[0]).toMatchObject({ label: 'mean badDebtQuote', tail: { replaced: null } });
  });

  it('that nobody declared are exploratory, and one can be asked for', async () => {
    const runOf = ({ seed }: MadePlace): MadeRun => ({ trades: seed, wakes: 1 });
    const open = await analysisOf({ replicates: 3 }, runOf);
    expect(open.outcomes.map((one) => [one.label, one.declared])).toEqual([['mean reproductionNumber.early', false], ['mean liquidations.count', false]]);
    expect(limitsOf(open)[0]).toContain('No outcome was declared beforehand');
    const asked = await analysisOf({ replicates: 3, primary: [{ metric: 'wakes' }] }, runOf, 'trades');
    expect(asked.results.map((one) => [one.outcome.label, one.outcome.declared, one.overall.value])).toEqual([['mean trades', false, 1]]);
    await expect(analysisOf({ replicates: 3 }, runOf, 'trade')).rejects.toMatchObject({
      code: 'metric/unknown', message: expect.stringContaining('did you mean "trades"'),
    });
  });

  it('settle as seeds come in, and rules tell whether they were met', async () => {
    const { convergence } = await analysisOf(
      { replicates: { metric: 'trades', precision: 0.05, min: 20, max: 40 }, primary: [{ metric: 'trades' }] },
      ({ replicate }) => (replicate < 30 ? { trades: 100 + normal(6, replicate), wakes: replicate < 12 ? null : 1 } : null),
    );
    const [{ steps, relative }] = convergence.running;
    expect(steps[steps.length - 1].units).toBe(30);
    expect(relative).toBeLessThan(0.01);
    expect(convergence.rule).toMatchObject({ reached: 1, short: 0 });
    expect(convergence.undefinedIn.find((one) => one.metric === 'wakes')).toEqual({ metric: 'wakes', runs: 12 });
  });
});
