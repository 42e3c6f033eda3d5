/** The search for a breaking value, on curves that are known. */
import { describe, expect, it } from 'vitest';
import { ProbabilisticBisection, search, trendOf, valueGrid } from '../../scenarios/experiment/index.js';
import type { SearchOptions, SearchResult, Trial } from '../../scenarios/experiment/index.js';
import { exp, RandomSource } from '../../sim/kernel/index.js';
import { cascadeLaw } from '../../sim/metrics/index.js';

type Curve = (x: number) => number;

const logistic =
  (middle: number, scale: number): Curve =>
  (x) => 1 / (1 + exp((middle - x) / scale));
const step: Curve = (x) => (x < 1.3 ? 0.01 : 0.6);

const known = new Map<number, number>();
/** P(n >= 1000) of a flat book with theta = 2. */
const runaway: Curve = (R) => {
  const p = known.get(R) ?? cascadeLaw({ theta: 2, R }).pAtLeast(1000);
  known.set(R, p);
  return p;
};

/**
 * Runs that violate with the curve's probability: each seed has one threshold, common to all
 * values.
 */
function trialOf(curve: Curve, world: number): Trial {
  const stream = new RandomSource(world).stream('trial');
  return async (asked) =>
    asked.map(({ value, seeds }) => {
      const p = curve(value);
      return seeds.map((seed) => stream.uniform(seed, 0, 0) < p);
    });
}

function searching(curve: Curve, options: Partial<SearchOptions> = {}, world = 1): Promise<SearchResult> {
  const range = options.range ?? { from: 0.25, to: 4, isWhole: false };
  return search({
    range,
    widest: { from: range.from, to: range.to },
    alpha: 0.05,
    confidence: 0.95,
    precision: 0.05,
    budget: 20_000,
    seed: 0,
    trial: trialOf(curve, world),
    ...options,
  });
}

/** Share of repetitions whose interval holds the crossing. */
async function coverage(curve: Curve, crossing: number, repetitions: number, options: Partial<SearchOptions>) {
  let held = 0;
  const verdicts: Record<string, number> = {};
  for (let world = 1; world <= repetitions; world++) {
    const found = await searching(curve, options, world);
    verdicts[found.verdict] = (verdicts[found.verdict] ?? 0) + 1;
    const ends = [found.mild ?? -Infinity, found.harsh ?? Infinity];
    if (Math.min(...ends) <= crossing && crossing <= Math.max(...ends)) held++;
  }
  return { share: held / repetitions, verdicts };
}

describe('the interval of a breaking value', () => {
  // 95 % promised: of 60 repetitions fewer than 53 hold with probability .014 at most.
  it('holds the crossing of the law of flat books as often as it says', async () => {
    const found = await coverage(runaway, 1, 60, { range: { from: 0.15, to: 2.4, isWhole: false } });
    expect(found.share).toBeGreaterThan(0.88);
    expect(found.verdicts.found).toBeGreaterThan(55);
  });

  it('holds the crossing of a smooth curve, a jump and a level in the middle', async () => {
    // Logit .2 is -1.3863, so the crossing is 1 - .13863.
    // The curves are not known to the search: smooth ones are held nearly always.
    const smooth = await coverage(logistic(1, 0.1), 0.861371, 60, { alpha: 0.2, precision: 0.1 });
    expect(smooth.share).toBeGreaterThan(0.88);
    const jump = await coverage(step, 1.3, 60, {});
    expect(jump.share).toBeGreaterThan(0.88);
    const middle = await coverage(logistic(0.5, 0.05), 0.5, 60, {
      alpha: 0.5,
      precision: 0.1,
      range: { from: 0, to: 1, isWhole: false },
    });
    expect(middle.share).toBeGreaterThan(0.88);
  });

  it('holds it whenever the budget ends the search', async () => {
    for (const budget of [300, 600, 1200]) {
      const found = await coverage(logistic(2, 0.6), 2 - 0.6 * 2.944439, 40, { budget, precision: 0.01 });
      expect(found.verdicts).toEqual({ undecided: 40 });
      expect(found.share).toBeGreaterThan(0.88);
    }
  });

  it('is as narrow as asked when it is found, with fewer runs where less is asked', async () => {
    const narrow = await searching(logistic(1, 0.05), { alpha: 0.5, precision: 0.05 });
    const wide = await searching(logistic(1, 0.05), { alpha: 0.5, precision: 0.2 });
    expect(narrow.verdict).toBe('found');
    const [low, high] = [narrow.mild as number, narrow.harsh as number];
    expect(high / low).toBeLessThanOrEqual(1.0501);
    expect(wide.runs).toBeLessThan(narrow.runs);
    expect(narrow.value).toBeGreaterThanOrEqual(low);
    expect(narrow.value).toBeLessThanOrEqual(high);
  });
});

