/** Rules that bet: stakes of the anti-martingale, units and stops of the pyramid. */
import { describe, expect, it } from 'vitest';
import { strategyNamed } from '../../agents/index.js';
import { AgentField, WakeReason } from '../../sim/strategy/index.js';
import { FINE_LINEAR, StrategyBench } from '../support/strategy-bench.js';

describe('anti-martingale', () => {
  /** Stakes, over the base stake, of bets with the given outcomes. */
  function stakes(outcomes: string, params: Record<string, number> = {}): number[] {
    const bench = new StrategyBench(strategyNamed('anti-martingale'), { params });
    const barrier = params.barrier ?? 0.02;
    let mark = 1_000_000;
    bench.show(mark);
    bench.setEquity(100, mark);
    bench.start();
    bench.decide(0);
    const seen: number[] = [];
    for (const [k, outcome] of [...outcomes].entries()) {
      seen.push((Math.abs(bench.batch.target[0]) * barrier) / (0.01 * 100));
      const up = (outcome === '1') === bench.batch.target[0] > 0;
      mark = up ? bench.alertAbove[0] : bench.alertBelow[0];
      bench.show(mark, { high: mark, low: mark });
      bench.setEquity(100, mark);
      bench.decide((k + 1) * 1e6, WakeReason.alert);
    }
    return seen;
  }

  it('stakes 1,2,4,1,2,4,1,2,1,1,1 on the outcomes 11011110001', () => {
    const seen = stakes('11011110001');
    const expected = [1, 2, 4, 1, 2, 4, 1, 2, 1, 1, 1];
    for (const [k, x] of expected.entries()) expect(seen[k]).toBeCloseTo(x, 9);
  });

  it('is worth (2p)^k - 1 base stakes a cycle', () => {
    for (const [p, expected] of [[18 / 37, -0.151592], [0.55, 0.771561]]) {
      let worth = 0;
      let survival = 1;
      for (let wins = 0; wins <= 6; wins++) {
        const outcomes = wins < 6 ? `${'1'.repeat(wins)}0` : '111111';
        const seen = stakes(outcomes, { winsMax: 6 });
        const gain = seen.reduce((sum, s, k) => sum + (outcomes[k] === '1' ? s : -s), 0);
        worth += (wins < 6 ? survival * (1 - p) : survival) * gain;
        survival *= p;
      }
      expect(worth).toBeCloseTo(expected, 6);
    }
  });

  it('changes side after a loss when told to', () => {
    const bench = new StrategyBench(strategyNamed('anti-martingale'), {
      params: { flipOnLoss: 1 },
    });
    bench.show(10000);
    bench.setEquity(100, 10000);
    bench.start();
    bench.decide(0);
    expect(bench.batch.target[0]).toBeGreaterThan(0);
    bench.show(9800, { low: 9800 });
    bench.decide(1e6, WakeReason.alert);
    expect(bench.batch.target[0]).toBeLessThan(0);
  });

  it('settles a bet the window touched, and counts both barriers as a loss', () => {
    for (const [high, low, wins] of [[10200, 9900, 1], [10100, 9800, 0], [10200, 9800, 0]]) {
      const bench = new StrategyBench(strategyNamed('anti-martingale'), {});
      bench.show(10000);
      bench.setEquity(100, 10000);
      bench.start();
      bench.decide(0);
      bench.show(10010, { high, low });
      bench.decide(1e6, WakeReason.alert);
      expect(bench.get('wins')).toBe(wins);
      expect(bench.get('entryPrice')).toBeCloseTo(100.1, 9);
    }
  });

  it('keeps its bet between the barriers', () => {
    const bench = new StrategyBench(strategyNamed('anti-martingale'), { band: 0.1 });
    bench.show(10000);
    bench.setEquity(100, 10000);
    bench.start();
    bench.decide(0);
    bench.fill(bench.lots());
    bench.show(10150);
    bench.decide(86400e6);
    expect(bench.lots()).toBe(0);
    expect(bench.timers[0]).toBe(2 * 86400e6);
  });
});

