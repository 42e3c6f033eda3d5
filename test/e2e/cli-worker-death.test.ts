/** A thread that throws or dies ends the run with one error, no hang, and nothing half-written. */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseScenario, resolveScenario } from '../../scenarios/model/index.js';
import { startRun } from '../../scenarios/runtime/index.js';
import type { PlantedFailure } from '../../scenarios/runtime/index.js';
import { contents, remove, scratchFolder } from '../support/cli-process.js';
import { LONG_SCENARIO } from '../support/small-scenario.js';

let folder: string;

beforeEach(() => {
  folder = scratchFolder();
});
afterEach(() => {
  remove(folder);
});

const scenario = resolveScenario(parseScenario(LONG_SCENARIO, 'long.yaml'));

/** Every window is opened to the deciders, so that one meets its planted window. */
function run(threads: number, failAt: PlantedFailure) {
  return startRun({ scenario, seed: 0, threads, out: join(folder, 'run'), inlineDueMax: 0, failAt });
}

it.each<[string, number, PlantedFailure, string]>([
  ['a decider throws', 2, { decider: 0, window: 100, how: 'throw' }, 'decider 0 failed: planted failure at window'],
  ['a decider dies', 2, { decider: 0, window: 100, how: 'exit' }, 'decider 0 failed: worker exited'],
  ['one of two deciders dies', 3, { decider: 1, window: 100, how: 'exit' }, 'decider 1 failed: worker exited'],
  ['the market throws', 2, { decider: -1, window: 100, how: 'throw' }, 'the market failed: planted failure'],
  ['the market dies', 2, { decider: -1, window: 100, how: 'exit' }, 'the market failed: worker exited'],
  ['the market dies alone', 1, { decider: -1, window: 100, how: 'exit' }, 'the market failed: worker exited'],
])('%s', async (_name, threads, failure, message) => {
  const handle = run(threads, failure);
  const progress = new Promise<void>((done, fail) =>
    handle.progress.subscribe({ complete: done, error: fail }),
  );
  await expect(handle.result).rejects.toThrow(message);
  await progress;
  expect(contents(folder)).toEqual([]);
}, 30_000);

it('an abort during the run leaves nothing', async () => {
  const handle = startRun({ scenario, seed: 0, threads: 2, out: join(folder, 'run') });
  setTimeout(() => handle.abort(), 1000);
  await expect(handle.result).rejects.toMatchObject({ code: 'run/interrupted', exitCode: 130 });
  expect(contents(folder)).toEqual([]);
}, 30_000);
