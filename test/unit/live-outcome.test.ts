/** The outcome that a sweep shows while it runs, over more runs than it remembers. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadStudy, planStudy } from '../../scenarios/experiment/index.js';
import { LiveFigure } from '../../scenarios/experiment/sweep/live-outcome.js';
import { meanInterval, shareInterval } from '../../sim/statistics/index.js';
import { remove, scratchFolder } from '../support/cli-process.js';
import { writeStudy } from '../support/tiny-study.js';

let folder: string;
beforeAll(() => {
  folder = scratchFolder();
});
afterAll(() => remove(folder));

async function shown(primary: string, values: readonly (number | null)[]) {
  const text = `name: s\nbase: { function: morris-toy }\nprimary: [{ metric: y, ${primary} }]\n`;
  const figure = new LiveFigure(planStudy(await loadStudy(writeStudy(folder, text))));
  for (const value of values) figure.add([value]);
  return figure.now;
}

const RUNS = 70_000;
/** Point after point, as a folder is read: the first are the least. */
const rising = Array.from({ length: RUNS }, (_, k) => k / RUNS);

it('is of all runs, not of the last that came', async () => {
  const { mean, low, high } = meanInterval(rising);
  expect(await shown('statistic: mean', [null, ...rising])).toEqual({
    label: 'mean y',
    value: expect.closeTo(mean, 12),
    low: expect.closeTo(low, 12),
    high: expect.closeTo(high, 12),
    count: RUNS,
  });
  const share = await shown('statistic: share, above: 0.25', rising);
  const exact = shareInterval(Math.floor(0.75 * RUNS) - 1, RUNS);
  expect(share).toMatchObject({ value: exact.share, low: exact.low, high: exact.high });
  for (const p of [10, 50, 90]) {
    const outcome = await shown(`statistic: p${p}`, rising);
    expect(outcome?.value).toBeCloseTo(p / 100, 3);
    expect(outcome?.count).toBe(RUNS);
  }
});

it('has no interval for one run, and is nothing before', async () => {
  expect(await shown('statistic: mean', [null])).toBeNull();
  expect(await shown('statistic: mean', [3])).toMatchObject({ value: 3, low: NaN, high: NaN, count: 1 });
});
