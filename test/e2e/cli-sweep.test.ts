/** Sweeps through the real command: plans, budgets, resuming after any death, parts, refusals. */
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contents, remove, scratchFolder, stampede, start } from '../support/cli-process.js';
import { SMALL_SCENARIO } from '../support/small-scenario.js';
import { TOY_STUDY, writeStudy } from '../support/tiny-study.js';

let folder: string;
beforeAll(() => {
  folder = scratchFolder();
  writeStudy(folder);
  writeStudy(folder, SMALL_SCENARIO, 'small.yaml');
  writeStudy(folder, SMALL_STUDY, 'small-study.yaml');
});
afterAll(() => remove(folder));

/** Twelve runs of a small market, a second each or less. */
const SMALL_STUDY = `name: small-study
base: small.yaml
factors: [{ name: leverage, path: dials.leverage, values: [0.5, 1] }]
replicates: 3
variants: [{ name: base }, { name: poor, set: { venue.insuranceFund: 10 } }]
primary: [{ metric: liquidations.count, statistic: share, above: 5 }]
tables: [episodes, intervals]
`;

/** Two points, of which one passes every check but that of its amounts, when it is built. */
const FAILING_STUDY = `name: failing
base: { scenario: small.yaml, set: { time.duration: 20s } }
factors: [{ name: equity, path: population.makers.equity, values: [1000000, 9000000000000] }]
replicates: 2
primary: [{ metric: trades }]
`;

const table = (out: string, name = 'runs'): Buffer => readFileSync(join(folder, out, `${name}.parquet`));
async function rows(out: string, name = 'runs'): Promise<Record<string, unknown>[]> {
  const bytes = table(out, name);
  const file = new Uint8Array(bytes).buffer;
  return parquetReadObjects({ file });
}

async function sweep(...words: string[]) {
  const { code, stdout, stderr } = await stampede(['sweep', ...words], folder);
  return { code, stdout, stderr };
}

/** Waits for the first result of a sweep. */
async function begun(out: string): Promise<void> {
  const results = join(folder, out, 'results');
  while (!existsSync(results) || readdirSync(results).length === 0) {
    await new Promise((next) => setTimeout(next, 20));
  }
}

