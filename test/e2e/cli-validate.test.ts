/** `stampede validate`: verdicts, exit codes, refusals. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { remove, scratchFolder, stampede } from '../support/cli-process.js';

let folder: string;
beforeAll(() => {
  folder = scratchFolder();
});
afterAll(() => remove(folder));

const short = ['--seeds', '2', '--quiet', '--set', 'time.duration=2h'];

describe('validate', () => {
  it('gives every fact a verdict, the same with any number of threads, and exits 3 where one fails', async () => {
    const words = ['validate', 'flash-crash', '--json', ...short];
    const { code, stdout, stderr } = await stampede([...words, '--threads', '1'], folder);
    expect(stderr).toBe('');
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ suite: 'stylised-facts', scenario: 'flash-crash', binSeconds: 60 });
    expect(report.returnsPerRun).toBe(118);
    expect(report.runs.map((run: { seed: number }) => run.seed)).toEqual([0, 1]);
    expect(report.rows).toHaveLength(23);
    const failed = report.rows.filter(
      (row: { tier: string; verdict: string }) =>
        row.tier === 'must' && row.verdict !== 'pass' && row.verdict !== 'warn',
    );
    expect(failed.length).toBeGreaterThan(0);
    expect(report.holds).toBe(false);
    expect(code).toBe(3);
    const again = JSON.parse((await stampede([...words, '--threads', '2'], folder)).stdout);
    const untimed = ({ runs, ...rest }: { runs: { wallSeconds: number }[] }) => ({
      ...rest,
      runs: runs.map((run) => ({ ...run, wallSeconds: 0 })),
    });
    expect(untimed(again)).toEqual(untimed(report));
  }, 120_000);

  it('prints what, value, accepted range and verdict, and that passing is no calibration', async () => {
    const { code, stdout } = await stampede(['validate', 'zi-1k', ...short, '--set', 'time.duration=40m'], folder);
    expect(code).toBe(3);
    expect(stdout).toMatch(/ 2 {2}heavy tails +(pass|warn|FAIL) +alpha \d.* accepted: alpha in \[2, 5\]/);
    expect(stdout).toMatch(/15 {2}intraday volume pattern +n\/a +the market never closes/);
    expect(stdout).toMatch(/\d of 8 facts that must hold do not: /);
    expect(stdout).toContain('Passing is not calibration');
  }, 120_000);

  it('compares a scenario with published figures, red where they differ', async () => {
    // An hour is not the two days: liquidations stay below, nobody is deleveraged.
    const words = ['validate', '--suite', 'history', '--seeds', '1', '--quiet', '--set', 'time.duration=20m'];
    const { code, stdout } = await stampede([...words, '--json'], folder);
    const report = JSON.parse(stdout);
    expect(code).toBe(3);
    const verdicts = Object.fromEntries(
      report.rows.map((row: { id: string; verdict: string }) => [row.id, row.verdict]),
    );
    expect(verdicts).toMatchObject({
      drawdown: 'above', liquidations: 'below', deleveragings: 'inside', outage: 'input',
      'takeover-loss': 'not-measured', funding: 'not-measured',
    });
    expect(report.holds).toBe(false);
  }, 180_000);

  it.each([
    [['validate', '--suite', 'facts'], 'usage/value', 'must be one of stylised-facts, history'],
    [['validate', 'clam'], 'scenario/unknown', 'did you mean "calm"?'],
    [['validate', '--seeds', '0'], 'usage/value', '--seeds was 0, must be a whole number in 1 to 1000'],
    [['validate', 'flat-book'], 'validate/short', 'time.duration was 2s, must be at least 32m'],
    [['validate', 'calm', '--suite', 'history'], 'validate/history', 'must be one with published figures'],
  ])('refuses %j', async (words, code, text) => {
    const refused = await stampede(words, folder);
    expect(refused.code).toBe(2);
    expect(refused.stdout).toBe('');
    expect(refused.stderr).toContain(text);
    expect(refused.stderr).toContain(`[${code}]`);
    expect(refused.stderr.trim().split('\n')).toHaveLength(1);
  });
});
