/** Results that are kept once, whatever dies while they are written. */
import fs, { appendFileSync, cpSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { loadStudy, mergeStudy, openStudyFolder, planStudy } from '../../scenarios/experiment/index.js';
import type { RunDone, RunOutcome, StudyPlan } from '../../scenarios/experiment/index.js';
import { remove, scratchFolder } from '../support/cli-process.js';
import { TOY_STUDY, writeStudy } from '../support/tiny-study.js';

let folder: string;
let plan: StudyPlan;
beforeEach(async () => {
  folder = scratchFolder();
  plan = planStudy(await loadStudy(writeStudy(folder)));
});
afterEach(() => remove(folder));

const done = (value: number | null): RunOutcome => ({
  status: 'ok',
  stateHash: 'a'.repeat(16),
  values: [value],
  wallSeconds: 0.5,
});
const failed = (code: string): RunOutcome => ({ status: 'failed', code, reason: 'why', wallSeconds: 0 });
const open = () => openStudyFolder(plan, join(folder, 'out'), true).store;
const logs = (): string[] => readdirSync(join(folder, 'out', 'results')).map((name) => join(folder, 'out', 'results', name));

describe('a store', () => {
  it('keeps every bit of a value, and the first of two results', () => {
    const store = open();
    for (const value of [0.1 + 0.2, 5e-324, 1.7976931348623157e308, -1 / 3, null]) {
      const index = store.count;
      expect(store.add(index, done(value))).toBe(true);
      expect(store.add(index, done(7))).toBe(false);
    }
    store.close();
    const again = open();
    const values = [0, 1, 2, 3, 4].map((index) => (again.get(index) as RunDone).values[0]);
    expect(values).toEqual([0.1 + 0.2, 5e-324, 1.7976931348623157e308, -1 / 3, null]);
    expect(again.count).toBe(5);
  });

  it('reads whole lines and no others, wherever a log was cut', () => {
    const store = open();
    for (let index = 0; index < 10; index++) store.add(index, done(index));
    store.close();
    const [log] = logs();
    const bytes = readFileSync(log);
    const ends = [...bytes.keys()].filter((at) => bytes[at] === 10).map((at) => at + 1);
    fc.assert(
      fc.property(fc.nat(bytes.length), (cut) => {
        writeFileSync(log, bytes);
        truncateSync(log, cut);
        const read = open();
        expect(read.count).toBe(ends.filter((end) => end <= cut).length);
        expect(read.damaged).toBe(0);
        read.close();
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('skips a line of which a byte was changed', () => {
    const store = open();
    for (let index = 0; index < 4; index++) store.add(index, done(index));
    store.close();
    const [log] = logs();
    const bytes = readFileSync(log);
    bytes[30] ^= 1;
    writeFileSync(log, bytes);
    const read = open();
    expect([read.count, read.damaged, read.has(0), read.has(1)]).toEqual([3, 1, false, true]);
  });

  it('lets a result take the place of a failure in either order, and forgets passing failures', () => {
    const store = open();
    store.add(0, failed('worker/died'));
    store.add(1, failed('scenario/range'));
    store.close();
    const other = open();
    other.add(0, done(1));
    other.close();
    const read = open();
    expect([read.count, read.failed]).toEqual([2, 1]);
    read.add(2, failed('worker/died'));
    read.forgetPassing();
    expect([read.count, read.failed, read.has(1), read.has(2)]).toEqual([2, 1, true, false]);
  });

  it('takes a log of another, larger study for damaged', async () => {
    const larger = planStudy(await loadStudy(writeStudy(folder, TOY_STUDY.replace('replicates: 5', 'replicates: 50'), 'larger.yaml')));
    const other = openStudyFolder(larger, join(folder, 'larger'), true).store;
    for (const index of [3, plan.size, larger.size - 1]) other.add(index, done(1));
    other.close();
    open().close();
    cpSync(join(folder, 'larger', 'results'), join(folder, 'out', 'results'), { recursive: true });
    const read = open();
    // Run 3 has the same inputs in both.
    expect([read.count, read.damaged]).toEqual([1, 2]);
  });

  it('is opened by several that find no folder at the same time', () => {
    const { existsSync } = fs;
    // Another makes its file between the look of this one and its next step.
    fs.existsSync = () => {
      fs.existsSync = existsSync;
      syncBuiltinESMExports();
      open().close();
      return false;
    };
    syncBuiltinESMExports();
    expect(() => open().close()).not.toThrow();
    expect(fs.existsSync).toBe(existsSync);
  });

  it('sees what others write, line by line as it becomes whole', () => {
    const mine = open();
    const other = open();
    other.add(3, done(3));
    mine.refresh();
    expect(mine.has(3)).toBe(true);
    const [log] = logs();
    const line = readFileSync(log, 'utf8').replace('"i":3', '"i":4');
    appendFileSync(log, line.slice(0, 20));
    mine.refresh();
    expect(mine.count).toBe(1);
    // The checksum is that of another line.
    appendFileSync(log, line.slice(20));
    mine.refresh();
    expect([mine.count, mine.damaged]).toEqual([1, 1]);
  });
});

describe('the file of a study', () => {
  const damaged = /study.json of study .*: says something else than its digest: it was changed/;

  it('is refused when what it says is not what its digest tells of', () => {
    open().close();
    const path = join(folder, 'out', 'study.json');
    const text = readFileSync(path, 'utf8');
    expect(mergeStudy(join(folder, 'out'), []).manifest.runs.planned).toBe(plan.size);
    for (const was of [text.replace('"levels": 4', '"levels": 6'), text.replace(/"study": \{/, '"study": {}, "was": {')]) {
      writeFileSync(path, was);
      expect(() => mergeStudy(join(folder, 'out'), [])).toThrow(damaged);
    }
  });

  it('cannot be below a file', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => openStudyFolder(plan, join(folder, 'file', 'out'), false)).toThrow(/cannot be written \(ENOTDIR\); choose/);
  });
});
