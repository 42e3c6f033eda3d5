import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applySettings,
  buildWorld,
  parseScenario,
  quantile,
  resolveScenario,
} from '../../scenarios/model/index.js';
import type { Distribution, ScenarioInput } from '../../scenarios/model/index.js';
import { makeContract } from '../../sim/account/index.js';
import type { CohortPopulation, WorldSpec } from '../../sim/engine/index.js';
import { TieredMargin } from '../../sim/risk/index.js';
import { kolmogorov, sum, variance } from '../support/sample-statistics.js';

function written(kind: 'linear' | 'inverse', extra = ''): ScenarioInput {
  const lot = kind === 'linear' ? 0.0001 : 1;
  return parseScenario(
    `name: small
time: { duration: 10m }
venue:
  name: venue
  instruments:
    - name: PERP
      contract: { kind: ${kind}, tick: 0.5, lot: ${lot} }
      margin:
        leverageMax: 100
        ladder: { base: ${kind === 'linear' ? 1e6 : 100}, step: ${kind === 'linear' ? 1e6 : 100}, steps: 20, maintenance: 0.005, initial: 0.01, rateStep: 0.0015 }
      mark: { kind: last }
      index: { kind: constant, price: 8000 }
population:
  - name: crowd
    strategy: stop-ladder
    count: 4000
    params:
      leverage: { dist: lognormal, median: 5, sigma: 0.7, min: 1, max: 50 }
      stop1: { dist: uniform, min: 0.01, max: 0.05 }
    equity: { dist: pareto, min: 1000, alpha: 1.5, max: 1000000 }
    period: { dist: loguniform, min: 1m, max: 1h }
    feedLatency: { dist: lognormal, median: 300ms, sigma: 0.5, max: 5s }
    opening:
      longShare: 0.7
      leverage: { dist: lognormal, median: 6, sigma: 1, min: 0.5, max: 100 }
      entry: { dist: normal, mean: 0.05, sd: 0.2 }
${extra}
  - name: makers
    strategy: market-maker
    count: 40
    params: { sizeLots: 100000 }
    equity: 1000000
  - name: others
    strategy: buy-and-hold-levered
    count: 50
    balances: true
    equity: { dist: lognormal, median: 2000000, sigma: 1 }
`,
    'small.yaml',
  );
}

function draw(
  kind: 'linear' | 'inverse',
  settings: string[] = [],
  seed = 5,
  extra = '',
): { world: WorldSpec; drawn: CohortPopulation[] } {
  const scenario = resolveScenario(applySettings(written(kind, extra), settings));
  const world = buildWorld(scenario, { seed });
  return { world, drawn: world.populate() };
}

function column(world: WorldSpec, drawn: CohortPopulation[], cohort: string, param: string): number[] {
  const c = world.cohorts.findIndex((one) => one.name === cohort);
  const { paramNames } = world.cohorts[c].strategy;
  const k = paramNames.indexOf(param);
  return Array.from(
    { length: world.cohorts[c].count },
    (_, i) => drawn[c].params[i * paramNames.length + k],
  );
}

const sd = (values: number[]): number => Math.sqrt(variance(values));

