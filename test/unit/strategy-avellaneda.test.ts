/** The finite-horizon maker's orders: whole ticks, joins, tolerance, limits. */
import { describe, expect, it } from 'vitest';
import { strategyNamed } from '../../agents/index.js';
import { AgentField, AgentStatus } from '../../sim/strategy/index.js';
import { StrategyBench } from '../support/strategy-bench.js';

const SECOND = 1e6;
/** Price 100 in ticks of a cent; one lot is one unit. */
const MID = 10_000;

function maker(params: Record<string, number> = {}, leverageMax = 1000): StrategyBench {
  const bench = new StrategyBench(strategyNamed('avellaneda-stoikov'), {
    params: { sizeLots: 10, ...params },
    terms: { kind: 'linear', multiplier: 1, quotePerTick: 0.01, quotePerLot: 1 },
    periodMicros: SECOND,
    leverageMax,
  });
  bench.show(MID);
  bench.setEquity(10_000, MID);
  bench.start();
  return bench;
}

const live = (bench: StrategyBench): number[][] =>
  [0, 1].map((side) => bench.desk.live(0, side).map((order) => order.priceTicks));

describe('avellaneda-stoikov', () => {
  it('rounds its quotes away from the reservation price', () => {
    const bench = maker();
    bench.decide(0);
    // 99.154615 and 100.845385.
    expect(live(bench)).toEqual([[9915], [10_085]]);
    expect(bench.timers[0]).toBe(SECOND);
  });

  it('joins the touch where a quote would trade, unless told to take', () => {
    for (const [postOnly, ask] of [[1, 10_000], [0, 9965]]) {
      const bench = maker({ postOnly });
      bench.fill(30);
      bench.decide(0);
      // 97.954615 and 99.645385, which lies below the best bid of 99.99.
      expect(live(bench)).toEqual([[9795], [ask]]);
      expect(bench.get('ask')).toBeCloseTo(99.645385, 6);
    }
  });

  it('leaves orders within the tolerance, and moves the others, cancels first', () => {
    const bench = maker({ toleranceTicks: 5 });
    bench.decide(0);
    bench.desk.take();
    bench.show(MID + 4);
    bench.decide(SECOND);
    expect(bench.desk.take()).toEqual([]);
    bench.show(MID + 5);
    bench.decide(2 * SECOND);
    expect(bench.desk.take().map(({ op, side }) => [op, side])).toEqual([
      ['cancel', 0], ['cancel', 1], ['limit', 0], ['limit', 1],
    ]);
  });

  it('narrows its spread as the session ends, and begins anew', () => {
    const bench = maker({ sessionMicros: 100 * SECOND });
    const spreads = [0, 50, 99, 100].map((second) => {
      bench.decide(second * SECOND);
      return bench.get('ask') - bench.get('bid');
    });
    expect(spreads[0] - spreads[1]).toBeCloseTo(0.2, 9);
    expect(spreads[2]).toBeLessThan(spreads[1]);
    expect(spreads[3]).toBe(spreads[0]);
  });

  it('only reduces at its leverage, and sends nothing in a halt or when ruined', () => {
    const bench = maker({}, 0.2);
    bench.fill(20);
    bench.setEquity(10_000, MID);
    bench.decide(0);
    expect(live(bench).map((side) => side.length)).toEqual([0, 1]);
    bench.desk.take();
    bench.show(MID + 500, { halted: 1 });
    bench.decide(SECOND);
    expect(bench.desk.take()).toEqual([]);
    bench.show(MID + 500);
    bench.setEquity(-5, MID + 500);
    bench.setField(AgentField.status, AgentStatus.liquidated);
    bench.decide(2 * SECOND);
    expect(bench.desk.take().map(({ op }) => op)).toEqual(['cancel']);
    expect(bench.timers[0]).toBe(Infinity);
  });

  it('sends a filled quote again, and no more than its limit leaves room for', () => {
    const bench = maker({ inventoryMax: 1.5, riskAversion: 1e-9, volatility: 0 });
    bench.decide(0);
    bench.desk.take();
    const slot = bench.desk.slots[0].find((order) => order.side === 0 && order.state === 1);
    if (slot) slot.state = 0;
    bench.fill(10);
    bench.decide(SECOND);
    expect(bench.desk.take().map(({ op, side, sizeLots }) => [op, side, sizeLots])).toEqual([
      ['limit', 0, 5],
    ]);
  });
});