describe('pyramiding', () => {
  /** A pyramid whose channel is 90..99.9 and whose average range is 2 (200 ticks). */
  function warm(params: Record<string, number> = {}): StrategyBench {
    const bench = new StrategyBench(strategyNamed('pyramiding'), { params, terms: FINE_LINEAR });
    bench.show(9500);
    bench.setEquity(100_000, 9500);
    bench.start();
    for (let day = 0; day < 20; day++) {
      bench.show(day % 2 === 0 ? 9000 : 9990);
      bench.decide(day * 86400e6);
      expect(bench.batch.target[0]).toBe(0);
    }
    bench.set('averageRange', 200);
    return bench;
  }

  /** One look at a mark, an order filled at it. */
  function look(bench: StrategyBench, mark: number, k: number): void {
    bench.show(mark, { high: mark, low: mark });
    bench.decide((20 + k) * 86400e6, WakeReason.alert);
    bench.fill(bench.lots());
  }

  it('loses 5 % of equity at the common stop when every unit filled at its trigger', () => {
    const bench = warm();
    expect([bench.alertBelow[0], bench.alertAbove[0]]).toEqual([8999, 9991]);
    const start = bench.equityAt(9990);
    [10000, 10100, 10200, 10300].forEach((mark, k) => {
      look(bench, mark, k);
      expect(bench.get('units')).toBe(k + 1);
      expect(bench.field(AgentField.position) * 1e-6).toBeCloseTo(500 * (k + 1), 5);
      if (k < 3) expect(bench.alertAbove[0]).toBe(mark + 100);
    });
    expect(bench.alertAbove[0]).toBe(-1);
    expect(bench.alertBelow[0]).toBe(9900);
    look(bench, 10500, 4);
    expect(bench.get('units')).toBe(4);
    look(bench, 9900, 5);
    expect(bench.field(AgentField.position)).toBe(0);
    expect(bench.equityAt(9900) - start).toBeCloseTo(-5000, 3);
  });

  it('mirrors on the short side, or stays out', () => {
    const bench = warm();
    look(bench, 8990, 0);
    expect(bench.get('side')).toBe(-1);
    expect(bench.alertBelow[0]).toBe(8890);
    expect(bench.alertAbove[0]).toBe(9390);
    look(bench, 8890, 1);
    expect(bench.get('units')).toBe(2);
    expect(bench.alertAbove[0]).toBe(9290);
    look(bench, 9290, 2);
    expect(bench.field(AgentField.position)).toBe(0);
    const longOnly = warm({ allowShort: 0 });
    expect(longOnly.alertBelow[0]).toBe(-1);
    look(longOnly, 8990, 0);
    expect(longOnly.get('units')).toBe(0);
  });

  it('adds one unit a look, half a range apart, and never moves the stop back', () => {
    const bench = warm();
    look(bench, 10000, 0);
    look(bench, 10250, 1);
    expect(bench.get('units')).toBe(2);
    expect(bench.get('stop')).toBeCloseTo(9850, 9);
    look(bench, 10340, 2);
    expect(bench.get('units')).toBe(2);
    look(bench, 10350, 3);
    expect(bench.get('units')).toBe(3);
  });

  it('does not re-enter the same breakout after its stop', () => {
    const bench = warm();
    look(bench, 10000, 0);
    bench.show(10000);
    bench.decide(21 * 86400e6);
    look(bench, 9600, 2);
    expect(bench.get('units')).toBe(0);
    look(bench, 9995, 3);
    expect(bench.get('units')).toBe(0);
    look(bench, 10001, 4);
    expect(bench.get('units')).toBe(1);
  });

  it('leaves on the shorter opposite channel', () => {
    const bench = warm({ stopRanges: 50 });
    look(bench, 10000, 0);
    for (let k = 0; k < 12; k++) {
      bench.show(10000 + k * 10);
      bench.decide((21 + k) * 86400e6);
      bench.fill(bench.lots());
    }
    expect(bench.get('units')).toBeGreaterThan(0);
    expect(bench.get('exitLevel')).toBe(10010);
    look(bench, 10005, 14);
    expect(bench.get('units')).toBe(0);
  });

  it("averages true ranges by Wilder's rule", () => {
    const bench = new StrategyBench(strategyNamed('pyramiding'), { params: { rangeBars: 3 } });
    bench.show(10000);
    bench.setEquity(100, 10000);
    bench.start();
    [10000, 10100, 9900, 10200, 10200].forEach((mark, k) => {
      bench.show(mark);
      bench.decide(k * 86400e6);
    });
    // Ranges 100, 200, 300, 0: means 100, 150, 200, then (2 x 200 + 0) / 3.
    expect(bench.get('averageRange')).toBeCloseTo(400 / 3, 12);
  });
});