describe('draws', () => {
  it('follow their distribution, within its bounds', () => {
    const { world, drawn } = draw('inverse');
    const stops = column(world, drawn, 'crowd', 'stop1').map((x) => (x - 0.01) / 0.04);
    // Kolmogorov-Smirnov at 1e-4: 2.23 / sqrt(4000).
    expect(kolmogorov(stops)).toBeLessThan(2.23 / Math.sqrt(4000));
    const phase = [...drawn[0].phaseMicros].map((x, i) => x / drawn[0].periodMicros[i]);
    expect(kolmogorov(phase)).toBeLessThan(2.23 / Math.sqrt(4000));
    expect(Math.min(...drawn[0].feedLatencyMicros)).toBeGreaterThanOrEqual(100_000);
    expect(Math.max(...drawn[0].feedLatencyMicros)).toBeLessThanOrEqual(5_000_000);
  });

  it('depend on the seed, and repeat with it', () => {
    expect(draw('inverse', [], 5).drawn).toEqual(draw('inverse', [], 5).drawn);
    expect(draw('inverse', [], 6).drawn[0].params).not.toEqual(draw('inverse', [], 5).drawn[0].params);
  });

  it('of a cohort do not change when another joins or grows', () => {
    const base = draw('inverse');
    const more = draw('inverse', [], 5, `  - { name: extra, strategy: momentum, count: 7, equity: 500 }`);
    const grown = draw('inverse', ['population.makers.count=80']);
    for (const other of [more, grown]) {
      const c = other.world.cohorts.findIndex((one) => one.name === 'crowd');
      expect(other.drawn[c]).toEqual(base.drawn[0]);
    }
  });

  it('of the first agents do not change when the cohort grows', () => {
    const base = draw('inverse').drawn[0];
    const grown = draw('inverse', ['population.crowd.count=4500']).drawn[0];
    for (const field of ['feedLatencyMicros', 'initialEquityQuote', 'phaseMicros'] as const) {
      expect(grown[field].slice(0, 4000)).toEqual(base[field]);
    }
  });
});

describe('crowding', () => {
  /** Median and mean of a parameter over seeds: the marginal, pooled. */
  function pooled(crowding: number): number[] {
    const values: number[] = [];
    for (let seed = 0; seed < 150; seed++) {
      const { world, drawn } = draw(
        'linear',
        [`dials.crowding=${crowding}`, 'population.crowd.count=12'],
        seed,
      );
      values.push(...column(world, drawn, 'crowd', 'stop1').map((x) => (x - 0.01) / 0.04));
    }
    return values;
  }

  it('leaves marginals and raises dependence', () => {
    const within: number[] = [];
    for (const crowding of [0, 0.3, 0.7, 1]) {
      const u = pooled(crowding);
      // Pooled over 150 seeds of 12; when all 12 agree only 150 values are independent.
      expect(kolmogorov(u), `crowding ${crowding}`).toBeLessThan(2.23 / Math.sqrt(150));
      let spread = 0;
      for (let seed = 0; seed < 150; seed++) spread += sd(u.slice(seed * 12, seed * 12 + 12));
      within.push(spread / 150);
    }
    for (let i = 1; i < within.length; i++) expect(within[i]).toBeLessThan(within[i - 1]);
    expect(within[3]).toBeLessThan(1e-12);
  });

  it('joins clocks, latencies and openings, and leaves equity alone', () => {
    const crowded = draw('inverse', ['dials.crowding=1']).drawn[0];
    const free = draw('inverse').drawn[0];
    for (const field of ['periodMicros', 'phaseMicros', 'feedLatencyMicros'] as const) {
      expect(new Set(crowded[field]).size).toBe(1);
      expect(new Set(free[field]).size).toBeGreaterThan(1000);
    }
    expect(new Set(Array.from(crowded.openingLots).map(Math.sign)).size).toBe(1);
    expect(crowded.initialEquityQuote).toEqual(free.initialEquityQuote);
  });
});

