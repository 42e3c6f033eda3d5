/** The flat book's thresholds, deposits and shock; orders from outside in accounts of their own. */
import { describe, expect, it } from 'vitest';
import { FlatAccounts, STEP_TICKS, Thresholds, flatTerms } from '../../scenarios/model/flat/index.js';
import { applySettings, buildWorld, parseScenario, resolveScenario } from '../../scenarios/model/index.js';
import { FlatTally, FlatWorld, flatResult } from '../../scenarios/model/replicates/index.js';
import { loadScenario } from '../../scenarios/runtime/index.js';
import { WindowLoop, World } from '../../sim/engine/index.js';
import { LocalMemory } from '../../sim/kernel/index.js';
import { EventLog } from '../../sim/trace/index.js';
import { flatScenario } from '../support/flat-runs.js';
import { SMALL_SCENARIO } from '../support/small-scenario.js';

function termsOf(flat: Parameters<typeof flatScenario>[0]) {
  const terms = flatTerms(flatScenario(flat));
  if (terms === null) throw new Error('no flat book');
  return terms;
}

describe('thresholds', () => {
  it('have Poisson numbers per tick, theta / D in the shock and R / 8 beyond', () => {
    const terms = termsOf({ R: 0.8, theta: 3, cap: 200 });
    expect(terms.shockTicks).toBe(30);
    const seeds = 4000;
    const thresholds = new Thresholds(terms, 0);
    const ticks = 200;
    const totals = new Float64Array(ticks);
    const squares = new Float64Array(ticks);
    for (let seed = 0; seed < seeds; seed++) {
      thresholds.begin(seed);
      thresholds.drawTo(ticks);
      const here = new Float64Array(ticks);
      for (let i = 0; i < thresholds.count; i++) {
        const tick = Math.floor(thresholds.depths[i]);
        if (tick < ticks) here[tick]++;
      }
      here.forEach((n, tick) => {
        totals[tick] += n;
        squares[tick] += n * n;
      });
    }
    for (const [from, to, mean] of [[0, 30, 3 / 30], [30, 200, 0.8 / 8]]) {
      let sum = 0;
      let second = 0;
      for (let tick = from; tick < to; tick++) {
        sum += totals[tick];
        second += squares[tick];
      }
      const cells = seeds * (to - from);
      expect(Math.abs(sum / cells - mean)).toBeLessThan(4 * Math.sqrt(mean / cells));
      expect(second / cells - (sum / cells) ** 2).toBeCloseTo(mean, 2);
    }
  });

  it('are the same drawn at once or piece by piece, and end at the cap or the reach', () => {
    const terms = termsOf({ R: 3, theta: 2, cap: 30 });
    const once = new Thresholds(terms, 5);
    once.drawTo(terms.depthTicks);
    const pieces = new Thresholds(terms, 5);
    for (let depth = 0; depth <= terms.depthTicks; depth += 7) pieces.drawTo(depth);
    pieces.drawTo(terms.depthTicks);
    expect(pieces.depths).toEqual(once.depths);
    expect(pieces.count).toBe(once.count);
    expect(once.count).toBe(30);
    expect(once.next).toBe(Infinity);
    const none = new Thresholds(termsOf({ R: 0, theta: 5 }), 5);
    none.drawTo(1e9);
    for (let i = 0; i < none.count; i++) expect(none.depths[i]).toBeLessThan(8);
  });

  it('are where the deposits put them: off the grid, in breach one tick below and not above', () => {
    const scenario = flatScenario({ R: 1.1, theta: 2, cap: 100 });
    const terms = flatTerms(scenario);
    const world = new FlatWorld(scenario, true);
    const spec = buildWorld(scenario, { seed: 3 });
    const accounts = new FlatAccounts(terms ?? termsOf({}), spec.venue.instruments[0]);
    const thresholds = new Thresholds(world.terms, 3);
    thresholds.drawTo(world.terms.depthTicks);
    const opened = new World(new LocalMemory(), spec, 1, new EventLog(() => {}));
    opened.open();
    const { breaches } = opened.venue;
    expect(thresholds.count).toBe(100);
    for (let a = 0; a < thresholds.count; a++) {
      const depth = thresholds.depths[a];
      const above = world.startTicks - Math.floor(depth);
      expect(breaches.slackAt(a, 0, above)).toBeGreaterThan(0);
      expect(breaches.slackAt(a, 0, above - 1)).toBeLessThan(0);
      expect(opened.venue.walletOf(a)).toBe(accounts.depositQuanta(depth));
    }
  });
});

