/** Estimates of a study's outcomes, against answers known otherwise. */
import { describe, expect, it } from 'vitest';
import { normalQuantile, RandomSource } from '../../sim/kernel/index.js';
import { meanInterval, quantileInterval, shareInterval } from '../../sim/statistics/index.js';
import { crossingOf } from '../../scenarios/experiment/analyze/boundary.js';
import { contourLines } from '../../scenarios/experiment/analyze/figures/index.js';
import { chanceText, estimateText, figureText } from '../../scenarios/experiment/analyze/number-words.js';
import type { Sample } from '../../scenarios/experiment/analyze/sample.js';
import { estimateSample } from '../../scenarios/experiment/analyze/sample-estimate.js';
import type { EstimateTerms } from '../../scenarios/experiment/analyze/sample-estimate.js';

const stream = new RandomSource(1).stream('test');
const SEEDS: EstimateTerms = { unit: 'seed', unitName: 'seeds', blockSize: 1, confidence: 0.95, stream };
const BLOCKS: EstimateTerms = { ...SEEDS, unit: 'block', unitName: 'rows', blockSize: 2 };

/** A sample of points by seeds, row by row; null leaves one out. */
function sample(rows: readonly (readonly (number | null)[])[]): Sample {
  const flat = rows.flatMap((row, point) => row.flatMap((value, seed) => (value === null ? [] : [{ value, point, seed }])));
  return {
    value: Float64Array.from(flat, (one) => one.value),
    point: Int32Array.from(flat, (one) => one.point),
    seed: Int32Array.from(flat, (one) => one.seed),
  };
}

describe('estimates over points', () => {
  it('are those of the means of seeds where all seeds ran everywhere', () => {
    const found = estimateSample(sample([[1, 4, 2], [3, 9, 3], [2, 8, 7]]), { kind: 'mean' }, SEEDS);
    const known = meanInterval([2, 7, 4]);
    expect(found).toMatchObject({ runs: 9, units: 3, interval: 't over seeds' });
    expect(found.value).toBeCloseTo(known.mean, 12);
    expect(found.low).toBeCloseTo(known.low, 12);
    expect(found.high).toBeCloseTo(known.high, 12);
  });

  it('weigh points alike, however many runs each has', () => {
    const { value } = estimateSample(sample([[1, 1, 1, 1], [5, null, null, null]]), { kind: 'mean' }, SEEDS);
    expect(value).toBe(3);
  });

  it('know what a seed adds at each point, also where one is missing', () => {
    const found = estimateSample(sample([[1, 2, 3], [101, 102, null]]), { kind: 'mean' }, SEEDS);
    // Each seed's part: its distance from the mean of its point, over the runs there and the two points.
    const parts = [-1 / 6 - 0.5 / 4, 0.5 / 4, 1 / 6];
    const error = Math.sqrt((3 / 2) * parts.reduce((sum, one) => sum + one * one, 0));
    expect(found.value).toBe(51.75);
    expect((found.high - found.low) / 2).toBeCloseTo(4.302652729696 * error, 9);
  });

  it('take blocks of points as units where points are drawn', () => {
    const found = estimateSample(sample([[1], [3], [4], [8], [0], [1]]), { kind: 'mean' }, BLOCKS);
    const known = meanInterval([2, 6, 0.5]);
    expect(found).toMatchObject({ units: 3, interval: 't over rows' });
    expect([found.value, found.low, found.high].map((one) => one.toFixed(10))).toEqual(
      [known.mean, known.low, known.high].map((one) => one.toFixed(10)),
    );
  });

  it('have the usual intervals at one point', () => {
    const values = [3, 1, 4, 1, 5, 9, 2, 6];
    const one = sample([values]);
    const { low, high } = meanInterval(values);
    expect(estimateSample(one, { kind: 'mean' }, SEEDS)).toMatchObject({ value: 3.875, low, high, interval: 't over runs' });
    const share = shareInterval(3, 8);
    expect(estimateSample(one, { kind: 'share', above: 4 }, SEEDS)).toMatchObject({ value: 0.375, low: share.low, high: share.high });
    const bounds = quantileInterval(Float64Array.from(values).sort(), 0.5);
    expect(estimateSample(one, { kind: 'quantile', q: 0.5 }, SEEDS)).toMatchObject({ value: 3.5, ...bounds, interval: 'order statistics' });
  });

  it('keep shares within 0 and 1, and admit that none of a few seeds shows little', () => {
    const never = estimateSample(sample([[0, 0, 0], [0, 0, 0]]), { kind: 'share', above: 0 }, SEEDS);
    expect(never).toMatchObject({ value: 0, low: 0, units: 3, interval: 'Wilson, seeds as trials' });
    expect(never.high).toBeCloseTo(shareInterval(0, 3).high, 12);
    const rare = estimateSample(sample([[0, 0, 0, 1], [0, 0, 0, 0]]), { kind: 'share', above: 0 }, SEEDS);
    expect(rare.low).toBe(0);
  });

  it('have no interval of one unit, and no value of none', () => {
    expect(estimateSample(sample([[1], [2]]), { kind: 'mean' }, SEEDS)).toMatchObject({ value: 1.5, low: NaN, interval: 'none' });
    expect(estimateSample(sample([]), { kind: 'mean' }, SEEDS)).toMatchObject({ value: NaN, runs: 0 });
  });

  it('cover the truth where seeds move all points alike, which runs counted one by one would not', () => {
    const draws = new RandomSource(7).stream('coverage');
    const normal = (a: number, b: number, c: number): number => normalQuantile(draws.uniform(a, b, c));
    let [bySeed, byRun] = [0, 0];
    const studies = 400;
    for (let study = 0; study < studies; study++) {
      const rows = Array.from({ length: 6 }, (_, point) =>
        Array.from({ length: 10 }, (__, seed) => 10 * point + 2 * normal(study, 0, seed) + normal(study, point + 1, seed)),
      );
      const found = estimateSample(sample(rows), { kind: 'mean' }, SEEDS);
      if (found.low <= 25 && found.high >= 25) bySeed++;
      const centred = rows.flatMap((row, point) => row.map((one) => one - 10 * point));
      const naive = meanInterval(centred);
      if (naive.low <= 0 && naive.high >= 0) byRun++;
    }
    // Three standard errors of 400 trials about .95.
    expect(Math.abs(bySeed / studies - 0.95)).toBeLessThan(0.033);
    expect(byRun / studies).toBeLessThan(0.75);
  });
});

