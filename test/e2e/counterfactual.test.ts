/** Counterfactuals of stored runs, through the door and the command. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLog } from '../../scenarios/runtime/trace/index.js';
import { ForestReader } from '../../sim/contagion/index.js';
import { parseScenario, resolveScenario } from '../../scenarios/model/index.js';
import {
  calmBefore,
  MEASURES,
  readLiquidations,
  startCounterfactual,
  startRun,
} from '../../scenarios/runtime/index.js';
import type { Counterfactual, CounterfactualOptions } from '../../scenarios/runtime/index.js';
import { remove, scratchFolder, stampede } from '../support/cli-process.js';
import { SMALL_SCENARIO } from '../support/small-scenario.js';
import { strategyFile, TRADING_BODY, USER_SCENARIO } from '../support/user-strategy.js';

// Halted for ten seconds, so that there is a fault to take away.
const TEXT = `${SMALL_SCENARIO}faults:\n  - { kind: halt, from: 2m, until: 2m10s }\n`;
let scratch: string;
let folder: string;
let hash: string;

beforeAll(async () => {
  scratch = scratchFolder();
  folder = join(scratch, 'run');
  writeFileSync(join(scratch, 'small.yaml'), TEXT);
  const scenario = resolveScenario(parseScenario(TEXT, 'small.yaml'));
  ({ hash } = await startRun({ scenario, seed: 5, threads: 1, out: folder }).result);
}, 60_000);
afterAll(() => {
  remove(scratch);
});

async function ask(options: Partial<CounterfactualOptions>): Promise<Counterfactual> {
  return (await startCounterfactual({ folder, threads: 1, continuations: 0, ...options })).result;
}

describe('the liquidations of a run', () => {
  it('are known by account and ordinal', () => {
    const log = join(folder, 'events.log');
    const list = readLiquidations(log);
    const reader = new ForestReader(list.metadata);
    readLog(log, (rows) => reader.add(rows));
    const forest = reader.forest(1);
    expect(list.liquidations.length).toBeGreaterThan(20);
    const seen = new Map<number, number>();
    list.liquidations.forEach((one, k) => {
      seen.set(one.account, (seen.get(one.account) ?? 0) + 1);
      expect(one.ordinal).toBe(seen.get(one.account));
      expect(one.liquidation).toBe(k + 1);
      expect(one.notionalQuote).toBeGreaterThan(0);
    });
    const perEvent = new Map<number, number[]>();
    for (let node = 0; node < forest.count; node++) {
      if (forest.liquidation[node] === 0) continue;
      const event = forest.rootEvent[node];
      perEvent.set(event, [...(perEvent.get(event) ?? []), forest.liquidation[node]]);
    }
    const most = Math.max(...[...perEvent.values()].map((of) => of.length));
    expect([...perEvent.values()].find((of) => of.includes(list.largestRoot))?.length).toBe(most);
    const last = list.liquidations[list.liquidations.length - 1];
    const calm = calmBefore(list, last);
    expect(calm.endMicros).toBeGreaterThan(calm.middleMicros);
    const inside = list.liquidations.filter(
      ({ timeMicros }) => timeMicros > calm.middleMicros && timeMicros < calm.endMicros,
    );
    expect(inside).toEqual([]);
  });
});

describe('a counterfactual', () => {
  it('branches the run itself, and the same on two threads', async () => {
    const question = { horizonMicros: 1e15, continuations: 4 };
    const alone = await ask(question);
    expect(alone.agrees).toBe(true);
    expect(alone.happened.hash).toBe(hash);
    expect(alone.without.suppressed).toBe(1);
    expect(alone.without.hash).not.toBe(hash);
    expect(alone.cause).toMatchObject({ kind: 'liquidation', ordinal: expect.any(Number) });
    for (const measure of MEASURES) {
      const { value, twin, difference, continuations } = alone.effects[measure];
      expect(difference).toBe(value - twin);
      expect(continuations?.count).toBe(4);
    }
    expect(alone.necessity?.count).toBeLessThanOrEqual(4);
    expect(await ask({ ...question, threads: 2 })).toEqual(alone);
  }, 120_000);

  it('can ask about any liquidation, in every mode', async () => {
    const { liquidations } = readLiquidations(join(folder, 'events.log'));
    const asked = liquidations[Math.floor(liquidations.length / 2)];
    for (const mode of ['warehouse', 'recapitalise', 'defer'] as const) {
      const found = await ask({ liquidation: asked.liquidation, mode });
      expect(found.cause).toMatchObject({ account: asked.account, ordinal: asked.ordinal });
      expect(found.without.suppressed).toBe(1);
      expect(found.branchMicros).toBeLessThanOrEqual(asked.timeMicros);
      expect(found.without.injectedQuote > 0).toBe(mode === 'recapitalise');
    }
  }, 120_000);

  it('takes mechanisms, cohorts and faults away from the start', async () => {
    const { liquidations } = readLiquidations(join(folder, 'events.log'));
    const twin = await ask({ mechanism: 'liquidations' });
    expect([twin.agrees, twin.branchMicros]).toEqual([true, 0]);
    expect(twin.happened.liquidations).toBe(liquidations.length);
    expect(twin.without.liquidations).toBe(0);
    expect(twin.without.suppressed).toBeGreaterThan(0);
    const retail = await ask({ cohort: 'retail' });
    expect(retail.without.liquidations).toBeLessThan(retail.happened.liquidations);
    const fault = await ask({ fault: 1 });
    expect(fault.agrees).toBe(true);
    expect(fault.without.hash).not.toBe(hash);
    expect(fault.without.suppressed).toBe(0);
  }, 120_000);

  it('divides the outcomes over cohorts without a remainder', async () => {
    const { division } = await ask({ mechanism: 'liquidations', shapley: true });
    expect(division?.players).toContain('retail');
    expect(division?.runs).toBe(1 << (division?.players.length ?? 0));
    const divided = division?.measures.liquidations;
    expect(divided?.none).toBe(0);
    expect(Math.abs(divided?.efficiencyResidual ?? 1)).toBeLessThan(1e-9);
    const total = divided?.values.reduce((sum, value) => sum + value, 0);
    expect(total).toBeCloseTo(divided?.all ?? NaN, 9);
  }, 120_000);

  it('refuses what the run does not have', async () => {
    await expect(ask({ liquidation: 100_000 })).rejects.toThrow(/liquidation was 100000, must be one of 1 to/);
    await expect(ask({ cohort: 'retial' })).rejects.toThrow(/did you mean "retail"/);
    await expect(ask({ mechanism: 'band' })).rejects.toThrow(/did you mean "bands"/);
    await expect(ask({ fault: 2 })).rejects.toThrow(/fault was 2, must be one of 1 to 1/);
    await expect(ask({ liquidation: 1, atMicros: 1e12 })).rejects.toThrow(/before the liquidation/);
    await expect(ask({ folder: scratch })).rejects.toThrow(/is it a run folder/);
  });
});

describe('stampede counterfactual', () => {
  it('tells people, and programs', async () => {
    const words = ['counterfactual', 'run', '--mechanism', 'liquidations', '--continuations', '2', '--shapley'];
    const { code, stdout, stderr } = await stampede(words, scratch);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^small, seed 5, without liquidations$/m);
    expect(stdout).toMatch(/^liquidations +[\d,]+ +0 +[\d,]+ /m);
    expect(stdout).toMatch(/^retail +/m);
    const json = await stampede([...words, '--json'], scratch);
    expect(JSON.parse(json.stdout)).toMatchObject({ agrees: true, runHash: hash, mode: 'warehouse' });
    const one = await stampede(['counterfactual', 'run', '--horizon', '1m', '--continuations', '2'], scratch);
    expect(one.stdout).toMatch(/^1 liquidation warehoused/m);
    expect(one.stdout).toMatch(/^necessary /m);
    expect(one.stdout).toMatch(/^sufficient /m);
  }, 120_000);

  it('runs the strategies kept in the folder, on every thread', async () => {
    writeFileSync(join(scratch, 'mine.ts'), strategyFile(TRADING_BODY));
    writeFileSync(join(scratch, 'own.yaml'), USER_SCENARIO);
    const run = ['run', 'own.yaml', '--strategy', './mine.ts', '--out', 'own', '--quiet'];
    expect((await stampede(run, scratch)).code).toBe(0);
    const words = ['counterfactual', 'own', '--mechanism', 'bands', '--continuations', '3', '--threads', '2', '--json'];
    const { code, stdout, stderr } = await stampede(words, scratch);
    expect([code, stderr.trimEnd()]).toEqual([0, 'runs the code of strategy mine that is kept in the folder']);
    const found = JSON.parse(stdout);
    expect(found.agrees).toBe(true);
    expect(found.effects.liquidations.continuations.count).toBe(3);
  }, 60_000);

  it('refuses nonsense in one line', async () => {
    for (const [words, error] of [
      [['--cohort', 'retail', '--fault', '1'], /--cohort and --fault were given; ask about one of them/],
      [['--mode', 'defre'], /--mode was defre, must be one of .*did you mean "defer"/],
      [['--horizon', 'long'], /--horizon was long, must be a duration/],
      [['--liquidation', '0'], /--liquidation was 0, must be a whole number in 1 to/],
    ] as const) {
      const { code, stderr } = await stampede(['counterfactual', 'run', ...words], scratch);
      expect([code, stderr.trimEnd().split('\n').length]).toEqual([2, 1]);
      expect(stderr).toMatch(error);
    }
  }, 60_000);
});
