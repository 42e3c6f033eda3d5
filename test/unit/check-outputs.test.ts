import { describe, expect, it } from 'vitest';
import { checkAnnotations, checkJunit, checkText } from '../../scenarios/cli/index.js';
import type { AssertionReport, CheckReport } from '../../scenarios/cli/index.js';
import { elements, readXml } from '../support/xml.js';

const assertion = (verdict: AssertionReport['verdict'], rest: Partial<AssertionReport> = {}): AssertionReport => ({
  assertion: 'badDebtQuote p99 <= 0', metric: 'badDebtQuote', unit: 'quote', statistic: 'p99', comparison: '<=',
  threshold: 0, verdict, estimate: 12_345, low: 1, high: null, n: 300, undefinedRuns: 0,
  violations: { count: 4, seeds: [1, 2, 3, 4] },
  worst: { seed: 3, value: 54_321, replay: 'stampede run x.yaml --seed 3', path: 'badDebtQuote' },
  ...rest,
});
const report = (assertions: AssertionReport[], rest: Partial<CheckReport> = {}): CheckReport => ({
  scenario: 'x', version: '0.1.0', verdict: 'fail', interrupted: false, confidence: 0.95, seed: 0, runs: 300, budget: 300,
  assertions, failed: { count: 0, runs: [] }, wallSeconds: 10, runsPerSecond: 30, repeat: 'stampede check x', ...rest,
});
const NASTY = 'a <b> & "c" \u0000\u001b[31m %0A ]]> \ud800';
const failedRuns = { count: 2, runs: [{ seed: 7, code: 'a/b', reason: NASTY, replay: 'stampede run x --seed 7' }] };

describe('the outputs of a check', () => {
  it('take at most 20 lines for people, what fails first', () => {
    const many = Array.from({ length: 60 }, (_, k) => assertion(k % 20 === 19 ? 'fail' : k % 7 === 0 ? 'undecided' : 'pass'));
    const lines = checkText(report(many, { failed: failedRuns })).split('\n');
    expect(lines.length).toBeLessThanOrEqual(20);
    expect(lines[2]).toMatch(/^✗ badDebtQuote p99 <= 0 +12\.3 k +1 to ∞ +300$/);
    expect(lines[4]).toBe('    stampede run x.yaml --seed 3');
    expect(lines.at(-1)).toMatch(/^fail: 3 fail, 9 are undecided, 48 hold; 300 runs in 10 s, 30.* a second$/);
    expect(lines).toContain('  and 51 more; --json tells all');
  });

  it('write times as times, shares as percentages, and what a maximum leaves open', () => {
    const time = assertion('pass', { unit: 'us', estimate: 600e6, low: 90e6, high: 1e9 });
    const share = assertion('pass', { statistic: 'share', estimate: 0.01, low: 0, high: 0.031 });
    const max = assertion('pass', { statistic: 'max', violatingShareMax: 0.0081 });
    const text = checkText(report([time, share, max], { verdict: 'pass' }));
    expect(text).toContain('10 min 00 s  1 min 30 s to 16 min 40 s');
    expect(text).toContain('1.0 %  0.0 % to 3.1 %');
    expect(text).toContain('but for 0.8 % of seeds at most');
  });

  it('are well-formed XML whatever stands in them', () => {
    const xml = checkJunit(
      report([assertion('fail', { doc: NASTY, assertion: NASTY }), assertion('undecided'), assertion('pass')], {
        scenario: NASTY, failed: failedRuns,
      }),
    );
    const suites = readXml(xml);
    expect(suites.attributes).toMatchObject({ tests: '4', failures: '2', errors: '1', skipped: '0' });
    expect(elements(suites, 'failure').map((one) => one.attributes.type)).toEqual(['fail', 'undecided']);
    expect(elements(suites, 'failure')[0].text).toContain('a <b> & "c" \ufffd\ufffd[31m %0A ]]> \ufffd');
    expect(elements(suites, 'error')[0].text).toContain('stampede run x --seed 7');
    expect(elements(suites, 'testcase')[0].attributes.name).toContain('a <b> & "c"');
  });

  it('are one line a workflow command, escaped as the runner reads it', () => {
    const lines = checkAnnotations(
      report([assertion('fail', { file: 'a,b:c.yaml', line: 7, assertion: 'x < 5%, y' }), assertion('pass')], { failed: failedRuns }),
    );
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^::error file=a%2Cb%3Ac\.yaml,line=7,title=x < 5%25%2C y::x < 5%25, y: fails: .*%0Aseed 3: stampede run/);
    for (const line of lines) expect(line).not.toMatch(/[\r\n]/);
    expect(lines[1]).toMatch(/^::error title=stampede check::2 of 300 runs of .*%250A/);
  });
});
