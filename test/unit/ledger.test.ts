import { describe, expect, test } from 'vitest';
import {
  InverseContract,
  Ledger,
  LinearContract,
  POSITION,
  makeContract,
  priceNoWorse,
} from '../../sim/account/index.js';

const linear = new LinearContract({
  kind: 'linear',
  multiplier: 2,
  quotePerTick: 0.5,
  quotePerLot: 1,
});
const inverse = new InverseContract({
  kind: 'inverse',
  multiplier: 1_000_000,
  quotePerTick: 0.5,
  quotePerLot: 1,
});

describe('contracts', () => {
  test('a linear long gains with the price, an inverse one too', () => {
    expect(linear.signedValue(3, 100)).toBe(600);
    expect(linear.signedValue(-3, 100)).toBe(-600);
    expect(inverse.signedValue(3, 7)).toBe(-428571);
    expect(inverse.signedValue(-3, 7)).toBe(428571);
    expect(inverse.signedValue(3, 8) - inverse.signedValue(3, 7)).toBeGreaterThan(0);
    expect(
      makeContract({ kind: 'inverse', multiplier: 5, quotePerTick: 1, quotePerLot: 1 }).kind,
    ).toBe('inverse');
  });

  test('an inverse value stays exact beyond 2^53 on the way', () => {
    const huge = new InverseContract({
      kind: 'inverse',
      multiplier: 3e12,
      quotePerTick: 1,
      quotePerLot: 1,
    });
    const exact = (12_345_678n * 3_000_000_000_000n) / 17_389n;
    expect(huge.signedValue(-12_345_678, 17_389)).toBe(Number(exact));
    expect(huge.signedValue(12_345_678, 17_389)).toBe(-Number(exact));
  });

  test('notional in quote units follows the terms', () => {
    expect(linear.notionalQuote(-4, 100)).toBe(200);
    expect(inverse.notionalQuote(-4, 100)).toBe(4);
  });

  test('the worst acceptable price lies inside the range', () => {
    expect(priceNoWorse(linear, 10, 1999, 4000)).toBe(100);
    expect(priceNoWorse(linear, 10, -5, 4000)).toBe(1);
    expect(priceNoWorse(linear, 10, 1e9, 4000)).toBe(3999);
    expect(priceNoWorse(linear, -10, -2001, 4000)).toBe(100);
    expect(priceNoWorse(inverse, -10, 0, 4000)).toBe(3999);
  });
});

describe('the ledger', () => {
  const wallet = (ledger: Ledger) => ledger.walletOf(0);

  test('opens, adds, closes in part and whole', () => {
    const ledger = new Ledger(2, 1);
    ledger.post(0, 0, 3, 100, 100);
    ledger.post(0, 0, 4, 150, 150);
    expect([ledger.sizeOf(0, 0), ledger.costOf(0, 0), wallet(ledger)]).toEqual([7, 250, 0]);
    // 2 of 7 lots release floor(250 * 2 / 7) = 71
    ledger.post(0, 0, -2, -90, -90);
    expect([ledger.sizeOf(0, 0), ledger.costOf(0, 0), ledger.realised]).toEqual([5, 179, 19]);
    ledger.post(0, 0, -5, -150, -150);
    expect([ledger.sizeOf(0, 0), ledger.costOf(0, 0), wallet(ledger)]).toEqual([0, 0, 19 - 29]);
  });

  test('rounds the cost released by a short against it too', () => {
    const ledger = new Ledger(2, 1);
    ledger.post(0, 0, -7, -250, -250);
    // floor(-250 * 2 / 7) = -72: the profit is -90 + 72
    ledger.post(0, 0, 2, 90, 90);
    expect([ledger.costOf(0, 0), ledger.realised]).toEqual([-178, -18]);
  });

  test('crosses through zero in two parts', () => {
    const ledger = new Ledger(2, 1);
    ledger.post(0, 0, 5, 500, 500);
    ledger.post(0, 0, -8, -880, -550);
    expect([ledger.sizeOf(0, 0), ledger.costOf(0, 0), wallet(ledger)]).toEqual([-3, -330, 50]);
    expect(ledger.openInterest[0]).toBe(0);
  });

  test('releases isolated margin pro rata', () => {
    const ledger = new Ledger(2, 1);
    ledger.credit(0, 1000);
    ledger.post(0, 0, 10, 500, 500);
    ledger.rows[POSITION.margin] = 333;
    expect(ledger.freeOf(0)).toBe(667);
    ledger.post(0, 0, -4, -200, -200);
    expect(ledger.marginOf(0, 0)).toBe(333 - 133);
    ledger.post(0, 0, -6, -300, -300);
    expect([ledger.marginOf(0, 0), ledger.freeOf(0)]).toEqual([0, 1000]);
  });

  test('check finds money and lots from nowhere', () => {
    const ledger = new Ledger(3, 1);
    ledger.credit(0, 100);
    expect(() => ledger.check()).toThrow(/conserved/);
    ledger.outside = 100;
    ledger.check();
    ledger.post(0, 0, 2, 20, 20);
    expect(() => ledger.check()).toThrow(/sum to zero/);
    ledger.post(1, 0, -2, -20, -20);
    ledger.check();
    ledger.rows[0] = 2.5;
    expect(() => ledger.check()).toThrow();
  });

  test('the fund remembers its low', () => {
    const ledger = new Ledger(1, 1);
    ledger.fund = 100;
    ledger.fundMin = 100;
    ledger.moveFund(-30);
    ledger.moveFund(50);
    expect([ledger.fund, ledger.fundMin]).toEqual([120, 70]);
  });
});
