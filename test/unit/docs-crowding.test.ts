/**
 * The page and the figure about crowding say what their data say, and the data what the runs
 * give.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type CrowdingData, pointsOf, rowOf } from '../../scenarios/cli/docs/crowding-data.js';
import { crowdingFigure } from '../../scenarios/cli/docs/crowding-figure.js';
import { crowdingPage, estimateText } from '../../scenarios/cli/docs/crowding-page.js';
import { runCrowding } from '../../scenarios/cli/docs/crowding-runs.js';

const read = (name: string): string =>
  readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
const stored = JSON.parse(read('crowding.json')) as CrowdingData;
const REFRESH = 'is stale; run: npm run docs:crowding';

describe('the page about crowding', () => {
  it('and its figure are what the data give', () => {
    const points = pointsOf(stored);
    expect(read('crowding.md') === crowdingPage(points), `docs/crowding.md ${REFRESH}`).toBe(true);
    expect(read('crowding.svg') === crowdingFigure(points), `docs/crowding.svg ${REFRESH}`).toBe(true);
  });

  it('covers the dial from 0 to 1 with 120 seeds each, every number of its table in the data', () => {
    const points = pointsOf(stored);
    expect(points.map(({ crowding }) => crowding)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
    const page = read('crowding.md');
    for (const point of points) {
      expect(point.seeds).toBe(120);
      expect(page).toContain(estimateText(point.exitConvergence, 3));
      expect(page).toContain(estimateText(point.exAntePeak, 1));
      expect(page).toContain(estimateText(point.realised[0], 2));
    }
  });

  it.each([[0, 53], [0.2, 3], [1, 4]])('was made by these runs: crowding %f, seed %d', (crowding, seed) => {
    const row = stored.rows.find((one) => one[0] === crowding && one[1] === seed);
    expect(rowOf(runCrowding({ crowding, seed })), `docs/crowding.json ${REFRESH}`).toEqual(row);
  }, 60_000);

  it('pools ratios over seeds', () => {
    const { columns } = stored;
    const rows = [[0, 0, 0.5, 2, 3, 100, 10, 10, 50, 6, 7, 5, 60, 3], [0, 1, 0.7, 4, 3, 300, 30, 30, 30, 6, 7, 10, 40, 2]];
    const [point] = pointsOf({ ...stored, columns, rows });
    expect(point.realised[0].value).toBeCloseTo(80 / 400, 12);
    expect(point.exAntePeak.value).toBe(3);
    // Standard error of the mean of 2 and 4 is 1.
    expect(point.exAntePeak.high).toBeCloseTo(3 + 1.96, 12);
    expect(point.perMove).toBeCloseTo(400 / 15, 12);
    expect(point.largestShare.value).toBeCloseTo(100 / 400, 12);
    expect(point.cascades).toEqual([0.5, 0.1]);
    expect(point.seedsHit).toBe(2);
  });
});
