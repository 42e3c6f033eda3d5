/** What a dial is, and what a breaking scenario can do without. */
import { describe, expect, it } from 'vitest';
import { registry } from '../../agents/index.js';
import { dialNamed, rangeOf, shrink } from '../../scenarios/experiment/index.js';
import { canCountOnly, prepare, runMetrics } from '../../scenarios/experiment/run/index.js';
import type { ScenarioSubject } from '../../scenarios/experiment/index.js';
import { parseScenario, resolveScenario } from '../../scenarios/model/index.js';
import { FlatWorld } from '../../scenarios/model/replicates/index.js';
import { loadScenario } from '../../scenarios/runtime/index.js';
import { flatScenario } from '../support/flat-runs.js';
import { SMALL_SCENARIO } from '../support/small-scenario.js';

const small = resolveScenario(parseScenario(SMALL_SCENARIO, 'small'));
const dial = (word: string) => dialNamed(word, small, registry);
const none = { from: undefined, to: undefined };

describe('a dial', () => {
  it('is found by its short name or its path, with the bounds of the schema', () => {
    expect(dial('shock')).toEqual({ path: 'dials.shock', baseline: 1, isWhole: false, min: 0, max: 20 });
    expect(dial('dials.leverage')).toMatchObject({ baseline: 1, max: 100 });
    expect(dial('population.noise.count')).toMatchObject({ baseline: 300, isWhole: true });
    expect(dial('population[2].count')).toMatchObject({ baseline: 50, isWhole: true });
    expect(dial('population.noise.params.ratePerSecond')).toMatchObject({ baseline: 0.2, isWhole: false });
    const { min, max } = dial('population.noise.params.ratePerSecond');
    expect([min, max].every(Number.isFinite)).toBe(true);
    expect(dial('venue.insuranceFund')).toMatchObject({ baseline: 100_000, min: 0 });
    expect(dial('venue.instruments[0].fees.taker').max).toBeLessThanOrEqual(1);
    const flat = resolveScenario(loadScenario('flat-book').scenario);
    expect(dialNamed('flat.R', flat, registry)).toMatchObject({ baseline: 0.6, min: 0, max: 5 });
  });

  it('must be a number', () => {
    expect(() => dial('shok')).toThrow(/--dial was "shok", must be one of crowding, .*did you mean "shock"/);
    expect(() => dial('time.duration')).toThrow(/which holds "5m", must be the path of a number/);
    expect(() => dial('population.nois.count')).toThrow(/must be one of .* or the path of a number/);
  });

  it('is turned from a quarter of its value to four times it, within bounds', () => {
    expect(rangeOf(dial('shock'), none).range).toEqual({ from: 0.25, to: 4, isWhole: false });
    expect(rangeOf(dial('shock'), none).widest).toEqual({ from: 0, to: 20 });
    expect(rangeOf(dial('shock'), { from: 1, to: undefined })).toEqual({
      range: { from: 1, to: 4, isWhole: false },
      widest: { from: 1, to: 20 },
    });
    expect(rangeOf(dial('crowding'), none).range).toEqual({ from: 0, to: 1, isWhole: false });
    expect(rangeOf(dial('population.makers.count'), none).range).toEqual({ from: 1, to: 20, isWhole: true });
    expect(() => rangeOf(dial('shock'), { from: 5, to: 2 })).toThrow(/was 5 to 2, must be of ascending numbers/);
    expect(() => rangeOf(dial('population.makers.count'), { from: 1.5, to: 9 })).toThrow(/whole numbers/);
  });
});

describe('shrinking', () => {
  const needing = (...needed: number[]) => {
    let judged = 0;
    const judge = async (candidates: readonly (readonly number[])[]) => {
      judged += candidates.length;
      return candidates.map((kept) => needed.every((part) => kept.includes(part)));
    };
    return { judge, count: () => judged };
  };

  it('keeps just what is needed', async () => {
    for (const needed of [[], [3], [0, 7], [2, 3, 11], [0, 1, 2, 3, 4, 5]]) {
      const { judge, count } = needing(...needed);
      const found = await shrink(12, judge, 1000);
      expect(found).toEqual({ kept: needed, judged: count(), isMinimal: true });
    }
  });

  it('takes few runs where little is needed', async () => {
    const { judge } = needing(77);
    const found = await shrink(128, judge, 1000);
    expect(found.kept).toEqual([77]);
    expect(found.judged).toBeLessThan(30);
  });

  it('keeps what cannot be left out, and ends at its limit', async () => {
    const judge = async (candidates: readonly (readonly number[])[]) => {
      // Part 1 balances what part 0 opens: one cannot be without the other.
      return candidates.map((kept) => (kept.includes(0) && !kept.includes(1) ? null : kept.includes(0)));
    };
    expect(await shrink(6, judge, 100)).toMatchObject({ kept: [0, 1], isMinimal: true });
    const { judge: none } = needing(0, 1, 2, 3, 4, 5, 6, 7);
    expect(await shrink(8, none, 5)).toMatchObject({ isMinimal: false, judged: 2 });
  });
});

describe('counts only', () => {
  const scenario = loadScenario('flat-book').scenario;
  const counted: ScenarioSubject = { kind: 'scenario', scenario, measured: 'counts only' };
  const place = runMetrics.findIndex((one) => one.name === 'liquidations.count');

  it('are those of ordinary runs, whichever values came before', () => {
    const whole: ScenarioSubject = { kind: 'scenario', scenario };
    for (const R of [0.4, 1.4, 0.9]) {
      const settings = { 'flat.R': R };
      const [counts, ordinary] = [prepare(counted, settings), prepare(whole, settings)];
      for (const seed of [0, 3]) {
        const found = counts(seed).values;
        expect(found[place]).toBe(ordinary(seed).values[place]);
        expect(found.filter((one) => one !== null)).toHaveLength(1);
      }
    }
  });

  it('take turns between values without mixing them', () => {
    const [low, high] = [0.5, 0.9].map((R) => prepare(counted, { 'flat.R': R }));
    const alone = [0.5, 0.9].map((R) => {
      const world = new FlatWorld(flatScenario({ R }));
      return [5, 6].map((seed) => {
        world.replicate(seed);
        return world.run.count;
      });
    });
    const inTurn = [5, 6].map((seed) => [low(seed).values[place], high(seed).values[place]]);
    expect(inTurn).toEqual([5, 6].map((_, k) => [alone[0][k], alone[1][k]]));
  });

  it('are for flat books as they are described', () => {
    expect(canCountOnly(flatScenario({}))).toBe(true);
    expect(canCountOnly(flatScenario({}, ['dials.depth=2']))).toBe(false);
    expect(canCountOnly(small)).toBe(false);
  });

  it('come from a world that is only turned where nothing else differs', () => {
    const world = new FlatWorld(flatScenario({ R: 0.6 }));
    expect(world.tune(flatScenario({ R: 0.6, refill: 0.5 }))).toBe(false);
    expect(world.tune(flatScenario({ R: 0.6, cap: 500 }))).toBe(false);
    // A smaller R has a wider shock than its seller was given money for.
    expect(world.tune(flatScenario({ R: 0.3 }))).toBe(false);
    expect(world.tune(flatScenario({ R: 1.2 }))).toBe(true);
  });
});
