/** What the betting cards promise of pyramids, martingales, grids and fixed fractions. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strategyNamed } from '../../agents/index.js';
import { measureGain, probeOutcomes } from '../../sim/probe/index.js';
import { AgentField, AgentStatus, WakeReason } from '../../sim/strategy/index.js';
import { probeOn, walkOf } from '../support/probe-walk.js';
import { StrategyBench } from '../support/strategy-bench.js';

const EQUITY = 100_000;
const DAY = 86400e6;
const check = <T>(property: fc.IProperty<T>, numRuns = 60): void =>
  fc.assert(property, { seed: 20200312, numRuns });
const seeds = fc.integer({ min: 0, max: 1e6 });
const outcomes = fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 40 });

describe('pyramiding', () => {
  const shapes = fc.record({
    unitsMax: fc.integer({ min: 1, max: 6 }),
    addRanges: fc.constantFrom(0.25, 0.5, 1),
    stopRanges: fc.constantFrom(0.5, 2, 4),
    unitRatio: fc.constantFrom(0.5, 1, 1.5),
    entryBars: fc.integer({ min: 3, max: 20 }),
  });

  it('keeps its units spaced and within bounds, its stop where it was or tighter', () => {
    let added = 0;
    let again = 0;
    check(
      fc.property(seeds, shapes, (seed, params) => {
        const prices = walkOf(seed, 0.015, 250);
        const probe = probeOn(prices, { strategy: strategyNamed('pyramiding'), params });
        const seen = { units: 0, side: 0, lastFill: 0, stop: 0 };
        // First bar of the last trade: its prices bound the breakout that may follow.
        let began = 0;
        prices.forEach((price, k) => {
          const { state, targetPositionUnits } = probe.step(price);
          const { units, side, lastFill, stop, entryRange } = state as Record<string, number>;
          expect(units).toBeLessThanOrEqual(params.unitsMax);
          expect(Math.sign(targetPositionUnits) * units).toBe(side * units);
          if (units > 0 && seen.units > 0) {
            expect(side).toBe(seen.side);
            expect(units - seen.units === 0 || units - seen.units === 1).toBe(true);
            expect(side * stop).toBeGreaterThanOrEqual(side * seen.stop);
            if (units > seen.units) {
              added++;
              const gap = side * (lastFill - seen.lastFill);
              expect(gap).toBeGreaterThanOrEqual(params.addRanges * entryRange - 2);
            }
          }
          if (units > 0 && seen.units === 0) {
            expect(units).toBe(1);
            const recent = prices.slice(Math.max(began, k - params.entryBars), k);
            if (side === seen.side) {
              again++;
              for (const earlier of recent) expect(side * price).toBeGreaterThan(side * earlier);
            }
            began = k;
          }
          Object.assign(seen, { units, side, lastFill, stop });
        });
      }),
    );
    expect(added).toBeGreaterThan(200);
    expect(again).toBeGreaterThan(10);
  });

  it('stays out of the breakout that stopped it, within the same bar', () => {
    const bench = new StrategyBench(strategyNamed('pyramiding'), {});
    bench.show(9500);
    bench.setEquity(EQUITY, 9500);
    bench.start();
    for (let day = 0; day < 20; day++) {
      bench.show(day % 2 === 0 ? 9800 : 9990);
      bench.decide(day * DAY);
    }
    const look = (mark: number): number => {
      bench.show(mark, { high: mark, low: mark });
      bench.decide(19.5 * DAY, WakeReason.alert);
      bench.fill(bench.lots());
      return bench.get('units');
    };
    expect([10000, 10200, 9810].map(look)).toEqual([1, 2, 0]);
    expect([bench.alertBelow[0], bench.alertAbove[0]]).toEqual([9799, 10201]);
    expect([9995, 10150, 10200, 10201].map(look)).toEqual([0, 0, 0, 1]);
  });

  it('sizes unit k as the first times the ratio to the power k', () => {
    for (const unitRatio of [0.5, 1, 1.5]) {
      const warm = Array.from({ length: 20 }, (_, k) => 97 + 2 * (k % 2));
      const prices = [...warm, 100, 101, 102, 103];
      const strategy = strategyNamed('pyramiding');
      const probe = probeOn(prices, { strategy, params: { unitRatio } });
      const orders = prices.map((price) => probe.step(price).orderUnits).slice(20);
      for (const [k, order] of orders.entries()) {
        expect(order / orders[0]).toBeCloseTo(unitRatio ** k, 12);
      }
    }
  });
});

describe('martingale and anti-martingale', () => {
  const limits = fc.integer({ min: 1, max: 8 });
  const sides = fc.constantFrom(1, -1);

  /** Runs of like outcomes decide the multiple: `grows` lengthens a run, the limit ends it. */
  function multiples(results: number[], grows: number, limit: number): number[] {
    let run = 0;
    return results.map((result) => {
      const multiple = 2 ** run;
      run = result === grows ? (run + 1) % limit : 0;
      return multiple;
    });
  }

  it.each([['anti-martingale', 1, 'winsMax'], ['martingale', 0, 'lossesMax']] as const)(
    '%s stakes powers of two of its base, and the base right after a run',
    (name, grows, limitName) => {
      check(
        fc.property(outcomes, limits, sides, (results, limit, direction) => {
          const { steps } = probeOutcomes(
            {
              strategy: strategyNamed(name),
              startPrice: 100,
              priceMax: 100,
              params: { [limitName]: limit, direction, riskFraction: 1e-4 },
            },
            results,
          );
          const expected = multiples(results, grows, limit);
          expect(steps.map((step) => step.state.multiple)).toEqual(expected);
          // What is lost at the barrier is the stake: part of equity when its run began.
          let base = 0;
          steps.forEach((step, k) => {
            if (expected[k] === 1) base = 1e-4 * step.equityQuote;
            const stake = Math.abs(step.targetNotionalQuote) * 0.02;
            expect(stake / (base * expected[k])).toBeCloseTo(1, 9);
            const next = steps[k + 1]?.equityQuote;
            if (next === undefined) return;
            const won = results[k] === 1 ? stake : -stake;
            expect(next - step.equityQuote).toBeCloseTo(won, 6);
          });
        }),
      );
    },
  );

  it('counts the runs the martingale gave up', () => {
    check(
      fc.property(outcomes, limits, (results, lossesMax) => {
        const { steps } = probeOutcomes(
          {
            strategy: strategyNamed('martingale'),
            startPrice: 100,
            priceMax: 100,
            params: { lossesMax, riskFraction: 1e-4 },
          },
          [...results, 1],
        );
        let busts = 0;
        let run = 0;
        for (const result of results) {
          run = result === 0 ? run + 1 : 0;
          if (run === lossesMax) {
            busts++;
            run = 0;
          }
        }
        expect(steps[steps.length - 1].state.busts).toBe(busts);
      }),
    );
  });
});