describe('a search', () => {
  it('finds the largest value where smaller ones break', async () => {
    const found = await searching((x) => logistic(1, 0.05)(2 - x), { alpha: 0.5 });
    expect(found.direction).toBe('falling');
    expect(found.verdict).toBe('found');
    expect(found.harsh).toBeLessThan(found.mild as number);
    expect(found.harsh).toBeLessThan(1);
    expect(found.mild).toBeGreaterThan(1);
  });

  it('says that nothing breaks up to the end, and only with enough runs', async () => {
    const found = await searching(() => 0.001);
    expect([found.verdict, found.harsh, found.mild]).toEqual(['notBroken', null, 4]);
    // As many runs without a violation as show that there are fewer than 5 % with error .025.
    const top = found.frequencies.find((one) => one.value === 4);
    expect(top?.runs).toBeGreaterThanOrEqual(72);
  });

  it('says that all is broken at the begin already', async () => {
    const found = await searching(() => 0.9);
    expect([found.verdict, found.harsh, found.mild]).toEqual(['brokenThroughout', 0.25, null]);
    expect(found.witness).not.toBeNull();
  });

  it('looks further where the range does not hold the crossing', async () => {
    const wide = { widest: { from: 0.001, to: 100 } };
    const above = await searching(logistic(20, 1), { ...wide, alpha: 0.5 });
    expect(above.verdict).toBe('found');
    expect(above.mild).toBeLessThan(20);
    expect(above.harsh).toBeGreaterThan(20);
    const below = await searching(logistic(0.05, 0.005), { ...wide, alpha: 0.5 });
    expect(below.mild).toBeLessThan(0.05);
    expect(below.harsh).toBeGreaterThan(0.05);
  });

  it('finds a whole number', async () => {
    const curve: Curve = (x) => (x >= 7 ? 0.7 : 0.01);
    const found = await searching(curve, { range: { from: 2, to: 20, isWhole: true } });
    expect([found.verdict, found.mild, found.harsh]).toEqual(['found', 6, 7]);
  });

  it('tells of violations that do not rise, and searches the first rise', async () => {
    const hump: Curve = (x) => (x < 1 ? 0.01 : x < 2 ? 0.9 : 0.05);
    const found = await searching(hump, { alpha: 0.3 });
    expect(found.against).not.toBeNull();
    expect(found.to).toBeLessThan(2);
    expect(found.mild).toBeLessThan(1);
    expect(found.harsh).toBeGreaterThanOrEqual(1);
  });

  it('gives no seed to two rounds, and the same seeds to both values of one', async () => {
    const rounds: { value: number; seeds: readonly number[] }[][] = [];
    const trial = trialOf(logistic(1, 0.1), 3);
    await searching(() => 0, {
      trial: async (asked) => {
        rounds.push([...asked]);
        return trial(asked);
      },
    });
    const used = new Set<number>();
    for (const [first, ...rest] of rounds) {
      for (const one of rest) expect(one.seeds).toEqual(first.seeds);
      for (const seed of first.seeds) {
        expect(used.has(seed)).toBe(false);
        used.add(seed);
      }
    }
    expect(rounds.length).toBeGreaterThan(3);
  });

  it('leaves out runs that could not be made, and values at which none can', async () => {
    const curve = logistic(1, 0.05);
    const trial = trialOf(curve, 5);
    const found = await searching(curve, {
      alpha: 0.5,
      trial: async (asked) => {
        const all = await trial(asked);
        return all.map((one, k) => {
          return one.map((violated, i) => (asked[k].value > 3 || asked[k].seeds[i] % 10 === 0 ? null : violated));
        });
      },
    });
    expect(found.verdict).toBe('found');
    expect(found.failed).toBeGreaterThan(0);
    expect(found.to).toBeLessThan(3);
  });
});

