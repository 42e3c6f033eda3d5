/** Studies as they are written: what is refused, and what becomes of the rest. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadStudy, planStudy } from '../../scenarios/experiment/index.js';
import type { StudyPlan } from '../../scenarios/experiment/index.js';
import { remove, scratchFolder } from '../support/cli-process.js';
import { TOY_STUDY, writeStudy } from '../support/tiny-study.js';

let folder: string;
beforeAll(() => {
  folder = scratchFolder();
});
afterAll(() => remove(folder));

async function planned(text: string): Promise<StudyPlan> {
  return planStudy(await loadStudy(writeStudy(folder, text)));
}

async function refusal(text: string): Promise<{ code: string; message: string }> {
  try {
    await planned(text);
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { code, message: message.replaceAll(folder, '') };
  }
  throw new Error('was not refused');
}

const head = 'name: s\nbase: { function: morris-toy }\n';

describe('a study that does not fit', () => {
  const cases: readonly (readonly [what: string, text: string, code: string, words: RegExp])[] = [
    ['an unknown argument', `${head}factors: [{ name: a, path: x9, range: [0, 1] }]`, 'study/argument', /:3:.*factor a: .*"x9", must be one of x1, x2, x3/],
    ['an unknown path', 'name: s\nbase: calm\nfactors: [{ name: a, path: dials.leverag, range: [1, 2] }]', 'scenario/key', /:3:.*factor a: .*did you mean "leverage"/],
    ['a value out of range', 'name: s\nbase: calm\nfactors: [{ name: a, path: dials.crowding, range: [0, 2] }]', 'scenario/range', /:3:.*factor a: .*was 2, must be a number in \[0, 1\]/],
    ['an unknown metric', `${head}factors: []\nprimary: [{ metric: liquidation.count }]`, 'metric/unknown', /:4:.*primary\[0\].metric/],
    ['an empty range', `${head}factors: [{ name: a, path: x1, range: [1, 1] }]`, 'study/value', /:3:.*range: was "\[1, 1\]", must have its least value/],
    ['a log over zero', `${head}factors: [{ name: a, path: x1, range: [0, 1], transform: log }]`, 'study/value', /must lie above 0 with transform: log/],
    ['a simplex that cannot sum to one', `${head}factors:\n - { name: a, path: x1, range: [0.7, 1], simplex: m }\n - { name: b, path: x2, range: [0.6, 1], simplex: m }`, 'study/simplex', /least shares sum to 1.29999|least shares sum to 1.3/],
    ['a point whose simplex does not sum', `${head}factors:\n - { name: a, path: x1, simplex: m }\n - { name: b, path: x2, simplex: m }\ndesign: { kind: list, points: [{ a: 0.5, b: 0.4 }] }`, 'study/simplex', /sums to 0.9", must sum to 1/],
    ['a design over budget', `${head}factors: [{ name: a, path: x1, range: [0, 1] }]\nbudget: 10`, 'study/budget', /:4:9 budget: was 10, must be at least the 50 runs/],
    ['a misspelt key', `${head}factors: []\nreplicats: 3`, 'study/key', /:4:1 replicats: unknown key, is not a key here \(did you mean "replicates"/],
    ['a column twice', `${head}factors: [{ name: seed, path: x1, range: [0, 1] }]`, 'study/value', /must not be the name of another column/],
    ['a factor without values', `${head}factors: [{ name: a, path: x1 }]`, 'study/value', /must have either range or values/],
    ['no base', 'name: s\nfactors: []', 'study/value', /base: was missing/],
    ['an unknown function', 'name: s\nbase: { function: ishigammi }', 'study/function', /did you mean "ishigami"/],
    ['text that is no YAML', 'name: [', 'study/syntax', /:1:/],
    ['a variant with a wrong value', 'name: s\nbase: calm\nvariants: [{ name: v, set: { venue.insuranceFund: -1 } }]', 'scenario/range', /:3:.*venue.insuranceFund: was -1/],
  ];
  const two = (paths: readonly string[]) => paths.map((path, i) => `{ name: f${i}, path: "${path}", values: [1, 2] }`).join(', ');
  const more: typeof cases = [
    ['an unknown function, with its place', 'name: s\nbase: { function: ishigammi }', 'study/function', /study.yaml:2:\d+ base.function: was "ishigammi"/],
    ['an unknown scenario, with its place', 'name: s\nbase: clam', 'scenario/unknown', /study.yaml:2:7 scenario was "clam".*did you mean "calm"/],
    ['nothing at all', '', 'study/value', /:1:1 study: was missing, must be a mapping with name/],
    ['seeds beyond 2^53', `${head}seed: 9007199254740990\nreplicates: 3`, 'study/range', /:3:7 seed: .*must be at most 9007199254740989/],
    ['a rule that may ask for too many runs', `${head}factors: [{ name: a, path: x1, range: [0, 1] }]\nreplicates: { metric: y, precision: 0.1, min: 2, max: 1000000 }\ndesign: { kind: grid, levels: 11 }`, 'study/budget', /:4:\d+ replicates.max: was 1000000, must be at most 909090: a study has 10000000/],
    ['a path that two factors set', `${head}factors: [${two(['x1', 'x1'])}]`, 'study/path', /factors\[0\].path: was "x1", must not be replaced by factor f1/],
    ['two names of one path', `name: s\nbase: calm\nfactors: [${two(['population[0].count', 'population.retail.count'])}]`, 'study/path', /replaced by factor f1, which sets population.retail.count/],
    ['a factor over a part of it', `name: s\nbase: calm\nfactors: [${two(['venue.insuranceFund', 'venue'])}]`, 'study/path', /replaced by factor f1, which sets venue after/],
    ['a variant that a factor undoes', `${head}factors: [${two(['x1'])}]\nvariants: [{ name: a }, { name: b, set: { x1: 3 } }]`, 'study/path', /variants\[1\].set.x1: .*replaced by factor f0/],
    ['the figure as a factor', `${head}factors: [{ name: Y, path: x1, range: [0, 1] }]`, 'study/value', /must not be the name of another column/],
    ['strategies of a function', 'name: s\nbase: { function: ishigami, strategies: [a.ts] }', 'study/value', /base.strategies: .*must be left out/],
    ['a quantile at nothing', `${head}primary: [{ metric: y, statistic: p0.0 }]`, 'study/value', /statistic: was "p0.0", must be mean/],
    ['a point outside its range', `${head}factors: [{ name: a, path: x1, range: [0, 1] }]\ndesign: { kind: list, points: [{ a: 0 }, { a: 1.5 }] }`, 'study/factor', /points\[1\].a: was 1.5, must be a number in \[0, 1\]/],
    ['a point that is text where values are numbers', `${head}factors: [{ name: a, path: x1, values: [0, 1] }]\ndesign: { kind: list, points: [{ a: "1" }] }`, 'study/factor', /points\[0\].a: was "1", must be one of/],
  ];
  for (const [what, text, code, words] of [...cases, ...more]) {
    it(`refuses ${what} in one line, with its place`, async () => {
      const { code: was, message } = await refusal(text);
      expect(was).toBe(code);
      expect(message).toMatch(words);
      expect(message.split('\n')).toHaveLength(1);
    });
  }
});

describe('a plan', () => {
  it('numbers runs by point, variant, replicate, and shares seeds', async () => {
    const plan = await planned(TOY_STUDY);
    expect([plan.points, plan.variants, plan.replicates, plan.size]).toEqual([12, 2, 5, 120]);
    for (let index = 0; index < plan.size; index++) expect(plan.indexOf(plan.placeOf(index))).toBe(index);
    expect(plan.requestOf(0)).toEqual({ subject: 0, settings: { x1: 0, x2: 0 }, seed: 0, index: 0 });
    expect(plan.requestOf(9)).toEqual({ subject: 0, settings: { x3: 1, x1: 0, x2: 0 }, seed: 4, index: 9 });
    const keys = new Set(Array.from({ length: plan.size }, (_, index) => plan.keyOf(index)));
    expect(keys.size).toBe(plan.size);
  });

  it('gives a run the same key in another study, and a study of other prose the same digest', async () => {
    const plan = await planned(TOY_STUDY);
    const other = await planned(TOY_STUDY.replace('name: toy', 'name: other\nquestion: why').replace('replicates: 5', 'replicates: 3'));
    expect(other.keyOf(0)).toBe(plan.keyOf(0));
    expect(other.digest).not.toBe(plan.digest);
    const prose = await planned(TOY_STUDY.replace('name: toy', 'name: toy\nquestion: why'));
    expect(prose.digest).toBe(plan.digest);
  });

  it('orders runs so that every beginning is an even share', async () => {
    const plan = await planned(TOY_STUDY);
    const order = [...plan.runs(0, plan.replicates)];
    expect(new Set(order).size).toBe(plan.size);
    const counts = new Map<number, number>();
    for (const index of order.slice(0, 2 * 12 * 2)) {
      const { point } = plan.placeOf(index);
      counts.set(point, (counts.get(point) ?? 0) + 1);
    }
    expect([...counts.values()]).toEqual(new Array(12).fill(4));
  });

  it('spells out ranges, logs, integers, lists, distributions and scaled settings', async () => {
    const text = `${head}factors:
  - { name: a, path: x1, range: [1, 100], transform: log, levels: 3 }
  - { name: b, path: x2, range: [1, 2], transform: integer }
  - { name: c, sets: [{ path: x3, scale: -2, offset: 1 }], values: [0, 0.25] }
`;
    const plan = await planned(text);
    expect(plan.points).toBe(12);
    const values = plan.design.points.map((one) => one.values.map(Number));
    expect([...new Set(values.map(([a]) => a))]).toEqual([1, 10, 100].map((one) => expect.closeTo(one, 9)));
    expect([...new Set(values.map(([, b]) => b))]).toEqual([1, 2]);
    expect(plan.design.points[1].settings).toMatchObject({ x3: 0.5 });
  });

  it('keeps shares of a mix on the simplex in every design', async () => {
    const mix = 'factors:\n - { name: a, path: x1, simplex: m }\n - { name: b, path: x2, range: [0.2, 1], simplex: m }\n - { name: c, path: x3, simplex: m }\n';
    for (const design of ['{ kind: grid, levels: 4 }', '{ kind: sobol, points: 32 }', '{ kind: latinHypercube, points: 20 }', '{ kind: saltelli, rows: 4 }', '{ kind: random, points: 9 }']) {
      const plan = await planned(`${head}${mix}design: ${design}\n`);
      for (const { values } of plan.design.points) {
        const [a, b, c] = values.map(Number);
        expect(a + b + c).toBeCloseTo(1, 12);
        expect(Math.min(a, b - 0.2, c)).toBeGreaterThanOrEqual(-1e-12);
      }
    }
  });
});