describe('the shock', () => {
  it.each([
    [{ R: 0.6, theta: 2 }, 27],
    [{ R: 0, theta: 2 }, 8],
    [{ R: 5, theta: 0.001 }, 1],
    [{ R: 0.1, theta: 100 }, 2000],
  ])('at %o takes %d levels', (flat, levels) => {
    const spec = buildWorld(flatScenario(flat), { seed: 1 });
    const programs = spec.exogenous.filter((order) => order.isProgram === true);
    expect(programs).toEqual([
      { timeMicros: 1e6, instrument: 0, side: 1, kind: 1, priceTicks: -1, sizeLots: 10 * levels, isProgram: true },
    ]);
    expect(flatTerms(flatScenario(flat))?.depthTicks).toBe(levels + STEP_TICKS * 1000);
  });
});

describe('orders from outside', () => {
  it('trade with a seeded book: programs have an account of their own', () => {
    const program = 'exogenous=[{ name: sale, side: sell, notional: 200000, from: 1s }]';
    const written = parseScenario(SMALL_SCENARIO, 'small.yaml');
    const build = (settings: string[]) =>
      buildWorld(resolveScenario(applySettings(written, settings)), { seed: 1 });
    const spec = build([program, 'time.duration=5s']);
    expect(spec.programQuanta).toBeGreaterThan(0);
    const world = new World(new LocalMemory(), spec, 1, new EventLog(() => {}));
    world.open();
    new WindowLoop(world, { parallel: false, check: true }).run();
    const seller = world.market.exogenousAccount + 1;
    const sold = spec.exogenous.filter((one) => one.isProgram).reduce((sum, one) => sum + one.sizeLots, 0);
    expect(sold).toBeGreaterThan(0);
    expect(world.venue.positionOf(seller, 0)).toBe(-sold);
    expect(world.venue.deskAccount).toBe(seller + 1);
    // Where there is only one of them, all is as it was.
    const noBook = build([program, 'time.duration=5s', 'venue.instruments[0].book.levels=0']);
    expect(noBook.programQuanta).toBeUndefined();
    expect(noBook.exogenous.every((one) => one.isProgram === undefined)).toBe(true);
    expect(build([]).programQuanta).toBeUndefined();
  });
});

describe('a section flat', () => {
  const on = (name: string, settings: string[]) => () =>
    applySettings(loadScenario(name).scenario, settings);

  it.each([
    ['calm', ['flat.R=0.6'], /--set flat\.R=0\.6: flat: was a mapping, must be left out here: only scenario flat-book/],
    ['flat-book', ['flat.R=5.1'], /flat\.R: was 5\.1, must be a number in \[0, 5\]/],
    ['flat-book', ['flat.theta=0'], /flat\.theta: was 0, must be a number in \[0\.001, 100\]/],
    ['flat-book', ['flat.refill=1.5'], /flat\.refill: was 1\.5, must be a number in \[0, 1\]/],
    ['flat-book', ['flat.cap=2001'], /flat\.cap: was 2001, must be an integer in \[1, 2000\]/],
    ['flat-book', ['flat.r=1'], /flat\.r: unknown key.*R/],
    ['flat-book', ['venue.instruments.FLAT.fees.taker=0.001'], /fees\.taker: was 0\.001, must be 0 beside flat/],
    ['flat-book', ['venue.instruments.FLAT.mark.kind=index'], /mark\.kind: was "index", must be last beside flat/],
    ['flat-book', ['venue.instruments.FLAT.book.levels=500'], /book\.levels: was 500, must be at least 8027/],
    ['flat-book', ['venue.instruments.FLAT.book.refill=0.5'], /book\.refill: was 0\.5, must be left out, as flat\.refill says it/],
    ['flat-book', ['venue.instruments.FLAT.index.price=5000'], /contract\.tick: was 1, must put the index above 8035 ticks/],
    ['flat-book', ['population.longs.count=7'], /flat: was a mapping, must be left out here/],
    ['flat-book', ['exogenous=[{ name: a, side: buy, notional: 1, from: 0s }]'], /exogenous: was a sequence, must be empty beside flat/],
  ])('of %s with %o is refused', (name, settings, message) => {
    expect(on(name, settings)).toThrow(message);
  });
});

it('sums the same in any order and any number of parts', () => {
  const world = new FlatWorld(flatScenario({ R: 0.7, theta: 2, cap: 100 }));
  const whole = new FlatTally(world.terms);
  for (let seed = 0; seed < 300; seed++) whole.add(world, seed);
  const merged = new FlatTally(world.terms);
  for (const [from, to] of [[200, 300], [0, 1], [1, 200]]) {
    const part = new FlatTally(world.terms);
    for (let seed = to - 1; seed >= from; seed--) part.add(world, seed);
    merged.merge(part.sums);
  }
  expect(merged.sums).toEqual(whole.sums);
  expect(flatResult(merged)).toEqual(flatResult(whole));
  whole.add(world, 300);
  expect(whole.hash()).not.toBe(merged.hash());
});