describe('a first look', () => {
  const point = (value: number, hits: number) => {
    return { value, violated: Array.from({ length: 40 }, (_, k) => k < hits) };
  };

  it('tells the direction and the departure from it', () => {
    expect(trendOf([point(1, 0), point(2, 4), point(3, 20)])).toMatchObject({ direction: 'rising', violation: 0, against: null });
    expect(trendOf([point(1, 30), point(2, 4), point(3, 2)]).direction).toBe('falling');
    // 10 and 6 of 40 become 8 and 8: a departure of .05, within chance.
    const small = trendOf([point(1, 0), point(2, 8), point(3, 6), point(4, 20)]);
    expect(small.violation).toBeCloseTo(0.025, 10);
    expect(small.against).toBeNull();
    expect(trendOf([point(1, 0), point(2, 30), point(3, 6), point(4, 20)]).against).toEqual({ from: 2, to: 3 });
  });
});

describe('a bisection', () => {
  it('gives up a cell once a fair bet has won what the confidence allows', () => {
    const make = () => new ProbabilisticBisection({ size: 20, alpha: 0.5, confidence: 0.95, reach: 1 });
    const certain = make();
    // Nothing is known, so nothing is bet on the first round.
    certain.add('above', { at: 10, runs: 30, violations: 30 });
    expect(certain.range).toEqual({ first: 0, last: 20 });
    // Then 35 of 40 are expected: log(2 x .875) a violation, and log 40 = 3.69 is passed with the seventh.
    certain.add('above', { at: 10, runs: 6, violations: 6 });
    expect(certain.range.last).toBe(20);
    certain.add('above', { at: 10, runs: 1, violations: 1 });
    expect(certain.range).toEqual({ first: 0, last: 10 });
    certain.add('below', { at: 4, runs: 30, violations: 0 });
    certain.add('below', { at: 4, runs: 30, violations: 0 });
    expect(certain.range).toEqual({ first: 5, last: 10 });
  });

  it('wins nothing from outcomes that speak for a cell', () => {
    const found = new ProbabilisticBisection({ size: 20, alpha: 0.2, confidence: 0.95, reach: 1 });
    for (let round = 0; round < 5; round++) {
      found.add('above', { at: 12, runs: 50, violations: 0 });
      found.add('below', { at: 5, runs: 50, violations: 50 });
    }
    expect(found.range).toEqual({ first: 0, last: 20 });
    expect(found.isContradicted).toBe(false);
  });
});

describe('a grid of values', () => {
  it('has ten cells for the wanted width, or whole numbers', () => {
    const { values, reach } = valueGrid({ from: 1, to: 4, isWhole: false }, 0.05);
    expect([values[0], values[values.length - 1], reach]).toEqual([1, 4, 4]);
    for (let i = 10; i < values.length; i++) expect(values[i] / values[i - 10]).toBeLessThan(1.05001);
    expect(valueGrid({ from: 0, to: 1, isWhole: false }, 0.05).values).toHaveLength(201);
    expect(valueGrid({ from: 2, to: 9, isWhole: true }, 0.05)).toEqual({ values: [2, 3, 4, 5, 6, 7, 8, 9], reach: 0 });
  });
});