describe('a sweep', () => {
  it('plans without touching a file', async () => {
    const before = contents(folder);
    const { code, stdout } = await sweep('study.yaml', '--plan', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      study: 'toy',
      design: { kind: 'grid', points: 12 },
      variants: ['base', 'shifted'],
      runs: 120,
      runsPresent: 0,
      seeds: { first: 0, last: 4 },
    });
    const text = await sweep('study.yaml', '--plan');
    expect(text.stdout).toMatch(/nothing was run/);
    expect(contents(folder)).toEqual(before);
  });

  it('makes a row a run, in order, with factors, figures, keys and hashes', async () => {
    const { code, stdout } = await sweep('study.yaml', '--out', 'whole', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ complete: true, runs: { made: 120, present: 120, failed: 0 } });
    const all = await rows('whole');
    expect(all).toHaveLength(120);
    expect(new Set(all.map((one) => one.run)).size).toBe(120);
    expect(all.map((one) => Number(one.seed))).toEqual(all.map((one) => Number(one.replicate)));
    for (const { x1, x2, y, variant, status } of all) {
      const [a, b, c] = [Number(x1), Number(x2), variant === 'shifted' ? 1 : 0];
      expect(status).toBe('ok');
      expect(y).toBeCloseTo(3 * a + 2 * b + 0.01 * c + 5 * a * b, 12);
    }
    const manifest = JSON.parse(readFileSync(join(folder, 'whole', 'manifest.json'), 'utf8'));
    expect(manifest.files.map((one: { name: string }) => one.name)).toContain('runs.parquet');
    expect(manifest.plan.primary).toEqual([{ metric: 'y', statistic: 'mean' }]);
  });

  it('gives the same bytes on one thread, on three, and in parts', async () => {
    await sweep('study.yaml', '--out', 'one', '--jobs', '1');
    await sweep('study.yaml', '--out', 'three', '--jobs', '3');
    for (let part = 1; part <= 4; part++) {
      const { code } = await sweep('study.yaml', '--out', `part-${part}`, '--shard', `${part}/4`);
      expect(code).toBe(0);
      expect(existsSync(join(folder, `part-${part}`, 'runs.parquet'))).toBe(false);
    }
    const parts = [1, 2, 3, 4].map((part) => `part-${part}`);
    const early = await stampede(['merge', 'early', ...parts.slice(1)], folder);
    expect([early.code, early.stdout]).toEqual([5, expect.stringMatching(/30 are missing/)]);
    const merged = await stampede(['merge', 'merged', ...parts, '--json'], folder);
    expect(merged.code).toBe(0);
    expect(JSON.parse(merged.stdout)).toMatchObject({ complete: true, runs: { present: 120 } });
    for (const out of ['one', 'three', 'merged']) expect(table(out).equals(table('whole'))).toBe(true);
  });

  it('takes the part that Slurm or Kubernetes gives it', async () => {
    const slurm = { SLURM_ARRAY_TASK_ID: '3', SLURM_ARRAY_TASK_COUNT: '4', SLURM_ARRAY_TASK_MIN: '1' };
    const asSlurm = await stampede(['sweep', 'study.yaml', '--out', 'slurm', '--json'], folder, { env: slurm });
    const asPart = await sweep('study.yaml', '--out', 'second', '--shard', '2/4', '--json');
    expect(JSON.parse(asSlurm.stdout).runs).toEqual(JSON.parse(asPart.stdout).runs);
    const alone = await stampede(['sweep', 'study.yaml'], folder, { env: { JOB_COMPLETION_INDEX: '0' } });
    expect([alone.code, alone.stderr]).toEqual([2, expect.stringMatching(/STAMPEDE_SHARDS was missing/)]);
  });

  it('spends a budget evenly and goes on from there', async () => {
    const { code, stdout } = await sweep('study.yaml', '--out', 'spent', '--budget', '50', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ runs: { made: 50, present: 50, planned: 50 } });
    const counts = new Map<unknown, number>();
    for (const { point } of await rows('spent')) counts.set(point, (counts.get(point) ?? 0) + 1);
    expect(counts.size).toBe(12);
    expect(Math.max(...counts.values()) - Math.min(...counts.values())).toBe(2);
    const again = await sweep('study.yaml', '--out', 'spent', '--budget', '50', '--resume', '--json');
    expect([again.code, JSON.parse(again.stdout).runs.made]).toEqual([0, 0]);
    const rest = await sweep('study.yaml', '--out', 'spent', '--resume', '--json');
    expect([rest.code, JSON.parse(rest.stdout).runs.made]).toEqual([0, 70]);
    expect(table('spent').equals(table('whole'))).toBe(true);
  });

  it('records a run that fails with its reason, and ends with 5', async () => {
    writeStudy(folder, FAILING_STUDY, 'failing.yaml');
    const { code, stdout } = await sweep('failing.yaml', '--out', 'failing');
    expect(code).toBe(5);
    expect(stdout).toMatch(/✗ 2; each is in the table with its reason/);
    const all = await rows('failing');
    expect(all.map((one) => one.status)).toEqual(['ok', 'ok', 'failed', 'failed']);
    expect(all[3]).toMatchObject({ trades: null, stateHash: null, reason: expect.stringMatching(/^scenario\/range: .*quanta, must be at most/) });
    const again = await sweep('failing.yaml', '--out', 'failing', '--resume', '--json');
    expect([again.code, JSON.parse(again.stdout).runs]).toEqual([5, { made: 0, present: 4, planned: 4, failed: 2 }]);
  });

  it('repeats in a run of its own what a row says', async () => {
    const { code } = await sweep('small-study.yaml', '--out', 'small');
    expect(code).toBe(0);
    const row = (await rows('small')).find((one) => one.leverage === 1 && one.variant === 'poor' && one.replicate === 2);
    const words = ['run', 'small.yaml', '--seed', '2', '--set', 'dials.leverage=1', '--set', 'venue.insuranceFund=10', '--json'];
    const run = JSON.parse((await stampede(words, folder)).stdout);
    expect(row?.stateHash).toBe(run.hash);
    expect(row?.['liquidations.count']).toBe(run.liquidations.count);
    expect(row?.badDebtQuote).toBe(run.badDebtQuote);
    const episodes = (await rows('small', 'episodes')).filter((one) => one.run === row?.run);
    const inEpisodes = episodes.reduce((sum, one) => sum + Number(one.liquidations), 0);
    expect(inEpisodes).toBe(run.liquidations.count);
    const samples = (await rows('small', 'intervals')).filter((one) => one.run === row?.run);
    expect(samples.length).toBeGreaterThan(20);
    expect(samples.map((one) => one.timeMicros)).toEqual(samples.map((_, k) => 10e6 * k));
  });
});

