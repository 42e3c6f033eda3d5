/** `stampede check` through the real binary. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BINARY, contents, remove, scratchFolder, stampede, start } from '../support/cli-process.js';
import { TINY_SCENARIO } from '../support/small-scenario.js';
import { strategyFile, USER_SCENARIO } from '../support/user-strategy.js';
import { elements, readXml } from '../support/xml.js';

let folder: string;

beforeEach(() => {
  folder = scratchFolder();
});
afterEach(() => {
  remove(folder);
});

/** A market with assertions on lines 20 and 21: the first is false, the second true. */
const ASSERTED = `${TINY_SCENARIO}assertions:
  - trades mean < 1
  - { assert: "badDebtQuote max <= 0", doc: "<nobody> pays" }
`;
const QUIET = ['--quiet', '--no-github'];
const json = async (words: string[], code: number) => {
  const finished = await stampede(['check', ...words, '--json', ...QUIET], folder);
  expect(finished.code, finished.stderr).toBe(code);
  expect(finished.stdout.trimEnd().split('\n')).toHaveLength(1);
  return JSON.parse(finished.stdout);
};
/** Runs a printed command line as a shell would. */
const shell = (line: string): string => {
  const command = line.replace(/^stampede /, `"${process.execPath}" "${BINARY}" `);
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return stdout;
};
const assertions = (...texts: string[]): string[] => texts.flatMap((text) => ['--assert', text]);

