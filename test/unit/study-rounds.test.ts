/** Studies whose replicates depend on what is found: budgets, parts and merges ask for the same runs. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkBudget, loadStudy, mergeStudy, openStudyFolder, planStudy, startSweep } from '../../scenarios/experiment/index.js';
import type { RunExecutor, RunRequest, StudyPlan } from '../../scenarios/experiment/index.js';
import { hashText } from '../../sim/kernel/index.js';
import { remove, scratchFolder } from '../support/cli-process.js';
import { writeStudy } from '../support/tiny-study.js';

let folder: string;
beforeEach(() => {
  folder = scratchFolder();
});
afterEach(() => remove(folder));

type SweepOptions = Parameters<typeof startSweep>[0];

const SEQUENTIAL = `name: sequential
base: { function: morris-toy }
factors: [{ name: x1, path: x1, values: [1, 2, 3, 4, 5] }]
replicates: { metric: y, precision: 0.1, min: 4, max: 90 }
`;

async function planned(text = SEQUENTIAL): Promise<StudyPlan> {
  return planStudy(await loadStudy(writeStudy(folder, text)));
}

/** A figure between 0 and x1 that looks drawn; undefined in a share of the runs. */
function figure({ settings, seed }: RunRequest, undefinedShare: number): number | null {
  const draw = (word: string): number => (hashText(`${word} ${settings.x1} ${seed}`) >>> 0) / 2 ** 32;
  return draw('gap') < undefinedShare ? null : 4 + Number(settings.x1) * draw('value');
}

/** Makes runs on the spot; stops by itself after some. */
function madeUp({ undefinedShare = 0, runsMax = Infinity } = {}): RunExecutor & { made: number } {
  let isStopped = false;
  const executor = {
    made: 0,
    async run(requests: Iterable<RunRequest>, take: Parameters<RunExecutor['run']>[1]) {
      let place = 0;
      for (const request of requests) {
        const values = [figure(request, undefinedShare)];
        take({ status: 'ok', stateHash: '0', values, wallSeconds: 0 }, request, place++);
        if (++executor.made >= runsMax || isStopped) return;
      }
    },
    stop: () => {
      isStopped = true;
    },
    abort: () => {},
    close: async () => {},
  };
  return executor;
}

async function sweep(plan: StudyPlan, out: string, options: Partial<SweepOptions> = {}) {
  const opened = openStudyFolder(plan, join(folder, out), true);
  const handle = startSweep({ plan, folder: opened, executor: madeUp(), place: 's', ...options });
  return handle.result;
}

/** Makes some runs of a part and stops. */
async function sweepSome(plan: StudyPlan, out: string, runsMax: number, options: Partial<SweepOptions> = {}) {
  const opened = openStudyFolder(plan, join(folder, out), true);
  const handle = startSweep({ plan, folder: opened, executor: madeUp({ runsMax }), place: 's', ...options });
  handle.stop();
  return handle.result;
}

/** Lists the runs that a folder has. */
function present(plan: StudyPlan, out: string): number[] {
  const { store } = openStudyFolder(plan, join(folder, out), true);
  const found = Array.from({ length: plan.size }, (_, index) => index).filter((index) => store.has(index));
  store.close();
  return found;
}

describe('a sequential rule', () => {
  it('goes on where some runs leave no figure', async () => {
    const plan = await planned();
    const executor = madeUp({ undefinedShare: 0.6 });
    await sweep(plan, 'gaps', { executor });
    const runs = present(plan, 'gaps');
    for (let point = 0; point < plan.points; point++) {
      const own = runs.filter((index) => plan.placeOf(index).point === point);
      const values = own.map((index) => figure(plan.requestOf(index), 0.6)).filter((one) => one !== null);
      // The pilot counts figures, and there are fewer than four in the first four runs.
      expect(values.length).toBeGreaterThanOrEqual(4);
    }
  });

  it('asks for the beginning of the same list whatever the budget', async () => {
    const plan = await planned();
    const { present: most } = await sweep(plan, 'whole');
    const whole = new Set(present(plan, 'whole'));
    expect(most).toBeGreaterThan(plan.sizeMin + 20);
    let before = 0;
    for (let budget = plan.sizeMin - 3; budget <= most; budget += 3) {
      const done = await sweep(plan, 'grows', { budget });
      expect(done.present).toBeLessThanOrEqual(budget);
      expect(done.present).toBeGreaterThanOrEqual(before);
      expect([done.planned, done.interrupted, done.manifest?.complete]).toEqual([done.present, false, true]);
      before = done.present;
      expect(present(plan, 'grows').every((index) => whole.has(index))).toBe(true);
    }
    await sweep(plan, 'grows', { budget: most });
    expect(present(plan, 'grows')).toEqual([...whole]);
  });

  it('keeps to the budget that the study states', async () => {
    const plan = await planned(`${SEQUENTIAL}budget: 30\n`);
    expect((await sweep(plan, 'stated')).present).toBeLessThanOrEqual(30);
  });

  it('refuses a budget between its least and its most runs for parts, which cannot share it', async () => {
    const plan = await planned();
    const shard = { index: 0, count: 2 };
    for (const budget of [plan.sizeMin, plan.size, undefined]) checkBudget(plan, { budget, shard });
    checkBudget(plan, { budget: 30 });
    expect(() => checkBudget(plan, { budget: 30, shard })).toThrow(/--budget was 30, must be 20 at most or 450 at least/);
    const stated = await planned(`${SEQUENTIAL}budget: 40\n`);
    expect(() => checkBudget(stated, { shard })).toThrow(/budget of the study was 40/);
  });

  it('is asked of its own points alone where parts share a folder', async () => {
    const plan = await planned();
    await sweep(plan, 'whole');
    for (const some of [1, 3, 7, 11]) {
      const out = `shared-${some}`;
      const [mine, other] = [0, 1].map((index) => ({ shard: { index, count: 2 } }));
      expect((await sweepSome(plan, out, some, other)).interrupted).toBe(true);
      const done = await sweep(plan, out, mine);
      expect(done.interrupted).toBe(false);
      // What another part has made does not make up for what this one lacks.
      const stopped = await sweepSome(plan, out, 1, other);
      expect([stopped.interrupted, stopped.planned > stopped.present]).toEqual([true, true]);
      await sweep(plan, out, other);
      expect(present(plan, out)).toEqual(present(plan, 'whole'));
      expect(mergeStudy(join(folder, out), []).manifest.complete).toBe(true);
    }
  });

  it('is not complete, merged, before it has what it wants', async () => {
    const plan = await planned();
    const whole = await sweep(plan, 'whole');
    for (const index of [0, 1]) await sweep(plan, `part-${index}`, { shard: { index, count: 2 } });
    const [first, second] = [0, 1].map((part) => join(folder, `part-${part}`));
    await sweepSome(plan, 'pilot', plan.sizeMin);
    expect(existsSync(join(folder, 'pilot', 'runs.parquet'))).toBe(true);
    const pilot = mergeStudy(join(folder, 'pilot'), []).manifest;
    expect([pilot.complete, pilot.runs.present, pilot.runs.planned > plan.sizeMin]).toEqual([false, plan.sizeMin, true]);
    const half = mergeStudy(join(folder, 'half'), [first]).manifest;
    expect([half.complete, half.runs.planned - half.runs.present]).toEqual([false, 8]);
    const both = mergeStudy(join(folder, 'both'), [first, second]).manifest;
    expect([both.complete, both.runs.present]).toEqual([true, whole.present]);
  });
});
