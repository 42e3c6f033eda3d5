import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../sim/kernel/index.js';
import {
  bridgePath,
  brownianPath,
  multifractalPath,
  constantPath,
  MICROS_PER_YEAR,
  ohlcPath,
  scaleLogReturns,
  toTicks,
} from '../../sim/oracle/index.js';
import type { PriceBars, PricePath } from '../../sim/oracle/index.js';

const SECOND = 1_000_000;
const HOUR = 3600 * SECOND;

function bridge(seed: number, options: Partial<Parameters<typeof bridgePath>[0]> = {}): PricePath {
  return bridgePath({
    anchors: [
      { timeMicros: 0, price: 100 },
      { timeMicros: HOUR, price: 80 },
      { timeMicros: 1.25 * HOUR, price: 90 },
    ],
    volatility: 3.6,
    stepMicros: SECOND,
    durationMicros: 1.25 * HOUR,
    random: new RandomSource(seed).stream('index'),
    ...options,
  });
}

/** Annualised standard deviation of the log returns of equal steps. */
function volatilityOf(path: PricePath, stepMicros: number): number {
  let sum = 0;
  let squares = 0;
  const count = path.prices.length - 1;
  for (let i = 1; i <= count; i++) {
    const r = Math.log(path.prices[i] / path.prices[i - 1]);
    sum += r;
    squares += r * r;
  }
  const variance = squares / count - (sum / count) ** 2;
  return Math.sqrt((variance * MICROS_PER_YEAR) / stepMicros);
}

describe('bridge', () => {
  it('passes through its anchors exactly, one update a step', () => {
    const path = bridge(1);
    expect(path.timesMicros).toHaveLength(4501);
    expect(path.timesMicros[1]).toBe(SECOND);
    expect(path.prices[0]).toBe(100);
    expect(path.prices[3600]).toBe(80);
    expect(path.prices[4500]).toBe(90);
  });

  it('has the stated volatility between anchors', () => {
    const anchors = Array.from({ length: 11 }, (_, k) => ({ timeMicros: k * HOUR, price: 100 }));
    const path = bridge(2, { anchors, durationMicros: 10 * HOUR });
    // 36,000 returns: one standard error is 3.6 / sqrt(72,000) = 0.0134.
    expect(Math.abs(volatilityOf(path, SECOND) - 3.6)).toBeLessThan(4 * 0.0134);
    expect(volatilityOf(bridge(2, { anchors, volatility: 0 }), SECOND)).toBeCloseTo(0, 12);
  });

  it('has the variance of a bridge in the middle', () => {
    const anchors = [
      { timeMicros: 0, price: 1 },
      { timeMicros: 1024 * SECOND, price: 1 },
    ];
    let squares = 0;
    const runs = 400;
    for (let seed = 0; seed < runs; seed++) {
      const path = bridge(seed, { anchors, durationMicros: 1024 * SECOND });
      squares += Math.log(path.prices[300]) ** 2;
    }
    const expected = (3.6 ** 2 / MICROS_PER_YEAR) * SECOND * ((300 * 724) / 1024);
    // The ratio is chi-squared over its degrees of freedom: standard error sqrt(2 / 400) = 0.07.
    expect(Math.abs(squares / runs / expected - 1)).toBeLessThan(0.28);
  });

  it('keeps its past when the run is longer and its segments when another changes', () => {
    const short = bridge(3, { durationMicros: HOUR / 2 });
    const long = bridge(3, { durationMicros: 3 * HOUR });
    expect(long.prices.slice(0, short.prices.length)).toEqual(short.prices);
    expect(long.timesMicros.at(-1)).toBe(3 * HOUR);
    const other = bridge(3, {
      anchors: [
        { timeMicros: 0, price: 100 },
        { timeMicros: HOUR, price: 80 },
        { timeMicros: 1.25 * HOUR, price: 50 },
      ],
    });
    expect(other.prices.slice(0, 3600)).toEqual(bridge(3).prices.slice(0, 3600));
  });

  it('depends on the seed', () => {
    expect(bridge(4).prices).toEqual(bridge(4).prices);
    expect(bridge(4).prices[1000]).not.toBe(bridge(5).prices[1000]);
  });

  it('keeps anchors off the step grid', () => {
    const path = bridge(6, {
      anchors: [
        { timeMicros: 0, price: 10 },
        { timeMicros: 2.5 * SECOND, price: 11 },
        { timeMicros: 5 * SECOND, price: 12 },
      ],
      durationMicros: 5 * SECOND,
    });
    expect([...path.timesMicros]).toEqual([0, 1, 2, 2.5, 3.5, 4.5, 5].map((s) => s * SECOND));
    expect(path.prices[3]).toBe(11);
  });
});

