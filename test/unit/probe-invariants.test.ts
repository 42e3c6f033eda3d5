/** Each invariant catches a rule that breaks it, and lets its honest twin pass. */
import { describe, expect, it } from 'vitest';
import { checkInvariants, type InvariantName, moneyDimension } from '../../sim/probe/index.js';
import { AgentField, MARKET_FIELDS, MarketField, type Strategy } from '../../sim/strategy/index.js';
import { type TinyRule, tinyRule } from '../support/tiny-rule.js';

function broken(strategy: Strategy): InvariantName[] {
  return checkInvariants(strategy, { runs: 12 }).map(({ invariant }) => invariant);
}

/** Holds twice its equity, and leaves when it has none. */
const honest: TinyRule['each'] = (batch, i) => {
  batch.target[i] = 2 * Math.max(batch.equity[i], 0);
};
const after = (more: TinyRule['each']): TinyRule['each'] => (batch, i, r, at) => {
  honest(batch, i, r, at);
  more?.(batch, i, r, at);
};

/** What each bad rule adds to the honest one, and what must be found. */
const sizing: [string, InvariantName, TinyRule][] = [
  ['an endless target', 'outputs', { each: after((b, i) => { b.target[i] /= 0; }) }],
  ['a timer in the past', 'outputs', { each: after((b, i) => { b.wakeAt[i] = b.time[i]; }) }],
  ['half a tick', 'outputs', { each: after((b, i) => { b.alertBelow[i] = 10.5; }) }],
  ['a parameter that changes', 'outputs', {
    params: { size: { default: 1 } },
    each: after((b, _i, r, at) => { b.rows[r + at.size] += 1; }),
  }],
  ['equity of its own making', 'leverage-cap', {
    each: (b, i) => { b.target[i] = 1000 * b.equity[i]; b.equity[i] *= 1000; },
  }],
  ['a position of its own making', 'reduce-only', {
    each: after((b, _i, r) => { b.rows[r + AgentField.position] *= -1; }),
  }],
  ['what its neighbour does', 'alone-as-in-batch', {
    each: after((b, i) => { b.target[i] *= 1 + i / 10; }),
  }],
  ['an amount of money in the code', 'currency-scale', { each: (b, i) => { b.target[i] = 20; } }],
  ['a price without its unit', 'currency-scale', {
    params: { level: { default: 1000, unit: '1' } },
    each: (b, i, r, at) => { b.target[i] = b.price[i] > b.rows[r + at.level] ? b.equity[i] : 0; },
  }],
  ['round numbers it does not declare', 'currency-scale', {
    each: (b, i) => { b.target[i] = b.equity[i] * (Math.round(b.price[i]) % 10 < 5 ? 1 : 0.5); },
  }],
  ['the next snapshot', 'no-look-ahead', {
    each: after((b, i) => {
      const next = b.market[b.marketAt[i] + MARKET_FIELDS + MarketField.mark];
      b.target[i] *= next > b.market[b.marketAt[i] + MarketField.mark] ? 1 : -1;
    }),
  }],
];