describe('boundaries', () => {
  const cells = (value: number[], resampled: number[][] = []) => ({
    columns: value.length, rows: 1, value: Float64Array.from(value), runs: new Int32Array(value.length),
    resampled: resampled.map((one) => Float64Array.from(one)),
  });

  it('lie where the outcome crosses its level, rising or falling', () => {
    const rising = crossingOf([1, 2, 4], cells([0.2, 0.8, 1.6], [[0.2, 0.8, 1.6], [0.5, 1.5, 2], [0, 0.5, 1.5], [0, 0, 0]]), { row: 0, level: 1, confidence: 0.5 });
    expect(rising).toMatchObject({ control: 2.5, direction: 'rises', found: 0.75 });
    // Of 1.5, 2.5 and 3, the quartiles.
    expect([rising.low, rising.high]).toEqual([2, 2.75]);
    expect(crossingOf([1, 2, 4], cells([3, NaN, 0]), { row: 0, level: 1, confidence: 0.95 })).toMatchObject({ control: 3, direction: 'falls' });
    expect(crossingOf([1, 2, 4], cells([0, 0.5, 0.9]), { row: 0, level: 1, confidence: 0.95 })).toMatchObject({ control: NaN, direction: null });
  });

  it('have no interval where few resamples cross', () => {
    const found = crossingOf([0, 1], cells([0, 2], [[0, 2], [0, 0], [0, 0]]), { row: 0, level: 1, confidence: 0.95 });
    expect(found).toMatchObject({ control: 0.5, low: NaN, high: NaN });
  });

  it('are drawn as straight as planes are', () => {
    const [columns, rows] = [5, 4];
    const plane = Array.from({ length: columns * rows }, (_, i) => (i % columns) + Math.floor(i / columns));
    const lines = contourLines(plane, { columns, rows }, 3.25);
    expect(lines.length).toBe(1);
    for (const [x, y] of lines[0]) {
      // Values stand in the middle of their cells, so the plane is x + y - 1; at the frame it is level.
      if (x > 0.5 && y > 0.5 && x < columns - 0.5 && y < rows - 0.5) expect(x + y - 1).toBeCloseTo(3.25, 9);
    }
    expect(contourLines(plane, { columns, rows }, 99)).toEqual([]);
  });
});

describe('numbers in words', () => {
  it('have three digits, groups, and dashes for what is undefined', () => {
    expect([0, -0.04567, 12.345, 999.6, 13325.9, 3.2e6, 1e-7, NaN, Infinity].map(figureText)).toEqual([
      '0', '−0.0457', '12.3', '1000', '13,330', '3,200,000', '1e−7', '–', '∞',
    ]);
    expect(estimateText({ value: 1, low: 0.5, high: 2 })).toBe('1 [0.5, 2]');
    expect([0.0004, 0.04, 1, NaN].map(chanceText)).toEqual(['< .001', '.040', '1.000', '–']);
  });
});