describe.each(['linear', 'inverse'] as const)('openings (%s)', (kind) => {
  it('sum to zero in lots and start nobody in breach, under any dials', () => {
    const setting = fc.tuple(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0.01, max: 20, noNaN: true }),
      fc.double({ min: 0.05, max: 3, noNaN: true }),
      fc.integer({ min: 0, max: 1e6 }),
    );
    fc.assert(
      fc.property(setting, ([crowding, leverage, traders, seed]) => {
        const dials = [
          `dials.crowding=${crowding}`, `dials.leverage=${leverage}`, `dials.traders=${traders}`,
          'population.crowd.count=400',
        ];
        const { world, drawn } = draw(kind, dials, seed);
        const [spec] = world.venue.instruments;
        const contract = makeContract(spec.contract);
        const margin = new TieredMargin(spec.margin);
        expect(drawn.reduce((total, one) => total + sum(one.openingLots), 0)).toBe(0);
        drawn.forEach((one) => {
          for (let i = 0; i < one.openingLots.length; i++) {
            const lots = one.openingLots[i];
            const value = contract.signedValue(lots, spec.startTicks);
            const equity = one.depositQuanta[i] + value - one.openingCostQuanta[i];
            const need = margin.initial(contract.notional(lots, spec.startTicks), lots, 10_000);
            if (lots !== 0 && !(equity >= need)) throw new Error(`equity ${equity}, margin ${need}`);
            if (!(one.depositQuanta[i] >= 0)) throw new Error(`deposit ${one.depositQuanta[i]}`);
            const quote = equity * (kind === 'linear' ? 1e-6 : 8000e-8);
            expect(Math.abs(quote / one.initialEquityQuote[i] - 1)).toBeLessThan(1e-4);
          }
        });
      }),
      { seed: 21, numRuns: 40 },
    );
  });

  it('have the drawn leverage and entry', () => {
    // Entries close enough that no profit exceeds an equity.
    const { world, drawn } = draw(kind, ['population.crowd.opening.entry={dist: normal, mean: 0.05, sd: 0.001}', 'population.crowd.opening.longShare=1', 'population.others.leverageMax=100']);
    const [spec] = world.venue.instruments;
    const contract = makeContract(spec.contract);
    const [crowd] = drawn;
    const leverage = Array.from(crowd.openingLots, (lots, i) =>
      contract.notionalQuote(lots, spec.startTicks) / crowd.initialEquityQuote[i]);
    const sorted = leverage.sort((a, b) => a - b);
    expect(Math.abs(sorted[2000] / 6 - 1)).toBeLessThan(0.1);
    expect(sorted.at(-1)).toBeLessThanOrEqual(100);
    const longs = draw(kind).drawn[0].openingLots.filter((lots) => lots > 0).length;
    expect(Math.abs(longs / 4000 - 0.7)).toBeLessThan(0.03);
    const entries = Array.from(crowd.openingCostQuanta, (cost, i) => {
      const value = contract.signedValue(crowd.openingLots[i], spec.startTicks);
      return kind === 'linear' ? Math.log(cost / value) : Math.log(value / cost);
    }).filter((x) => Number.isFinite(x));
    const middle = entries.sort((a, b) => a - b)[entries.length >> 1];
    expect(Math.abs(middle - 0.05)).toBeLessThan(0.001);
  });
});

describe('traders', () => {
  it.each([0.1, 3, 50])('%f times as many keep total equity, notional and depth', (traders) => {
    const base = draw('inverse');
    const scaled = draw('inverse', [`dials.traders=${traders}`]);
    base.drawn.forEach((one, c) => {
      const other = scaled.drawn[c];
      const count = base.world.cohorts[c].count;
      expect(scaled.world.cohorts[c].count).toBe(Math.round(count * traders));
      expect(sum(other.initialEquityQuote) / sum(one.initialEquityQuote)).toBeCloseTo(1, 9);
    });
    const long = (drawn: CohortPopulation[]) =>
      sum(drawn.flatMap((one) => Array.from(one.openingLots).filter((lots) => lots > 0)));
    expect(Math.abs(long(scaled.drawn) / long(base.drawn) - 1)).toBeLessThan(0.02);
    const sizes = column(scaled.world, scaled.drawn, 'makers', 'sizeLots');
    expect(sum(sizes)).toBeCloseTo(40 * 100_000, 0);
  });

  it('refuses more than the engine holds', () => {
    expect(() => draw('inverse', ['population.crowd.count=5000', 'dials.traders=1000'])).toThrow(
      /population: was 5090000 agents \(dials.traders 1000\), must be 1 to 2000000/,
    );
  });
});