describe('grid-averaging', () => {
  const grids = fc.record({
    ratio: fc.constantFrom(1, 1.5, 2, 3),
    spacing: fc.constantFrom(0.005, 0.01, 0.03),
    takeProfit: fc.constantFrom(0.003, 0.005, 0.02),
    rungsMax: fc.integer({ min: 1, max: 7 }),
    direction: fc.constantFrom(1, -1),
  });

  it('averages towards each fill, at its rungs, and leaves only with a profit', () => {
    let rungsFilled = 0;
    let closed = 0;
    check(
      fc.property(seeds, grids, (seed, shape) => {
        const { ratio, spacing, takeProfit, rungsMax, direction } = shape;
        const prices = walkOf(seed, 0.01, 200);
        const params = { ...shape, leverage: 0.001 };
        const probe = probeOn(prices, { strategy: strategyNamed('grid-averaging'), params });
        let held = 0;
        let average = 0;
        let first = { price: 0, lots: 0, equity: EQUITY };
        let rungs = 0;
        for (const price of prices) {
          const { state, targetPositionUnits: now, equityQuote } = probe.step(price);
          expect(now * direction).toBeGreaterThanOrEqual(0);
          if (held === 0 && now !== 0) {
            first = { price, lots: now, equity: equityQuote };
            expect(Math.abs(now * price)).toBeCloseTo(0.001 * equityQuote, 6);
            rungs = 1;
          } else if (Math.abs(now) > Math.abs(held)) {
            const passed = (state.rungs as number) - rungs;
            expect(passed).toBeGreaterThan(0);
            let lots = 0;
            for (let k = rungs; k < rungs + passed; k++) lots += first.lots * ratio ** k;
            expect((now - held) / lots).toBeCloseTo(1, 9);
            rungs += passed;
            rungsFilled += passed;
            const level = first.price * (1 - direction * spacing) ** (rungs - 1);
            expect(direction * (price - level)).toBeLessThanOrEqual(1e-6);
            // Between the last fill and the average before.
            const next = state.averageEntry as number;
            expect(direction * (next - price)).toBeGreaterThanOrEqual(-1e-6);
            expect(direction * (average - next)).toBeGreaterThanOrEqual(-1e-6);
          } else if (Math.abs(now) < Math.abs(held)) {
            closed++;
            expect(now).toBe(0);
            const profit = equityQuote - first.equity;
            const least = takeProfit * average * Math.abs(held);
            expect(profit).toBeGreaterThanOrEqual(least * (1 - 1e-6));
          }
          expect(rungs).toBeLessThanOrEqual(rungsMax);
          held = now;
          average = state.averageEntry as number;
        }
      }),
    );
    expect(rungsFilled).toBeGreaterThan(100);
    expect(closed).toBeGreaterThan(50);
  });

  it('adopts a position it was given as its first rung', () => {
    const prices = [100, 99, 98.01];
    const probe = probeOn(prices, {
      strategy: strategyNamed('grid-averaging'), position: 10, entry: 100,
    });
    expect(prices.map((price) => probe.step(price).orderUnits)).toEqual([0, 20, 40]);
  });

  it('starts over after a liquidation only with equity left', () => {
    for (const [equity, again] of [[50, true], [0.5, false]] as const) {
      const bench = new StrategyBench(strategyNamed('grid-averaging'), { equityQuote: 100 });
      bench.show(10_000);
      bench.setEquity(100, 10_000);
      bench.start();
      bench.decide(0);
      bench.fill(bench.lots());
      bench.decide(1e6, WakeReason.fill);
      expect(bench.alertBelow[0]).toBe(9900);
      bench.show(5000);
      bench.fill(-bench.field(AgentField.position));
      bench.setEquity(equity, 5000);
      bench.setField(AgentField.status, AgentStatus.liquidated);
      bench.decide(2e6, WakeReason.liquidated);
      expect([bench.alertBelow[0], bench.alertAbove[0]]).toEqual([-1, -1]);
      expect(Number.isFinite(bench.timers[0])).toBe(again);
      if (!again) continue;
      bench.decide(bench.timers[0]);
      expect(bench.batch.target[0]).toBeCloseTo(0.1 * equity, 9);
    }
  });

  it('waits out its pause', () => {
    const prices = [100, 101, 101, 101, 101, 101];
    const params = { pauseMicros: 2.5 * DAY };
    const probe = probeOn(prices, { strategy: strategyNamed('grid-averaging'), params });
    const orders = prices.map((price) => Math.sign(probe.step(price).orderUnits));
    expect(orders).toEqual([1, -1, 0, 0, 1, 0]);
  });
});

