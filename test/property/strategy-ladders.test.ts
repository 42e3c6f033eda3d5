/** What the ladder cards promise: scaling out, stop ladders, trailing rungs. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strategyNamed } from '../../agents/index.js';
import { WakeReason } from '../../sim/strategy/index.js';
import { probeOn, walkOf } from '../support/probe-walk.js';
import { FINE_LINEAR, StrategyBench } from '../support/strategy-bench.js';

const EQUITY = 100_000;
const DAY = 86400e6;
const check = <T>(property: fc.IProperty<T>, numRuns = 60): void =>
  fc.assert(property, { seed: 20200312, numRuns });
const seeds = fc.integer({ min: 0, max: 1e6 });
const sides = fc.constantFrom(1, -1);

/** Bits set in a mask of rungs. */
function bitsOf(mask: number): number {
  let count = 0;
  for (let m = mask; m > 0; m >>= 1) count += m & 1;
  return count;
}

describe('scaling-out', () => {
  const shapes = fc.record({
    direction: sides,
    stopDistance: fc.constantFrom(0.004, 0.01),
    target1: fc.constantFrom(0.5, 1),
    target2: fc.constantFrom(1.5, 2),
    share1: fc.constantFrom(0.2, 1 / 3, 0.5),
    share2: fc.constantFrom(0, 1 / 3, 0.5),
    trailRanges: fc.constantFrom(1, 3, 10),
  });

  it('only ever reduces, and keeps what the first target locked in but for one step', () => {
    let firsts = 0;
    let seconds = 0;
    let trailed = 0;
    check(
      fc.property(seeds, shapes, (seed, shape) => {
        const step = 5e-4;
        const prices = walkOf(seed, step, 400);
        const params = { ...shape, leverage: 1 };
        const probe = probeOn(prices, { strategy: strategyNamed('scaling-out'), params });
        const initial = (shape.direction * EQUITY) / 100;
        let held = initial;
        let fired = 0;
        let stop = -Infinity;
        let locked = -Infinity;
        prices.forEach((price, k) => {
          const before = prices[Math.max(k - 1, 0)];
          const { state, targetPositionUnits: now, equityQuote } = probe.step(price);
          expect(now * shape.direction).toBeGreaterThanOrEqual(0);
          expect(Math.abs(now)).toBeLessThanOrEqual(Math.abs(held) + 1e-9);
          const bits = state.fired as number;
          expect(bits & fired).toBe(fired);
          let expected = 1;
          if (bits & 1) expected -= shape.share1;
          if (bits & 2) expected -= shape.share2;
          if (Math.abs(now) > 1e-6) expect(now / initial).toBeCloseTo(expected, 9);
          expect(state.stop).toBeGreaterThanOrEqual(stop);
          expect(state.lockedQuote as number).toBeGreaterThanOrEqual(locked - 1e-6);
          // A step's move is all by which a level can be missed.
          const gap = Math.abs(held) * Math.abs(price - before);
          const gained = equityQuote - EQUITY;
          if (k > 0 && held !== 0) expect(gained).toBeGreaterThanOrEqual(locked - gap - 1e-6);
          if (bits & 1 && held !== 0) {
            const least = shape.share1 * shape.target1 * shape.stopDistance * EQUITY;
            expect(gained).toBeGreaterThanOrEqual(least - gap - 1e-6);
          }
          if ((bits & 1) > (fired & 1)) firsts++;
          if ((bits & 2) > (fired & 2)) seconds++;
          if (bits === 3 && now === 0 && held !== 0) trailed++;
          held = now;
          fired = bits;
          stop = state.stop as number;
          locked = state.lockedQuote as number;
        });
      }),
    );
    expect(firsts).toBeGreaterThan(15);
    expect(seconds).toBeGreaterThan(10);
    expect(trailed).toBeGreaterThan(5);
  });

  it('enters again after its pause, or never', () => {
    const prices = [100, 98, 98, 98, 98];
    for (const [reentryMicros, expected] of [[0, [1, 0, 0, 0, 0]], [1.5 * DAY, [1, 0, 0, 1, 1]]]) {
      const params = { reentryMicros: reentryMicros as number };
      const probe = probeOn(prices, { strategy: strategyNamed('scaling-out'), params });
      const held = prices.map((price) => Math.sign(probe.step(price).targetPositionUnits));
      expect(held).toEqual(expected);
    }
  });

  it.each(['linear', 'inverse'] as const)(
    'measures R from the entry it is told of, not from the price it wanted (%s)',
    (kind) => {
      const terms = kind === 'linear'
        ? FINE_LINEAR
        : { kind, multiplier: 1e8, quotePerTick: 0.01, quotePerLot: 1e-6 };
      const bench = new StrategyBench(strategyNamed('scaling-out'), { terms });
      bench.show(10_000);
      bench.setEquity(100, 10_000);
      bench.start();
      bench.decide(0);
      bench.fill(bench.lots(), 0, 10_100);
      bench.decide(1e6, WakeReason.fill);
      expect(bench.get('entryTicks')).toBeCloseTo(10_100, 6);
      expect([bench.alertBelow[0], bench.alertAbove[0]]).toEqual([9898, 10_302]);
    },
  );
});