describe('verdicts', () => {
  it('passes with exit 0, and stops as soon as every assertion is decided', async () => {
    writeFileSync(join(folder, 'tiny.yaml'), TINY_SCENARIO);
    const words = ['tiny.yaml', ...assertions('trades mean < 100', 'P(trades > 1e6) <= 20%')];
    const report = await json(words, 0);
    expect(report).toMatchObject({ scenario: 'tiny', verdict: 'pass', interrupted: false, seed: 0, runs: 23, budget: 1000 });
    expect(report.failed).toEqual({ count: 0, runs: [] });
    expect(report.assertions[0]).toMatchObject({
      assertion: 'trades mean < 100', verdict: 'pass', n: 23, undefinedRuns: 0, unit: 'trades',
      statistic: 'mean', comparison: '<', threshold: 100, violations: { count: 0, seeds: [] },
    });
    expect(report.assertions[1]).toMatchObject({ statistic: 'share', threshold: 0.2, estimate: 0, low: 0 });
    expect(contents(folder)).toEqual(['tiny.yaml']);
  });

  it('fails with exit 3, and each replay command reproduces the value that violates most', async () => {
    writeFileSync(join(folder, 'a b.yaml'), ASSERTED);
    const setting = `title="it's a test"`;
    const words = ['a b.yaml', '--seeds', '20', '--seed', '3', '--set', setting];
    const report = await json(words, 3);
    expect(report).toMatchObject({ verdict: 'fail', runs: 20, seed: 3 });
    const [failing, passing] = report.assertions;
    expect(failing).toMatchObject({ verdict: 'fail', file: expect.stringMatching(/a b\.yaml$/), line: 20 });
    expect(passing).toMatchObject({ verdict: 'pass', line: 21, doc: '<nobody> pays', violatingShareMax: expect.any(Number) });
    expect(failing.violations.count).toBeGreaterThan(3);
    expect(failing.violations.seeds).toHaveLength(failing.violations.count);
    const { seed, value, replay, path } = failing.worst;
    expect(replay).toContain(`--seed ${seed}`);
    const run = JSON.parse(shell(`${replay} --json`));
    expect(run.seed).toBe(seed);
    expect(path).toBe('trades');
    expect(run.trades).toBe(value);
    const again = await stampede(['check', ...words, ...QUIET], folder);
    expect(again.code).toBe(3);
    expect(again.stdout).toContain(`    ${replay}\n`);
    expect(again.stdout).toMatch(/✗ trades mean < 1 .*\n {4}\d+ of 20 runs violate it, seed \d+ most: \d+ trades\n/);
    expect(again.stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(20);
  });

  it('measures what only a trace tells on the folder of the replayed run', async () => {
    writeFileSync(join(folder, 'small.yaml'), ASSERTED);
    const report = await json(['small.yaml', '--seeds', '3', '--set', 'time.series=1s', ...assertions('depth max < 0', 'contagion.earlyNodes max < 0')], 3);
    const { value, replay, measure, path } = report.assertions[0].worst;
    expect(path).toBeUndefined();
    shell(replay);
    const found = JSON.parse(shell(measure)).values.find((one: { name: string }) => one.name === 'depth');
    expect(found.value).toBe(value);
    const early = report.assertions[1].worst;
    expect(JSON.parse(shell(early.measure)).assertions[0]).toMatchObject({ estimate: early.value, n: 1 });
  });

  it('is undecided with exit 7, and says how many runs a quantile needs', async () => {
    writeFileSync(join(folder, 'tiny.yaml'), TINY_SCENARIO);
    const { code, stdout, stderr } = await stampede(
      ['check', 'tiny.yaml', '--seeds', '50', ...assertions('badDebtQuote p99 <= 0'), ...QUIET],
      folder,
    );
    expect(code).toBe(7);
    expect(stdout).toMatch(/\? badDebtQuote p99 <= 0 .*\n.*too few.*needs 299 runs at least\nundecided: 1 is undecided; 50 runs/);
    expect(stderr).toMatch(/"badDebtQuote p99 <= 0" can fail, but not pass: that needs 299 runs, --seeds was 50/);
    const enough = await json(['tiny.yaml', '--seeds', '299', ...assertions('badDebtQuote p99 <= 0')], 0);
    expect(enough.assertions[0]).toMatchObject({ verdict: 'pass', n: 299 });
    const close = await json(['tiny.yaml', '--budget', '40', ...assertions('trades mean < 3.2')], 7);
    expect(close).toMatchObject({ verdict: 'undecided', runs: 40, assertions: [{ verdict: 'undecided', n: 40 }] });
  });

  it('does not depend on threads, and the assertions change no run', async () => {
    writeFileSync(join(folder, 'small.yaml'), ASSERTED);
    const words = ['small.yaml', '--seeds', '20'];
    const timeless = ({ wallSeconds, runsPerSecond, ...rest }: Record<string, unknown>) => rest;
    const one = timeless(await json([...words, '--threads', '1'], 3));
    expect(timeless(await json([...words, '--threads', '2'], 3))).toEqual(one);
    const plain = JSON.parse((await stampede(['run', 'small.yaml', '--json', '--quiet'], folder)).stdout);
    writeFileSync(join(folder, 'small.yaml'), ASSERTED.slice(0, ASSERTED.indexOf('assertions:')));
    const without = JSON.parse((await stampede(['run', 'small.yaml', '--json', '--quiet'], folder)).stdout);
    expect([without.hash, without.logHash, without.out]).toEqual([plain.hash, plain.logHash, plain.out]);
  });

  it('is incomplete with exit 5 when runs cannot be made, and 3 when an assertion fails besides', async () => {
    // Marks of a few seeds pass there: only some runs fail.
    const body = `if (time[i] >= 235e6 && mark > 16000) throw new Error('no price like this');`;
    writeFileSync(join(folder, 'mine.ts'), strategyFile(body));
    writeFileSync(join(folder, 'own.yaml'), USER_SCENARIO);
    const words = ['own.yaml', '--strategy', 'mine.ts', '--seeds', '6'];
    const report = await json([...words, ...assertions('badDebtQuote max <= 1e12')], 5);
    expect(report.verdict).toBe('incomplete');
    expect(report.failed.count).toBeGreaterThan(0);
    expect(report.failed.count).toBeLessThan(6);
    expect(report.failed.runs[0]).toMatchObject({ reason: expect.stringContaining('no price like this'), code: expect.any(String) });
    expect(report.failed.runs[0].replay).toMatch(/^stampede run own\.yaml --seed \d+ --strategy mine\.ts$/);
    const { count } = report.failed;
    expect(report.assertions[0].n).toBe(6 - count);
    const both = await json([...words, ...assertions('traders max < 1')], 3);
    expect(both).toMatchObject({ verdict: 'fail', failed: { count } });
    const sure = `if (time[i] > 0) throw new Error('never');`;
    writeFileSync(join(folder, 'mine.ts'), strategyFile(sure));
    const none = await json([...words.slice(0, 3), ...assertions('badDebtQuote max <= 0')], 5);
    // Runs that all fail are not made a thousand times.
    expect(none).toMatchObject({ runs: 23, failed: { count: 23 }, assertions: [{ verdict: 'undecided', estimate: null }] });
  });

  it('keeps what is known at Ctrl-C', async () => {
    writeFileSync(join(folder, 'small.yaml'), ASSERTED);
    const words = ['check', 'small.yaml', '--budget', '100000', '--json', '--junit', 'j.xml', '--no-github'];
    const running = start([...words, ...assertions('trades max < 10', 'traders p99.9 < 1e9')], folder);
    await running.shows('runs at most');
    running.process.kill('SIGINT');
    const { code, stdout, stderr } = await running.finished;
    expect(code, stderr).toBe(130);
    const report = JSON.parse(stdout);
    expect(report.interrupted).toBe(true);
    expect(report.runs).toBeGreaterThan(0);
    expect(report.assertions.map((one: { verdict: string }) => one.verdict)).toEqual(['fail', 'undecided']);
    expect(stderr).toMatch(/interrupted: this is what is known; to decide it: stampede check small\.yaml /);
    expect(elements(readXml(readFileSync(join(folder, 'j.xml'), 'utf8')), 'failure')).toHaveLength(2);
  });
});

describe('what continuous integration reads', () => {
  it('is JUnit XML, with the replay of what fails, written whole', async () => {
    writeFileSync(join(folder, 'small.yaml'), ASSERTED);
    writeFileSync(join(folder, 'j.xml'), 'old');
    await json(['small.yaml', '--seeds', '20', '--junit', 'j.xml'], 3);
    expect(contents(folder)).toEqual(['j.xml', 'small.yaml']);
    const suites = readXml(readFileSync(join(folder, 'j.xml'), 'utf8'));
    expect(suites).toMatchObject({ name: 'testsuites', attributes: { tests: '2', failures: '1', errors: '0' } });
    const cases = elements(suites, 'testcase');
    expect(cases.map((one) => one.attributes)).toEqual([
      { classname: 'stampede.tiny', name: 'trades mean < 1', file: expect.stringMatching(/small\.yaml$/), line: '20' },
      { classname: 'stampede.tiny', name: 'badDebtQuote max <= 0', file: expect.stringMatching(/small\.yaml$/), line: '21' },
    ]);
    const [failure] = elements(cases[0], 'failure');
    expect(failure.attributes.type).toBe('fail');
    expect(failure.text).toMatch(/\nstampede run small\.yaml --seed \d+$/);
    expect(elements(cases[1], 'failure')).toEqual([]);
  });

  it('is an annotation at the line of the assertion, on stdout beside the table', async () => {
    writeFileSync(join(folder, 'small.yaml'), ASSERTED);
    const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: folder };
    const words = ['check', 'small.yaml', '--seeds', '20', '--quiet'];
    const { stdout } = await stampede(words, folder, { env });
    const line = /^::error file=small\.yaml,line=20,title=trades mean < 1::.*%0Aseed \d+: stampede run small\.yaml --seed \d+$/m;
    expect(stdout).toMatch(line);
    expect(stdout.match(/^::/gm)).toHaveLength(1);
    const object = await stampede([...words, '--json'], folder, { env });
    expect(() => JSON.parse(object.stdout)).not.toThrow();
    expect(object.stderr).toMatch(line);
    expect((await stampede([...words, '--no-github'], folder, { env })).stdout).not.toContain('::');
    const flag = [...words, '--github', ...assertions('P(traders > 1) <= 99.9%')];
    const open = await stampede(flag, folder, { env: { GITHUB_ACTIONS: '' } });
    expect(open.code).toBe(7);
    expect(open.stdout).toMatch(/^::warning title=P\(traders > 1\) <= 0\.999::.*undecided: 100\.0 %25 /m);
  });
});
