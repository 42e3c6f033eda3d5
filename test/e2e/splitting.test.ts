/** Splitting over worlds, through the door and the command. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseScenario, resolveScenario } from '../../scenarios/model/index.js';
import { startSplitting } from '../../scenarios/runtime/index.js';
import type { Splitting, SplittingOptions, SplittingProgress } from '../../scenarios/runtime/index.js';
import { remove, scratchFolder, stampede } from '../support/cli-process.js';
import { NOISY_SCENARIO } from '../support/noisy-scenario.js';

const scenario = resolveScenario(parseScenario(NOISY_SCENARIO, 'noisy.yaml'));
let scratch: string;

beforeAll(() => {
  scratch = scratchFolder();
  writeFileSync(join(scratch, 'noisy.yaml'), NOISY_SCENARIO);
});
afterAll(() => {
  remove(scratch);
});

function handleOf(threshold: number, options: Partial<SplittingOptions> = {}) {
  const level = { metric: 'liquidations.count', threshold } as const;
  return startSplitting({ scenario, seed: 1, userStrategies: [], threads: 2, level, ...options });
}

const ask = (threshold: number, options: Partial<SplittingOptions> = {}): Promise<Splitting> =>
  handleOf(threshold, options).result;

const SMALL = { particles: 8, replications: 3, comparesCrude: false };

describe('splitting over worlds', () => {
  it('agrees with counting in independent runs', async () => {
    const { estimate, crude, levels, pilot } = await ask(21, { particles: 16 });
    expect(levels.length).toBeGreaterThan(1);
    expect(estimate.extinct).toBeLessThan(8);
    expect(estimate.probability).toBeGreaterThan(0.015);
    expect(estimate.probability).toBeLessThan(0.12);
    const { share, count, spent } = crude!;
    const error = Math.sqrt((share * (1 - share)) / count);
    const own = estimate.relativeError * estimate.probability;
    expect(Math.abs(estimate.probability - share)).toBeLessThan(3.5 * Math.sqrt(own * own + error * error));
    const windows = estimate.spent.cost + pilot.spent.cost;
    expect(spent.cost).toBeGreaterThanOrEqual(windows);
    expect(spent.cost).toBeLessThan(windows + 16 * 150);
  }, 240_000);

  it('gives the same numbers on one thread and on two, and others under another seed', async () => {
    const samples: SplittingProgress[] = [];
    const onProgress = (sample: SplittingProgress): void => {
      samples.push(sample);
    };
    const one = await ask(19, { ...SMALL, threads: 1, onProgress });
    expect(await ask(19, { ...SMALL, threads: 2 })).toEqual(one);
    expect((await ask(19, { ...SMALL, seed: 2 })).estimate.estimates).not.toEqual(one.estimate.estimates);
    expect(samples.length).toBe(one.estimate.spent.runs + one.pilot.spent.runs);
    expect(samples.at(-1)).toMatchObject({ phase: 'replications', replicationsAsked: 3 });
  }, 120_000);

  it('a level that is reached at the start has probability 1, and costs nothing', async () => {
    const { estimate, levels, crude } = await ask(0, { ...SMALL, comparesCrude: true });
    expect(levels).toEqual([0]);
    expect(estimate).toMatchObject({ probability: 1, low: 1, high: 1, extinct: 0 });
    expect(estimate.spent.cost).toBe(0);
    expect(crude).toMatchObject({ hits: 8, count: 8 });
  });

  it('a level that is never reached has probability 0, with an upper bound', async () => {
    // There are thirty to be liquidated; in the first two seconds hardly any is.
    const { estimate, pilot } = await ask(1000, { ...SMALL, untilMicros: 2_000_000 });
    expect(pilot.highest).toBeLessThan(31);
    expect(estimate).toMatchObject({ probability: 0, extinct: 3 });
    expect(estimate.upperBound).toBeGreaterThan(0);
    expect(estimate.upperBound).toBeLessThan(1);
    expect(estimate.warnings.join()).toMatch(/reached level 1000: the estimate is 0/);
  }, 60_000);

  it('counts notional too', async () => {
    const level = { metric: 'liquidations.notionalQuote', threshold: 4000 } as const;
    const { estimate, levels } = await ask(0, { ...SMALL, level });
    expect(levels.at(-1)).toBe(4000);
    expect(estimate.probability).toBeGreaterThan(0);
    expect(estimate.probability).toBeLessThanOrEqual(1);
  }, 60_000);

  it('ends when it is told to, and refuses what is no level', async () => {
    const handle = handleOf(25, SMALL);
    handle.abort();
    await expect(handle.result).rejects.toMatchObject({ code: 'run/interrupted' });
    for (const threshold of [-1, NaN, Infinity]) {
      expect(() => handleOf(threshold)).toThrow(/^threshold was .*, must be 0 or more$/);
    }
    const level = { metric: 'liquidations.size' as 'liquidations.count', threshold: 1 };
    expect(() => handleOf(1, { level })).toThrow(/^metric was "liquidations.size", must be one of/);
  });
});

describe('stampede rare', () => {
  it('prints one JSON object, or a table', async () => {
    const words = ['rare', 'noisy.yaml', '--at-least', '12', '--particles', '8', '--replications', '3'];
    const more = ['--seed', '1', '--set', 'time.duration=8s', '--without-crude'];
    const json = await stampede([...words, ...more, '--json'], scratch);
    expect(json.code).toBe(0);
    const found = JSON.parse(json.stdout) as Splitting;
    expect(found).toMatchObject({
      scenario: 'noisy', seed: 1, particles: 8, crude: null,
      level: { metric: 'liquidations.count', threshold: 12 },
    });
    expect(found.estimate.replications).toBe(3);
    expect(json.stderr).toMatch(/warning: an interval from 3 replications is not to be relied on/);
    const text = await stampede([...words, ...more], scratch);
    expect(text.stdout).toMatch(/^noisy, seed 1: liquidations.count reaches 12\n8 particles, 3 replications/);
    expect(text.stdout).toMatch(/^probability +[\d.e-]+ /m);
    expect(text.stdout).not.toMatch(/independent runs|NaN|undefined/);
  }, 120_000);

  it.each([
    ['rare noisy.yaml', '--at-least was not given; say how much makes the event, e.g. 500'],
    ['rare noisy.yaml --at-least 0', '--at-least was 0, must be more than 0'],
    ['rare noisy.yaml --at-least many', '--at-least was "many", must be a number'],
    ['rare noisy.yaml --at-least 5 --particles 1', '--particles was 1, must be a whole number in 2 to 100000'],
    [
      'rare noisy.yaml --at-least 5 --metric liquidation.count',
      'must be one of liquidations.count, liquidations.notionalQuote (did you mean "liquidations.count"?)',
    ],
  ])('%s', async (line, message) => {
    const { code, stderr, stdout } = await stampede(line.split(' '), scratch);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
  });
});
