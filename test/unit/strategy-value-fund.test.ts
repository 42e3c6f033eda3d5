/** The leveraged value fund: demand, investors, ruin and a fresh start. */
import { describe, expect, it } from 'vitest';
import { strategyNamed } from '../../agents/index.js';
import { Probe } from '../../sim/probe/index.js';

const fund = (params: Record<string, number> = {}, index = 100) => {
  const probe = new Probe({
    strategy: strategyNamed('value-fund'), startPrice: 100, priceMax: 400, params,
  });
  return { probe, at: (price: number) => probe.step(price, { index }) };
};

describe('value-fund', () => {
  it('is long only: b m of its wealth below value, the ceiling far below, nothing above', () => {
    const { at } = fund({ flowSensitivity: 0, aggressiveness: 10, leverage: 3 });
    expect(at(110).targetLeverage).toBe(0);
    expect(at(100).targetLeverage).toBe(0);
    expect(at(95).targetLeverage).toBeCloseTo(0.5, 12);
    expect(at(80).targetLeverage).toBeCloseTo(2, 12);
    expect(at(65).targetLeverage).toBeCloseTo(3, 12);
    expect(at(120).targetLeverage).toBe(0);
  });

  it('follows the arithmetic of the paper for flows', () => {
    const [a, b, benchmark] = [0.1, 0.15, 0.005];
    const { probe, at } = fund({ aggressiveness: 20, leverage: 5 });
    let outside = 0;
    let average = 0;
    let wealth = 0;
    let held = 0;
    let equity = 100_000;
    let last = 0;
    for (const price of [98, 99, 97, 95, 99, 100, 96, 94]) {
      const gained = held * (price - last);
      equity += gained;
      const now = equity + outside;
      const units = (Math.max(Math.min((20 * (100 - price)) / 100, 5), 0) * now) / price;
      const step = at(price);
      expect(step.targetPositionUnits).toBeCloseTo(units, 6);
      let flow = 0;
      if (wealth > 0) {
        average = (1 - a) * average + (a * gained) / wealth;
        flow = Math.max(-1, b * (average - benchmark)) * now;
      }
      outside += flow;
      wealth = now + flow;
      [held, last] = [units, price];
      expect(probe.valueOf('recentReturn')).toBeCloseTo(average, 12);
      expect(probe.valueOf('outside')).toBeCloseTo(outside, 6);
      expect(probe.valueOf('wealth')).toBeCloseTo(wealth, 6);
    }
    // Somebody left: the falls were worse than the benchmark.
    expect(outside).toBeLessThan(0);
  });

  it('closes below a tenth of its wealth and starts again with the whole of it', () => {
    const { probe, at } = fund({ flowSensitivity: 0, aggressiveness: 100, leverage: 4, pauseBars: 3 });
    expect(at(95).targetLeverage).toBeCloseTo(4, 9);
    // A fall of 23 % takes 92 % of the wealth.
    const ruined = at(95 * 0.77);
    expect(ruined.targetPositionUnits).toBe(0);
    expect(probe.valueOf('defaults')).toBe(1);
    const left = ruined.equityQuote;
    expect(left).toBeLessThan(10_000);
    expect(at(70).targetPositionUnits).toBe(0);
    expect(at(70).targetPositionUnits).toBe(0);
    const again = at(70);
    expect(probe.valueOf('outside')).toBeCloseTo(100_000 - left, 6);
    expect(again.targetNotionalQuote).toBeCloseTo(400_000, 6);
  });

  it('turns from calming to amplifying at its ceiling', () => {
    const gains = [-1, 1].map((side) => {
      const { probe, at } = fund({ flowSensitivity: 0, aggressiveness: 20, leverage: 5 });
      at(75 - side);
      const { evaluate } = probe.strategy.gain as NonNullable<typeof probe.strategy.gain>;
      return evaluate({
        equity: probe.equityOf(), exposure: probe.exposureOf(), price: 75 - side, leverageMax: 1e9,
        of: (name) => probe.valueOf(name),
      });
    });
    // Above 75 it is free, (L^2 - b) W with L just below 5; below, l (l - 1) W.
    expect(gains[0].down).toBeCloseTo((4.8 ** 2 - 20) * 1e5, 3);
    expect(gains[1].down).toBeCloseTo(20 * 1e5, 3);
  });

  it('calms only where b exceeds the square of its leverage', () => {
    const { probe, at } = fund({ flowSensitivity: 0, aggressiveness: 5, leverage: 10 });
    at(50);
    const calm = probe.strategy.gain?.evaluate({
      equity: probe.equityOf(), exposure: probe.exposureOf(), price: 50, leverageMax: 1e9,
      of: (name) => probe.valueOf(name),
    });
    expect(calm?.down).toBeCloseTo((2.5 ** 2 - 5) * 1e5, 3);
  });
});
