/** Numbers and times in words. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  amountText,
  axisAmountText,
  bpsText,
  clockText,
  dateText,
  durationText,
  groupText,
  parseClock,
  percentText,
  priceText,
  tickDecimals,
} from '../../viz/data/index.js';

const START = Date.UTC(2020, 2, 12);
const HOUR = 3_600_000_000;

describe('times', () => {
  it.each([
    [0, START, '00:00:00.000'],
    [26.25 * HOUR, START, '02:15:00.000'],
    [1, START, '00:00:00.000'],
    [61_001_999, START, '00:01:01.001'],
    [HOUR, Date.UTC(2020, 2, 12, 23, 30), '00:30:00.000'],
    [5_000, 0, '00:00:00.005'],
  ])('%d micros after %d are %s', (micros, start, text) => {
    expect(clockText(micros, start)).toBe(text);
  });

  it('dates agree with the calendar', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4_102_444_800_000 }), (epochMs) => {
        const date = new Date(epochMs);
        const month = date.toLocaleString('en-US', { month: 'short', timeZone: 'UTC' });
        const expected = `${date.getUTCDate()} ${month} ${date.getUTCFullYear()}`;
        expect(dateText(0, epochMs)).toBe(expected);
      }),
      { seed: 21, numRuns: 1000 },
    );
    expect(dateText(25 * HOUR, 0)).toBe('day 2');
  });

  it('clocks are read back as they are written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_399_999 }), (millis) => {
        const text = clockText(millis * 1000, START);
        expect(parseClock(text, START, 48 * HOUR)).toBe(millis * 1000);
      }),
      { seed: 22, numRuns: 500 },
    );
  });

  it.each([
    ['13 02:15', 26.25 * HOUR],
    ['12 02:15', 2.25 * HOUR],
    ['02:15', 2.25 * HOUR],
    ['+90m', 1.5 * HOUR],
    ['+1.5h', 1.5 * HOUR],
    ['15 00:00', null],
    ['49:00', null],
    ['+49h', null],
    ['noon', null],
    ['', null],
  ])('%s is read as %s', (text, micros) => {
    expect(parseClock(text, START, 48 * HOUR)).toBe(micros);
  });

  it('a film that starts in the afternoon knows the next morning', () => {
    expect(parseClock('01:00', Date.UTC(2020, 2, 12, 18), 24 * HOUR)).toBe(7 * HOUR);
    expect(parseClock('2d 01:00', 0, 48 * HOUR)).toBe(25 * HOUR);
  });

  it.each([
    [100_000, '100 ms'],
    [1_500_000, '1.5 s'],
    [600_000_000, '10 min'],
    [48 * HOUR, '48 h'],
  ])('%d micros last %s', (micros, text) => {
    expect(durationText(micros)).toBe(text);
  });
});

describe('numbers', () => {
  it.each([
    [0, '0'],
    [0.0123, '0.012'],
    [1.239, '1.24'],
    [12.34, '12.3'],
    [999.4, '999'],
    [1234.5, '1,235'],
    [35_512, '35.5\u2009k'],
    [1_840_000, '1.84\u2009M'],
    [-2_500_000_000, '\u22122.50\u2009B'],
    [NaN, '\u2013'],
  ])('%d is %s', (value, text) => {
    expect(amountText(value)).toBe(text);
  });

  it('an axis tells its ticks apart', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e10, max: 1e10, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e9, noNaN: true }),
        (low, span) => {
          fc.pre(span / Math.max(Math.abs(low), 1) > 1e-7 && Math.abs(low) + span < 2e9);
          const text = axisAmountText(low, low + span);
          expect(text(low + span / 4)).not.toBe(text(low + (3 * span) / 4));
        },
      ),
      { seed: 23, numRuns: 500 },
    );
    expect(axisAmountText(35_400, 35_900)(35_512)).toBe('35,512');
  });

  it('prices have the decimals of their tick', () => {
    expect(tickDecimals(0.5)).toBe(1);
    expect(tickDecimals(1)).toBe(0);
    expect(tickDecimals(0.00005)).toBe(5);
    expect(priceText(5182.5, 0.5)).toBe('5,182.5');
    expect(priceText(0.9999, 0.0001)).toBe('0.9999');
    expect(priceText(NaN, 1)).toBe('\u2013');
  });

  it('signs are written, and a zero has none of minus', () => {
    expect(bpsText(-124.2)).toBe('\u2212124 bps');
    expect(bpsText(3)).toBe('+3.0 bps');
    expect(percentText(-0.00375, 4)).toBe('\u22120.3750\u2009%');
    expect(groupText(-0.2)).toBe('0');
    expect(groupText(-1234567)).toBe('\u22121,234,567');
  });
});