describe('leverage, depth and shock', () => {
  it('multiply what they say', () => {
    const base = draw('inverse');
    const small = draw('inverse', ['dials.leverage=0.005', 'dials.depth=0.5']);
    const before = column(base.world, base.drawn, 'crowd', 'leverage');
    const after = column(small.world, small.drawn, 'crowd', 'leverage');
    after.forEach((x, i) => {
      expect(x).toBeCloseTo(before[i] * 0.005, 12);
    });
    expect(column(small.world, small.drawn, 'makers', 'sizeLots')[0]).toBe(50_000);
    expect(small.drawn[0].leverageMax[0]).toBeCloseTo(0.5, 12);
    expect(small.drawn[0].initialEquityQuote).toEqual(base.drawn[0].initialEquityQuote);
    const ratio = sum(small.drawn[0].openingLots) / sum(base.drawn[0].openingLots);
    expect(Math.abs(ratio / 0.005 - 1)).toBeLessThan(0.1);
  });
});

describe('quantiles', () => {
  const bounds = { min: -50, max: 1e6 };
  const size = fc.double({ min: 0.01, max: 1000, noNaN: true });
  const any: fc.Arbitrary<Distribution> = fc.oneof(
    size.map((value) => ({ dist: 'constant' as const, value })),
    fc.tuple(size, size).map(([a, b]) => ({ dist: 'uniform' as const, min: Math.min(a, b), max: Math.max(a, b) })),
    fc.tuple(size, size).map(([a, b]) => ({ dist: 'loguniform' as const, min: Math.min(a, b), max: Math.max(a, b) })),
    fc.tuple(size, size).map(([mean, s]) => ({ dist: 'normal' as const, mean, sd: s, min: mean - s })),
    fc.tuple(size, size).map(([mean, s]) => ({ dist: 'normal' as const, mean, sd: s, min: mean + 3 * s, max: mean + 9 * s })),
    fc.tuple(size, size).map(([median, s]) => ({ dist: 'lognormal' as const, median, sigma: s / 100, max: median * 9 })),
    fc.tuple(size, size).map(([min, a]) => ({ dist: 'pareto' as const, min, alpha: 0.5 + a / 500, max: min * 50 })),
    fc.array(size, { minLength: 1, maxLength: 5 }).map((values) => ({
      dist: 'choice' as const, values: values.sort((a, b) => a - b),
    })),
  );

  it('rise with u and stay within the support', () => {
    fc.assert(
      fc.property(any, fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), (dist, a, b) => {
        const low = quantile(dist, Math.min(a, b), bounds);
        const high = quantile(dist, Math.max(a, b), bounds);
        expect(low).toBeLessThanOrEqual(high);
        for (const x of [low, high]) {
          expect(Number.isFinite(x)).toBe(true);
          expect(x).toBeGreaterThanOrEqual(('min' in dist ? dist.min : undefined) ?? bounds.min);
          expect(x).toBeLessThanOrEqual(('max' in dist ? dist.max : undefined) ?? bounds.max);
        }
      }),
      { seed: 31, numRuns: 2000 },
    );
  });

  it('match known values', () => {
    const q = (dist: Distribution, u: number) => quantile(dist, u, bounds);
    expect(q({ dist: 'normal', mean: 3, sd: 2 }, 0.975)).toBeCloseTo(6.9199, 3);
    expect(q({ dist: 'lognormal', median: 7, sigma: 0.8 }, 0.5)).toBeCloseTo(7, 9);
    expect(q({ dist: 'pareto', min: 2, alpha: 2 }, 0.75)).toBeCloseTo(4, 9);
    expect(q({ dist: 'choice', values: [1, 2, 3], weights: [1, 0, 3] }, 0.2)).toBe(1);
    expect(q({ dist: 'choice', values: [1, 2, 3], weights: [1, 0, 3] }, 0.26)).toBe(3);
  });
});
