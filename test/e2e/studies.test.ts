/** The shipped studies: they load, plan, run, and say what their stored rows say. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kept, namedRows, sections, storedRows, studyPages } from '../../scenarios/cli/docs/studies/index.js';
import { estimateCost, libraryStudies, loadStudy, planStudy, RunPool } from '../../scenarios/experiment/index.js';
import { applySettings, buildWorld, resolveScenario } from '../../scenarios/model/index.js';

const NAMES = ['depth-refill', 'homogeneity-ml', 'latency', 'leverage-x-crowding', 'scale-in-or-out'];
/** Sixty runs within five minutes on two cores, by the estimate that is known to be rough. */
const SECONDS_60 = 300;

describe('the shipped studies', () => {
  it('are the five, and each has its part of the page', () => {
    expect(libraryStudies().map((one) => one.name)).toEqual(NAMES);
    expect(sections.map((one) => one.study).sort()).toEqual(NAMES);
  });

  it.each(NAMES)('%s asks a question, declares its outcomes and is of a sane size', async (name) => {
    const loaded = await loadStudy(name);
    const { study, subject } = loaded;
    expect(study.question).toMatch(/\?$/);
    expect(study.primary.length).toBeGreaterThanOrEqual(1);
    expect(study.sources.length).toBeGreaterThanOrEqual(1);
    const plan = planStudy(loaded);
    const runs = plan.points * study.variants.length * (study.replicates as number);
    expect(storedRows(name).rows.length).toBe(runs);
    expect(runs).toBeGreaterThanOrEqual(60);
    expect(runs).toBeLessThanOrEqual(1000);
    const cost = estimateCost(plan, 60, 2);
    expect(cost.wallSeconds).toBeGreaterThan(0);
    expect(cost.wallSeconds).toBeLessThan(SECONDS_60);
    if (subject.kind !== 'scenario') throw new Error('a study of a function');
    const world = buildWorld(resolveScenario(applySettings(subject.scenario, [])), { seed: study.seed });
    expect(world.cohorts.length).toBeGreaterThan(3);
  });

  it.each(NAMES)('%s states what its rows say', async (name) => {
    const section = sections.find((one) => one.study === name);
    const { study } = await loadStudy(name);
    expect(study.statement.split(/\s+/).join(' ')).toBe(
      section?.statement(namedRows(storedRows(name))).split(/\s+/).join(' '),
    );
  });

  it('stand in the docs as their rows have them', async () => {
    for (const [name, text] of Object.entries(await studyPages())) {
      // Not toBe: a difference of a page is no reading.
      expect(readFileSync(join('docs', name), 'utf8') === text, `${name}: npm run docs`).toBe(true);
    }
  });

  it('run, and a run gives the row that is stored in its place', async () => {
    const plans = await Promise.all(NAMES.map(async (name) => planStudy(await loadStudy(name))));
    // The first run, which a budget would take, and one somewhere in the middle.
    const asked = plans.flatMap((plan, subject) =>
      [0, Math.floor(0.6 * storedRows(NAMES[subject]).rows.length)].map((index) => ({ plan, subject, index })));
    const pool = new RunPool({ subjects: plans.map((one) => one.subject), threads: 2 });
    const outcomes = await pool.all(asked.map(({ plan, subject, index }) => ({ ...plan.requestOf(index), subject })));
    await pool.close();
    asked.forEach(({ plan, subject, index }, k) => {
      const outcome = outcomes[k];
      if (outcome.status !== 'ok') throw new Error(`${NAMES[subject]} ${index}: ${outcome.reason}`);
      const { columns, rows } = storedRows(NAMES[subject]);
      for (const [place, metric] of plan.metrics.entries()) {
        const column = columns.indexOf(metric.name);
        if (column < 0) continue;
        expect(rows[index][column], `${NAMES[subject]} ${index} ${metric.name}`).toBe(kept(outcome.values[place]));
      }
      const { variant, replicate } = plan.placeOf(index);
      if (columns.includes('variant')) {
        expect(rows[index][columns.indexOf('variant')]).toBe(plan.study.variants[variant].name);
      }
      expect(rows[index][columns.indexOf('seed')]).toBe(plan.seedOf(replicate));
    });
  }, 120_000);
});