describe('checkInvariants', () => {
  it('finds nothing in an honest rule, sizing or quoting', () => {
    expect(broken(tinyRule({ each: honest }))).toEqual([]);
    expect(broken(tinyRule({
      style: 'quoting',
      each(batch, i, r) {
        batch.orders.cancelAll(i);
        if (batch.rows[r + AgentField.status] === 0 && batch.equity[i] > 0) {
          batch.orders.limit(i, 0, batch.market[batch.marketAt[i] + MarketField.mark] - 3, 5, 0);
        }
      },
    }))).toEqual([]);
  });

  it.each(sizing)('catches %s: %s', (_what, invariant, rule) => {
    const failures = checkInvariants(tinyRule(rule), { runs: 12 });
    expect(failures.map((one) => one.invariant)).toContain(invariant);
    const failure = failures.find((one) => one.invariant === invariant);
    expect(failure?.message).not.toBe('');
    expect(failure?.decision).not.toBeNull();
    expect(failure?.terms).toMatchObject({ seed: expect.any(Number) });
  });

  it('catches state outside the row', () => {
    let calls = 0;
    const found = broken(tinyRule({ each: after((b, i) => { b.target[i] *= 1 + (calls++ % 7) / 10; }) }));
    expect(found).toContain('determinism');
  });

  it('catches a quoting rule that quotes after its ruin, in money, or by the future', () => {
    const quoting = (price: (mark: number, next: number, quotePerTick: number) => number) =>
      broken(tinyRule({
        style: 'quoting',
        each(b, i) {
          const at = b.marketAt[i] + MarketField.mark;
          b.orders.cancelAll(i);
          b.orders.limit(i, 0, price(b.market[at], b.market[at + MARKET_FIELDS], b.economics.quotePerTick), 5, 0);
        },
      }));
    expect(quoting((mark) => mark - 3)).toEqual(['no-equity-no-orders']);
    // A look at its status alone does not tell it that its equity is gone.
    expect(broken(tinyRule({
      style: 'quoting',
      each(b, i, r) {
        if (b.rows[r + AgentField.status] === 0) b.orders.limit(i, 0, b.market[b.marketAt[i] + MarketField.mark] - 3, 5, 0);
      },
    }))).toEqual(['no-equity-no-orders']);
    expect(quoting((mark, _next, tick) => mark - Math.round(1 / tick))).toContain('currency-scale');
    expect(quoting((mark, next) => Math.min(mark, next ?? mark) - 3)).toContain('no-look-ahead');
  });

  it('catches a sizing rule that orders without equity', () => {
    const found = broken(tinyRule({
      each: (b, i) => { b.target[i] = 20 * b.price[i]; b.equity[i] = Math.max(b.equity[i], 1e6 * b.price[i]); },
    }));
    expect(found).toContain('no-equity-no-orders');
  });

  it('scales parameters by their unit, and round numbers by powers of ten when declared', () => {
    const inMoney = (unit: string) => tinyRule({
      params: { stake: { default: 20, unit } },
      each: (b, i, r, at) => { b.target[i] = b.rows[r + at.stake]; },
    });
    expect(broken(inMoney('quote'))).toEqual([]);
    expect(broken(inMoney('1'))).toEqual(['currency-scale']);
    const perPrice = tinyRule({
      params: { slope: { default: 0.01, unit: '1/price' } },
      each: (b, i, r, at) => { b.target[i] = b.equity[i] * Math.min(b.rows[r + at.slope] * b.price[i], 2); },
    });
    expect(broken(perPrice)).toEqual([]);
    // Digits of a price: the same at ten times the price.
    const digits: TinyRule['each'] = (b, i) => {
      let p = b.price[i] * (1 + 1e-9);
      while (p >= 10) p /= 10;
      while (p < 1) p *= 10;
      b.target[i] = b.equity[i] * (Math.floor(p) % 2);
    };
    expect(broken(tinyRule({ each: digits }))).toEqual(['currency-scale']);
    expect(broken(tinyRule({ each: digits, roundNumbers: true }))).toEqual([]);
  });

  it('is a function of its seed', () => {
    const rule = tinyRule({ each: (b, i) => { b.target[i] = 20; } });
    const once = checkInvariants(rule, { seed: 5, runs: 3 });
    expect(checkInvariants(rule, { seed: 5, runs: 3 })).toEqual(once);
    expect(checkInvariants(rule, { seed: 6, runs: 3 })).not.toEqual(once);
  });
});

describe('moneyDimension', () => {
  it.each([
    ['quote', 1], ['price', 1], ['1/price', -1], ['1/quote', -1], ['quote/second', 1], ['price^2', 2],
    ['1/price^2', -2], ['price/quote', 0], ['quote^2/second', 2], ['1', 0], ['fraction', 0],
    ['1/second', 0], ['microseconds', 0], ['price ticks', 1], ['leverage', 0],
  ])('of %s is %d', (unit, dimension) => {
    expect(moneyDimension(unit)).toBe(dimension);
  });
});
