/** `stampede compare`, as it is called. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { remove, scratchFolder, stampede } from '../support/cli-process.js';
import { SMALL_SCENARIO } from '../support/small-scenario.js';

/** More orders than a run may have, which is found when the world is built. */
const MANY_ORDERS = '[{name: many, side: sell, notional: 1000, from: 0s, until: 30d, every: 1ms}]';

describe('stampede compare', () => {
  let folder = '';
  const compare = (...words: string[]) => stampede(['compare', ...words], folder);

  beforeAll(() => {
    folder = scratchFolder();
    const short = SMALL_SCENARIO.replace('duration: 5m', 'duration: 20s');
    writeFileSync(join(folder, 'small.yaml'), short);
    writeFileSync(join(folder, 'other.yaml'), short.replace('count: 300', 'count: 200'));
    writeFileSync(join(folder, 'twin.yaml'), short.replace('name: small', 'name: twin'));
  });
  afterAll(() => remove(folder));

  it('finds nothing between a scenario and itself', async () => {
    const { code, stdout } = await compare('small.yaml', 'twin.yaml', '--seeds', '4', '--json');
    expect(code).toBe(0);
    const found = JSON.parse(stdout);
    expect(found).toMatchObject({ isSame: true, pairs: 4, samePairs: 4, failed: [], partial: false });
    expect(found.divergence).toMatchObject({ opening: null, event: null, sample: null });
    expect(found.hashes.a).toBe(found.hashes.b);
    for (const one of found.metrics) {
      expect(one.difference ?? 0).toBe(0);
      if (one.pairs > 1) expect([one.low, one.high, one.pValue, one.ties]).toEqual([0, 0, 1, one.pairs]);
    }
    const text = await compare('small.yaml', 'small.yaml', '--seeds', '2', '--metric', 'trades');
    expect(text.stdout).toMatch(/A and B are the same: every pair ends in the same hash, no event differs/);
  });

  it('tells what more leverage does, the same way on any number of threads', async () => {
    const words = ['small.yaml', '--with', 'dials.leverage=2', '--seeds', '6', '--seed', '3', '--json'];
    const [one, two] = await Promise.all([
      compare(...words, '--threads', '1'),
      compare(...words, '--threads', '2'),
    ]);
    expect(one.code).toBe(0);
    expect(one.stdout).toBe(two.stdout);
    const found = JSON.parse(one.stdout);
    expect(found).toMatchObject({ seed: 3, pairs: 6, isSame: false, b: { settings: ['dials.leverage=2'] } });
    const fall = found.metrics.find((m: { name: string }) => m.name === 'price.maxDrawdownFraction');
    expect(fall.difference).toBeGreaterThan(0);
    expect(fall.low).toBeLessThan(fall.difference);
    expect(fall.varianceRatio).toBeGreaterThan(1);
    expect(found.divergence.event.a).not.toBe(found.divergence.event.b);
    const alone = await stampede(found.replays.b.split(' ').slice(1).concat('--json'), folder);
    expect(JSON.parse(alone.stdout).hash).toBe(found.hashes.b);
  });

  it('takes two --set of one scenario for its variants', async () => {
    const sets = ['--set', 'dials.leverage=1', '--set', 'dials.leverage=2'];
    const words = ['--seeds', '2', '--metric', 'liquidations,trades', '--json'];
    const found = JSON.parse((await compare('small.yaml', ...sets, ...words)).stdout);
    expect(found.a.settings).toEqual(['dials.leverage=1']);
    expect(found.b.settings).toEqual(['dials.leverage=2']);
    expect(found.metrics.map((m: { name: string }) => m.name)).toEqual(['liquidations.count', 'trades']);
    const two = await compare('small.yaml', 'other.yaml', ...sets, ...words);
    expect(JSON.parse(two.stdout).b.settings).toEqual(['dials.leverage=1', 'dials.leverage=2']);
  });

  it('drops and counts pairs that could not be run', async () => {
    const found = await compare(
      'small.yaml', '--b', `exogenous=${MANY_ORDERS}`, '--seeds', '2', '--json',
    );
    expect(found.code).toBe(5);
    const { failed, pairs } = JSON.parse(found.stdout);
    expect(pairs).toBe(0);
    expect(failed.map((one: { variant: string; seed: number }) => [one.variant, one.seed])).toEqual([['B', 0], ['B', 1]]);
  });

  it('refuses what it cannot compare, in one line', async () => {
    const refused = async (words: string[], text: RegExp) => {
      const { code, stdout, stderr } = await compare(...words);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(stderr).toMatch(text);
    };
    await refused(['small.yaml'], /nothing to compare small.yaml with; give a second scenario/);
    await refused(['small.yaml', '--with', 'dials.leverag=2'], /--with dials.leverag=2: .*did you mean/);
    await refused(['small.yaml', 'other.yaml', '--metric', 'badDebtQuot'], /--metric: metric was "badDebtQuot".*badDebtQuote/);
    await refused(['small.yaml', 'other.yaml', '--seeds', '1'], /--seeds was 1, must be a whole number in 2/);
    await refused(['small.yaml', 'other.yaml', '--all', '--metric', 'trades'], /--metric and --all were given/);
  });
});
