/** Feedback gains of strategies, by central difference, against their closed forms. */
import { describe, expect, it } from 'vitest';
import { strategyNamed as named } from '../../agents/index.js';
import type { Strategy } from '../../sim/strategy/index.js';
import { StrategyBench } from '../support/strategy-bench.js';

const BAR = 60e6;

/** Signed quote traded per unit return, by central difference, bands and lots aside. */
function gain(strategy: Strategy, params: Record<string, number>, warmUp: number[]): number {
  const traded = [1e-4, -1e-4].map((r) => {
    const bench = new StrategyBench(strategy, {
      params,
      terms: { kind: 'linear', multiplier: 1, quotePerTick: 1e-6, quotePerLot: 1e-9 },
      periodMicros: BAR,
    });
    bench.show(warmUp[0]);
    bench.setEquity(100, warmUp[0]);
    bench.start();
    let time = 0;
    for (const mark of warmUp) {
      bench.show(mark, { index: warmUp[0] });
      bench.decide(time);
      bench.fillTarget();
      time = bench.timers[0];
    }
    const mark = warmUp[warmUp.length - 1] * (1 + r);
    bench.show(mark, { index: warmUp[0] });
    bench.decide(time);
    return bench.fillTarget();
  });
  return (traded[0] - traded[1]) / 2e-4;
}

describe('feedback gain, by finite difference', () => {
  const base = 100e6;
  const rising = Array.from({ length: 30 }, (_, k) => base * (1 + 0.001 * k));

  it.each([2, 3, -1, -2])('is beta (beta - 1) A for a leverage target of %d', (beta) => {
    const g = gain(named('leverage-target'), { leverage: beta, slices: 1 }, [base]);
    expect(g).toBeCloseTo(beta * (beta - 1) * 100, 3);
  });

  it('is L (L - 1) W with the volatility channel off', () => {
    // A decay of all but one keeps measured volatility where it was.
    const volatilityTarget = 0.01 * Math.sqrt(365) * 1.5;
    const params = { decayDaily: 0.9999999, volatilityInitial: 0.01, volatilityTarget };
    expect(gain(named('volatility-target'), params, [base])).toBeCloseTo(1.5 * 0.5 * 100, 2);
  });

  it('is positive for the trend follower, negative for the value trader below its cap', () => {
    // Leverage x steepness x weight x sech^2, plus the wealth effect of what it holds.
    expect(gain(named('momentum'), { leverage: 1 }, [base])).toBeCloseTo(100 * 0.1 * 50, 1);
    expect(gain(named('value'), { aggressiveness: 10 }, [base])).toBeCloseTo(-1000, 1);
    expect(gain(named('value'), { aggressiveness: 10 }, rising)).toBeLessThan(0);
  });

  it('turns positive at the cap of the value trader: l (l - 1) W', () => {
    const g = gain(named('value'), { aggressiveness: 1000, leverage: 3 }, [base, base * 0.95]);
    expect(g).toBeCloseTo(600, 0);
  });

  const smooth = ['leverage-target', 'volatility-target', 'momentum'];
  it.each(smooth)('agrees in sign with what %s declares', (name) => {
    const g = gain(named(name), { leverageScale: 10, slices: 1 }, rising);
    expect(Math.sign(g)).toBe(named(name).gainSign);
  });
});
