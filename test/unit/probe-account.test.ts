/** The account of a probed agent: average cost, by hand. */
import { describe, expect, it } from 'vitest';
import { accountEquity, fillAccount, openAccount } from '../../sim/probe/account.js';
import { AgentField, Economics, ROW_HEADER } from '../../sim/strategy/index.js';

const economics = new Economics({
  kind: 'linear', multiplier: 1 / 1024, quotePerTick: 1 / 1024, quotePerLot: 1,
});
const ticks = (price: number): number => price * 1024;

/** An account of 1000 at 100, and what it is worth after trades. */
function account(position = 0, entry = 100) {
  const rows = new Float64Array(ROW_HEADER);
  openAccount(rows, 0, economics, {
    equityQuote: 1000, positionLots: position, entryTicks: ticks(entry), priceTicks: ticks(100),
  });
  return {
    trade(lots: number, price: number) {
      fillAccount(rows, 0, economics, { lots, priceTicks: ticks(price) });
      return this;
    },
    equity: (price: number) => accountEquity(rows, 0, economics, ticks(price)),
    entry: () => rows[AgentField.cost] / rows[AgentField.position],
    position: () => rows[AgentField.position],
    cost: () => rows[AgentField.cost],
    wallet: () => rows[AgentField.wallet],
  };
}

describe('the account of a probe', () => {
  it('is worth its equity at the opening, whatever the entry', () => {
    expect(account(5, 90).equity(100)).toBe(1000);
    expect(account(-5, 90).equity(100)).toBe(1000);
    expect(account(5, 90).wallet()).toBe(950);
    expect(account(-4, 110).equity(90)).toBe(1040);
  });

  it('averages what it adds', () => {
    const long = account().trade(1, 100).trade(3, 104);
    expect([long.position(), long.entry(), long.wallet()]).toEqual([4, 103, 1000]);
    expect(long.equity(103)).toBe(1000);
    const short = account().trade(-1, 100).trade(-1, 110);
    expect([short.position(), short.entry(), short.equity(100)]).toEqual([-2, 105, 1010]);
  });

  it('realises the profit of what it closes and keeps the entry of the rest', () => {
    const long = account().trade(4, 100).trade(-1, 108);
    expect([long.position(), long.entry(), long.wallet(), long.equity(100)]).toEqual([3, 100, 1008, 1008]);
    const short = account().trade(-4, 100).trade(3, 90);
    expect([short.position(), short.entry(), short.wallet(), short.equity(90)]).toEqual([-1, 100, 1030, 1040]);
  });

  it('opens anew at the price when it turns over, without a rest of the old cost', () => {
    const turned = account().trade(3, 100).trade(-5, 110);
    expect([turned.position(), turned.entry(), turned.wallet()]).toEqual([-2, 110, 1030]);
    expect(turned.trade(2, 105).equity(1)).toBe(1040);
    expect([turned.position(), turned.cost()]).toEqual([0, 0]);
    // A third of three times a third is not a third: nothing may be left of it.
    const odd = account().trade(0.1, 101.3).trade(0.2, 99.7).trade(-0.3, 100.1);
    const rest = odd.position();
    odd.trade(-rest, 100);
    expect([odd.position(), odd.cost()]).toEqual([0, 0]);
    const crossing = account().trade(1 / 3, 97.1).trade(-2 / 3, 103.7);
    expect(crossing.cost()).toBe(crossing.position() * 103.7);
  });

  it('changes nothing by trading at the mark', () => {
    const busy = account(2, 95);
    for (const lots of [1.5, -7.25, 3, -0.5, 12]) {
      busy.trade(lots, 101);
      expect(busy.equity(101)).toBeCloseTo(1002, 10);
    }
  });
});