describe('stop-ladder', () => {
  const ladders = fc.record({
    stop1: fc.constantFrom(0, 0.01, 0.02),
    stop2: fc.constantFrom(0.015, 0.03),
    stop3: fc.constantFrom(0.02, 0.05),
    profit1: fc.constantFrom(0, 0.01),
    profit2: fc.constantFrom(0, 0.02),
    profit3: fc.constantFrom(0, 0.03),
    share1: fc.constantFrom(0.2, 0.5),
    share2: fc.constantFrom(0.1, 0.3),
    share3: fc.constantFrom(0.1, 0.6),
    triggerSource: fc.constantFrom(0, 1, 2),
  });

  /** Positions along a path: the watched price walks, the other two stay, or walk by themselves. */
  function positions(
    seed: number, shape: Record<string, number>, side: number, noise: boolean,
  ): { held: number[]; fired: number[]; watched: number[] } {
    const watched = walkOf(seed, 0.01, 60);
    const others = noise ? walkOf(seed + 1, 0.05, 60) : watched.map(() => 100);
    const source = shape.triggerSource;
    const marks = source === 1 ? watched : others;
    const probe = probeOn([100, ...marks, 1000], {
      strategy: strategyNamed('stop-ladder'), params: shape, position: side * 8, equity: 1e9,
    });
    const held: number[] = [];
    const fired: number[] = [];
    marks.forEach((mark, k) => {
      const last = (source === 0 ? watched[k] : others[k]) / probe.economics.quotePerTick;
      const index = source === 2 ? watched[k] : others[k];
      const step = probe.step(mark, { index, fields: { last } });
      held.push(step.targetPositionUnits);
      fired.push(step.state.fired as number);
    });
    return { held, fired, watched };
  }

  it('fires each rung once, at its level, and only ever reduces', () => {
    let rungs = 0;
    check(
      fc.property(seeds, ladders, sides, (seed, shape, side) => {
        const { held, fired, watched } = positions(seed, shape, side, false);
        const { stop1, stop2, stop3, profit1, profit2, profit3, share1, share2, share3 } = shape;
        const distances = [stop1, stop2, stop3, profit1, profit2, profit3];
        const shares = [share1, share2, share3, share1, share2, share3];
        held.forEach((now, k) => {
          const before = k === 0 ? side * 8 : held[k - 1];
          expect(now * side).toBeGreaterThanOrEqual(0);
          expect(Math.abs(now)).toBeLessThanOrEqual(Math.abs(before) + 1e-9);
          // Once it is out its rungs are of no account.
          if (before === 0) return;
          expect(fired[k] & (k === 0 ? 0 : fired[k - 1])).toBe(k === 0 ? 0 : fired[k - 1]);
          const moves = watched.slice(0, k + 1).map((price) => side * (price / watched[0] - 1));
          let left = 1;
          distances.forEach((distance, rung) => {
            const passed =
              rung < 3 ? Math.min(...moves) <= -distance : Math.max(...moves) >= distance;
            const isFired = (fired[k] & (1 << rung)) !== 0;
            expect(isFired).toBe(distance > 0 && passed);
            if (isFired) left -= shares[rung];
          });
          expect(now / (side * 8)).toBeCloseTo(Math.max(left, 0), 9);
        });
        rungs += bitsOf(fired[fired.length - 1]);
      }),
    );
    expect(rungs).toBeGreaterThan(100);
  });

  it('heeds its own price alone: the others may do as they please', () => {
    check(
      fc.property(seeds, ladders, sides, (seed, shape, side) => {
        const still = positions(seed, shape, side, false);
        const noisy = positions(seed, shape, side, true);
        expect(noisy.fired).toEqual(still.fired);
        for (const [k, held] of noisy.held.entries()) expect(held).toBeCloseTo(still.held[k], 9);
      }),
    );
  });

  it.each([[0, 'last'], [1, 'mark'], [2, 'index']] as const)(
    'lets a spike of one price fire only the rungs that watch it (source %d)',
    (triggerSource, watched) => {
      for (const spiked of ['last', 'mark', 'index'] as const) {
        const params = { triggerSource };
        const bench = new StrategyBench(strategyNamed('stop-ladder'), { params });
        bench.show(10_000);
        bench.setEquity(1000, 10_000);
        bench.fill(1e6);
        bench.start();
        bench.decide(0);
        expect(bench.alertBelow[0]).toBe(watched === 'mark' ? 9900 : -1);
        // A spike of the mark is seen by the alert, in the window's low.
        const fields = spiked === 'mark' ? { low: 9850 } : { [spiked]: 9850 };
        bench.show(10_000, fields);
        bench.decide(DAY, WakeReason.timer | WakeReason.alert);
        expect(bench.get('fired')).toBe(spiked === watched ? 1 : 0);
        expect(bench.lots()).toBe(spiked === watched ? -500_000 : 0);
      }
    },
  );

  it('places the stated share of its agents on round prices', () => {
    const agents = 1000;
    const share = (roundShare: number, seed: number): number => {
      const bench = new StrategyBench(strategyNamed('stop-ladder'), {
        count: agents, params: { roundTicks: 100, roundShare }, seed,
      });
      bench.show(10_050);
      bench.start();
      const used = bench.everyone.filter((agent) => bench.get('gridTicks', agent) === 100);
      return used.length / agents;
    };
    const drawn = [1, 2, 3, 4].map((seed) => share(0.3, seed));
    // Four standard errors of a share of 4,000.
    expect(Math.abs(drawn.reduce((sum, x) => sum + x, 0) / 4 - 0.3)).toBeLessThan(0.029);
    expect(new Set(drawn).size).toBeGreaterThan(1);
    expect([share(0, 1), share(1, 1)]).toEqual([0, 1]);
  });
});