describe('fixed-fractional', () => {
  it('loses the fraction of equity at its stop, exactly, and gains its multiple', () => {
    check(
      fc.property(
        fc.double({ min: 0.0005, max: 0.05, noNaN: true }),
        fc.double({ min: 0.001, max: 0.5, noNaN: true }),
        fc.double({ min: 10, max: 5000, noNaN: true }),
        fc.constantFrom(1, -1),
        (riskFraction, stopDistance, entry, direction) => {
          const params = { riskFraction, stopDistance, direction, profitMultiple: 1.5 };
          const stop = entry * (1 - direction * stopDistance);
          const profit = entry * (1 + direction * stopDistance * 1.5);
          for (const [end, worth] of [[stop, -riskFraction], [profit, 1.5 * riskFraction]]) {
            if (end <= 0) continue;
            const prices = [entry, end];
            const probe = probeOn(prices, { strategy: strategyNamed('fixed-fractional'), params });
            const lots = probe.step(entry).orderUnits;
            expect(lots / ((riskFraction * EQUITY) / (entry - stop))).toBeCloseTo(1, 9);
            const after = probe.step(end);
            expect(after.orderUnits).toBeCloseTo(-lots, 9);
            expect((after.equityQuote - EQUITY) / EQUITY).toBeCloseTo(worth, 9);
          }
        },
      ),
    );
  });

  it('trades again after a trade, on the side of the last bar', () => {
    const prices = [100, 101, 98, 97, 96.9];
    const probe = probeOn(prices, { strategy: strategyNamed('fixed-fractional') });
    const sides = prices.map((price) => Math.sign(probe.step(price).targetPositionUnits));
    // In at 101; the fall of 3 % stops it out at 97; short from the next bar on.
    expect(sides).toEqual([0, 1, 1, 0, -1]);
  });
});

describe('constant-mix', () => {
  it('trades f (f - 1) W r, and measures that gain', () => {
    check(
      fc.property(
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: -0.2, max: 0.2, noNaN: true }),
        (share, r) => {
          const prices = [100, 100 * (1 + r)];
          const strategy = strategyNamed('constant-mix');
          const probe = probeOn(prices, { strategy, params: { share } });
          probe.step(prices[0]);
          const g = share * (share - 1) * EQUITY;
          const gain = measureGain(probe, prices[0]);
          expect((gain.closedDown as number) / EQUITY).toBeCloseTo(g / EQUITY, 12);
          expect(gain.down / EQUITY).toBeCloseTo(g / EQUITY, 8);
          expect(gain.up / EQUITY).toBeCloseTo(g / EQUITY, 8);
          const { orderUnits, price } = probe.step(prices[1]);
          if (1 + share * r > 0) expect(orderUnits * price).toBeCloseTo(g * r, 5);
        },
      ),
    );
  });
});