describe('a sweep that is disturbed', () => {
  it('goes on after kill -9 at any moment, in absent and half-made folders, and after it has ended', async () => {
    const whole = table('small');
    for (const millis of [300, 900, 1500, 2100]) {
      const running = start(['sweep', 'small-study.yaml', '--out', 'killed', '--resume'], folder);
      const timer = setTimeout(() => running.process.kill('SIGKILL'), millis);
      await running.finished;
      clearTimeout(timer);
    }
    const last = await sweep('small-study.yaml', '--out', 'killed', '--resume');
    expect(last.code).toBe(0);
    expect(table('killed').equals(whole)).toBe(true);
    mkdirSync(join(folder, 'half', 'results'), { recursive: true });
    expect((await sweep('small-study.yaml', '--out', 'half', '--resume', '--budget', '4')).code).toBe(0);
    expect(contents(join(folder, 'killed')).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('keeps what has ended on Ctrl-C and says how to go on', async () => {
    const running = start(['sweep', 'small-study.yaml', '--out', 'stopped', '--jobs', '1'], folder);
    await begun('stopped');
    running.process.kill('SIGINT');
    const { code, stderr } = await running.finished;
    expect(code).toBe(130);
    const command = /to go on: stampede (.*)/.exec(stderr)?.[1].split(' ') ?? [];
    expect((await stampede(command, folder)).code).toBe(0);
    expect(table('stopped').equals(table('small'))).toBe(true);
  });

  it('lets two coordinators work on one folder', async () => {
    const both = [1, 2].map(() => sweep('small-study.yaml', '--out', 'both', '--resume', '--jobs', '1'));
    for (const { code } of await Promise.all(both)) expect(code).toBe(0);
    expect(table('both').equals(table('small'))).toBe(true);
    expect(readdirSync(join(folder, 'both', 'results')).length).toBe(2);
  });
});

describe('a sweep that cannot be', () => {
  it('refuses a folder in use, a changed study with the difference, another version, a damaged file', async () => {
    const exists = await sweep('study.yaml', '--out', 'whole');
    expect([exists.code, exists.stderr]).toEqual([2, expect.stringMatching(/whole: holds a study already; add --resume/)]);
    writeStudy(folder, TOY_STUDY.replace('replicates: 5', 'replicates: 6'), 'changed.yaml');
    const before = table('whole');
    const changed = await sweep('changed.yaml', '--out', 'whole', '--resume');
    expect([changed.code, changed.stderr]).toEqual([2, expect.stringMatching(/another study \(replicates: was 5, is 6\)/)]);
    const file = join(folder, 'whole', 'study.json');
    const text = readFileSync(file, 'utf8');
    for (const [was, words] of [
      [text.replace(/"version": "[^"]*"/, '"version": "0.0.1"'), /was written by stampede 0.0.1/],
      [text.slice(0, 100), /is not JSON any more/],
    ] as const) {
      writeFileSync(file, was);
      const { code, stderr } = await sweep('study.yaml', '--out', 'whole', '--resume');
      expect([code, stderr]).toEqual([2, expect.stringMatching(words)]);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
    writeFileSync(file, text);
    expect(table('whole').equals(before)).toBe(true);
  });

  it('refuses foreign folders, unknown studies, wrong parts and budgets', async () => {
    cpSync(join(folder, 'small.yaml'), join(folder, 'foreign', 'small.yaml'), { recursive: true });
    const refused = async (words: string[], pattern: RegExp): Promise<void> => {
      const { code, stderr } = await sweep(...words);
      expect([code, stderr]).toEqual([2, expect.stringMatching(pattern)]);
    };
    await refused(['study.yaml', '--out', 'foreign'], /foreign: holds other files, such as small.yaml/);
    await refused(['no-such-study'], /study was "no-such-study", must be/);
    await refused(['study.yaml', '--shard', '5/4'], /--shard was "5\/4", must be i\/n/);
    await refused(['study.yaml', '--budget', '1'], /--budget was 1, must be at least 2: the variants of a point/);
    await refused(['study.yaml', '--jobs', '0'], /--jobs was 0/);
    rmSync(join(folder, 'foreign'), { recursive: true });
  });
});