describe('trailing-ladder', () => {
  const ladders = fc.record({
    trail1: fc.constantFrom(0, 0.01, 0.02),
    trail2: fc.constantFrom(0.015, 0.03),
    trail3: fc.constantFrom(0.02, 0.05),
    share1: fc.constantFrom(0.2, 0.5),
    share2: fc.constantFrom(0.1, 0.3),
    share3: fc.constantFrom(0.1, 0.2),
  });

  it('fires each rung once, when the price has come down by it from its best', () => {
    let rungs = 0;
    check(
      fc.property(seeds, ladders, sides, (seed, shape, side) => {
        const prices = walkOf(seed, 0.008, 80);
        const probe = probeOn(prices, {
          strategy: strategyNamed('trailing-ladder'),
          params: shape,
          position: side * 8,
          equity: 1e9,
        });
        const trails = [shape.trail1, shape.trail2, shape.trail3];
        const shares = [shape.share1, shape.share2, shape.share3];
        let best = side * prices[0];
        let fired = 0;
        let held = side * 8;
        for (const price of prices) {
          best = Math.max(best, side * price);
          const fall = (best - side * price) / Math.abs(best);
          const { state, targetPositionUnits: now } = probe.step(price);
          let bits = fired;
          let left = 1;
          trails.forEach((trail, k) => {
            if (trail > 0 && fall >= trail) bits |= 1 << k;
            if (bits & (1 << k)) left -= shares[k];
          });
          if (held !== 0) {
            expect(state.fired).toBe(bits);
            expect(now / (side * 8)).toBeCloseTo(Math.max(left, 0), 9);
            expect((state.best as number) * probe.economics.quotePerTick).toBeCloseTo(best, 6);
          }
          expect(Math.abs(now)).toBeLessThanOrEqual(Math.abs(held) + 1e-9);
          fired = bits;
          held = now;
        }
        rungs += bitsOf(fired);
      }),
    );
    expect(rungs).toBeGreaterThan(100);
  });

  it('moves its alerts up with the price, between two ticks of its clock', () => {
    const bench = new StrategyBench(strategyNamed('trailing-ladder'), {});
    bench.show(10_000);
    bench.setEquity(1000, 10_000);
    bench.fill(1e6);
    bench.start();
    bench.decide(0);
    expect([bench.alertBelow[0], bench.alertAbove[0]]).toEqual([9900, 10_010]);
    bench.show(10_150, { high: 10_200, low: 10_100 });
    bench.decide(1e6, WakeReason.alert);
    expect([bench.alertBelow[0], bench.alertAbove[0]]).toEqual([10_098, 10_211]);
    bench.show(10_090, { high: 10_100, low: 10_090 });
    bench.decide(2e6, WakeReason.alert);
    expect(bench.lots()).toBe(-500_000);
    bench.fill(bench.lots());
    bench.decide(3e6, WakeReason.fill);
    expect(bench.alertBelow[0]).toBe(9996);
    expect(bench.timers[0]).toBe(DAY);
  });
});