describe('processes', () => {
  it('walks geometric Brownian motion at its volatility, keeping its past', () => {
    const terms = { startPrice: 50, volatility: 0.8, drift: 0, stepMicros: SECOND };
    const random = new RandomSource(7).stream('index');
    const long = brownianPath({ ...terms, durationMicros: 10 * HOUR, random });
    const short = brownianPath({ ...terms, durationMicros: HOUR, random });
    expect(Math.abs(volatilityOf(long, SECOND) - 0.8)).toBeLessThan(4 * 0.003);
    expect(long.prices.slice(0, short.prices.length)).toEqual(short.prices);
  });

  it('walks a multifractal: its volatility in the long run, clusters, its past kept', () => {
    const terms = {
      startPrice: 50, volatility: 0.8, drift: 0, stepMicros: SECOND,
      components: 8, spread: 0.4, shortestMicros: 5 * SECOND, longestMicros: HOUR,
    };
    const random = new RandomSource(7).stream('index');
    const long = multifractalPath({ ...terms, durationMicros: 400 * HOUR, random });
    const short = multifractalPath({ ...terms, durationMicros: HOUR, random });
    // The slowest factors are renewed 400 times: their mean has an error of a few percent.
    expect(Math.abs(volatilityOf(long, SECOND) - 0.8)).toBeLessThan(0.06);
    expect(long.prices.slice(0, short.prices.length)).toEqual(short.prices);
    // E(M^2) = 1 + spread^2 a component: kurtosis 3 (1 + 0.16)^8 = 9.8 of single steps.
    const steps = long.prices.slice(1).map((price, i) => Math.log(price / long.prices[i]));
    const second = steps.reduce((sum, r) => sum + r * r, 0) / steps.length;
    const fourth = steps.reduce((sum, r) => sum + r * r * r * r, 0) / steps.length;
    expect(fourth / (second * second)).toBeGreaterThan(8);
    expect(fourth / (second * second)).toBeLessThan(12);
  });

  it('is geometric Brownian motion, bit for bit, where no component spreads', () => {
    const terms = { startPrice: 50, volatility: 0.8, drift: 0.1, stepMicros: SECOND, durationMicros: HOUR };
    const random = new RandomSource(8).stream('index');
    const flat = { components: 3, spread: 0, shortestMicros: SECOND, longestMicros: HOUR };
    expect(multifractalPath({ ...terms, ...flat, random })).toEqual(brownianPath({ ...terms, random }));
  });

  it('keeps a constant at one update', () => {
    expect(constantPath(3)).toEqual({ timesMicros: Float64Array.of(0), prices: Float64Array.of(3) });
  });
});

function barsOf(rows: [number, number, number, number][], intervalMicros = 60 * SECOND): PriceBars {
  const column = (k: number) => Float64Array.from(rows.map((row) => row[k]));
  return {
    startMillis: 0, intervalMicros, open: column(0), high: column(1), low: column(2), close: column(3),
  };
}

describe('bars', () => {
  it('walk open, nearer extreme, other extreme, close', () => {
    const { prices } = ohlcPath(barsOf([[10, 20, 9, 15], [16, 17, 8, 12]]));
    expect(prices).toHaveLength(120);
    expect([prices[0], prices[20], prices[39], prices[59]]).toEqual([10, 9, 20, 15]);
    expect([prices[60], prices[80], prices[99], prices[119]]).toEqual([16, 17, 8, 12]);
  });

  it('visit the low first when both are equally near and the bar rises', () => {
    expect(ohlcPath(barsOf([[10, 12, 8, 11]])).prices[20]).toBe(8);
    expect(ohlcPath(barsOf([[10, 12, 8, 9]])).prices[20]).toBe(12);
  });

  it('stay within their extremes, in steps of at most a second, for any bar', () => {
    const price = fc.double({ min: 0.001, max: 1e6, noNaN: true });
    const bar = fc.tuple(price, price, price, price);
    const interval = fc.constantFrom(SECOND, 5 * SECOND, 60 * SECOND, 300 * SECOND);
    fc.assert(
      fc.property(fc.array(bar, { minLength: 1, maxLength: 5 }), interval, (raw, intervalMicros) => {
        const rows = raw.map(([o, a, b, c]): [number, number, number, number] => [
          o, Math.max(a, b, c), Math.min(a, b, c), c,
        ]);
        const { timesMicros, prices } = ohlcPath(barsOf(rows, intervalMicros));
        const steps = prices.length / rows.length;
        rows.forEach(([open, high, low, close], i) => {
          const mine = [...prices.slice(i * steps, (i + 1) * steps)];
          expect(mine[0]).toBe(open);
          expect(mine.at(-1)).toBe(close);
          expect(Math.max(...mine)).toBeCloseTo(Math.max(high, open), 6);
          expect(Math.min(...mine)).toBeCloseTo(Math.min(low, open), 6);
          expect(mine).toContain(high);
          expect(mine).toContain(low);
        });
        for (let i = 1; i < timesMicros.length; i++) {
          const step = timesMicros[i] - timesMicros[i - 1];
          expect(step > 0 && step <= SECOND).toBe(true);
        }
        expect(timesMicros.at(-1)).toBeLessThan(rows.length * intervalMicros);
      }),
      { seed: 11, numRuns: 60 },
    );
  });
});

describe('paths', () => {
  it('multiply log returns by the shock', () => {
    const path = { timesMicros: Float64Array.of(0, 1, 2), prices: Float64Array.of(100, 50, 200) };
    expect(scaleLogReturns(path, 1)).toBe(path);
    const doubled = scaleLogReturns(path, 2).prices;
    expect(doubled[0]).toBe(100);
    expect(doubled[1]).toBeCloseTo(25, 9);
    expect(doubled[2]).toBeCloseTo(400, 9);
    expect([...scaleLogReturns(path, 0).prices]).toEqual([100, 100, 100]);
  });

  it('round to ticks, never below one', () => {
    const path = { timesMicros: Float64Array.of(0, 1, 2), prices: Float64Array.of(1.24, 1.26, 0.01) };
    expect([...toTicks(path, 0.5).priceTicks]).toEqual([2, 3, 1]);
  });
});
