/** `stampede run --replicates` through the real binary. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contents, remove, scratchFolder, stampede, start } from '../support/cli-process.js';

let folder: string;

beforeEach(() => {
  folder = scratchFolder();
});
afterEach(() => {
  remove(folder);
});

const settings = (R: number, theta = 2): string[] => ['--set', `flat.R=${R}`, '--set', `flat.theta=${theta}`];

describe('run flat-book --replicates', () => {
  it('prints one object with estimates, errors and the law, and leaves no folder', async () => {
    const words = ['run', 'flat-book', '--replicates', '3000', ...settings(0.6), '--json'];
    const { code, stdout, stderr } = await stampede(words, folder);
    expect(code, stderr).toBe(0);
    expect(contents(folder)).toEqual([]);
    expect(stderr).toMatch(/3,000 replicates in .* on \d+ threads?: .* a second, start included/);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    const result = JSON.parse(stdout);
    const figures = {
      mean: expect.any(Number),
      variance: expect.any(Number),
      reproductionNumber: expect.any(Number),
      amplification: expect.any(Number),
      pAtLeast: { 20: expect.any(Number) },
      runawayProbability: expect.any(Number),
      offspring: { mean: expect.any(Number), variance: expect.any(Number), pZero: expect.any(Number) },
      meanSubtree: expect.any(Number),
      meanCounterfactual: expect.any(Number),
    };
    expect(result).toMatchObject({
      scenario: 'flat-book',
      seed: 0,
      flat: { R: 0.6, theta: 2, refill: 0, cap: 1000 },
      replicates: 3000,
      partial: false,
      hash: expect.stringMatching(/^[0-9a-f]{16}$/),
      correlation: expect.any(Number),
      ...figures,
      standardErrors: figures,
      closedForm: figures,
    });
    expect(Object.keys(result.closedForm)).toEqual(Object.keys(figures));
    expect(Math.abs(result.mean - 5)).toBeLessThan(0.5);
    expect(result.closedForm.meanSubtree).toBeCloseTo(2.5, 12);
  });

  it('does not depend on threads, and takes seeds from --seed on', async () => {
    const words = ['run', 'flat-book', '--replicates', '1200', '--json', '--quiet', ...settings(0.9, 0.5)];
    const one = await stampede([...words, '--threads', '1'], folder);
    const two = await stampede([...words, '--threads', '2'], folder);
    expect(one.stderr).toBe('');
    expect(two.stdout).toBe(one.stdout);
    const other = await stampede([...words, '--seed', '1'], folder);
    expect(JSON.parse(other.stdout).hash).not.toBe(JSON.parse(one.stdout).hash);
  });

  it('prints a table for people, with nothing where the law is infinite', async () => {
    const words = ['run', 'flat-book', '--replicates', '60', '--quiet', ...settings(1.5)];
    const { code, stdout } = await stampede([...words, '--set', 'flat.cap=100'], folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/estimate +std\. error +closed form +z\n/);
    expect(stdout).toMatch(/mean subtree +[\d.]+ +[\d.]+ +- +-\n/);
    expect(stdout).toMatch(/repeat +stampede run flat-book --seed 0 .*--replicates 60\n$/);
    expect(stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(20);
  });

  it('files ordinary runs that verify and add up to what is printed', async () => {
    const words = ['run', 'flat-book', '--replicates', '4', '--seed', '20', '--out', 'filed', '--json'];
    const { code, stdout, stderr } = await stampede(words, folder);
    expect(code, stderr).toBe(0);
    expect(contents(join(folder, 'filed'))).toEqual(['20', '21', '22', '23']);
    const summaries = [20, 21, 22, 23].map((seed) =>
      JSON.parse(readFileSync(join(folder, 'filed', String(seed), 'summary.json'), 'utf8')),
    );
    const result = JSON.parse(stdout);
    let liquidations = 0;
    let roots = 0;
    for (const one of summaries) {
      liquidations += one.liquidations.count;
      roots += one.contagion.roots;
    }
    expect(result.mean).toBeCloseTo(liquidations / 4, 12);
    expect(result.reproductionNumber).toBeCloseTo((liquidations - roots) / liquidations, 12);
    const verified = await stampede(['verify', 'filed/22', '--quiet'], folder);
    expect(verified.code, verified.stderr).toBe(0);
    const again = await stampede(words, folder);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('filed: exists already');
  });

  it.each([
    [['calm', '--replicates', '20'], /scenario calm must have a section flat, as scenario flat-book has \[replicates\/flat\]/],
    [['flat-book', '--replicates', '0'], /--replicates was 0, must be a whole number in 1 to 10000000/],
    [['flat-book', '--replicates', '1e3'], /--replicates was 1e3, must be a whole number/],
    [['flat-book', '--replicates', '5', '--serve'], /--serve was given, must be left out with --replicates/],
    [['flat-book', '--replicates', '5', '--check'], /--check was given, must be left out with --replicates/],
    [['flat-book', '--replicates', '2000', '--out', 'many'], /--replicates was 2000, must be at most 1000 with --out/],
    [['flat-book', '--replicates', '5', '--set', 'dials.shock=2'], /dials\.shock was 2, must be 1 with --replicates/],
    [['flat-book', '--replicates', '5', '--seed', '9007199254740990'], /--seed was 9007199254740990, must be at most 9007199254740987/],
    [['calm', '--set', 'flat.R=0.6'], /flat: was a mapping, must be left out here: only scenario flat-book/],
  ])('refuses %o in one line', async (words, message) => {
    const { code, stdout, stderr } = await stampede(['run', ...words], folder);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(message);
    expect(contents(folder)).toEqual([]);
  });

  it('keeps what is done at Ctrl-C, and nothing at the second', async () => {
    const words = ['run', 'flat-book', '--replicates', '5000000', '--json', ...settings(0.6)];
    const running = start(words, folder);
    await new Promise((done) => setTimeout(done, 2500));
    running.process.kill('SIGINT');
    const { code, stdout, stderr } = await running.finished;
    expect(code).toBe(130);
    const result = JSON.parse(stdout);
    expect(result.partial).toBe(true);
    expect(result.replicates).toBeGreaterThan(0);
    expect(result.replicates).toBeLessThan(5_000_000);
    expect(result.replicates % 500).toBe(0);
    expect(stderr).toContain('interrupted: these are the replicates done');
    expect(existsSync(join(folder, 'runs'))).toBe(false);
    // What was kept is what so many replicates give.
    const same = ['run', 'flat-book', '--replicates', String(result.replicates), '--json', ...settings(0.6)];
    expect(JSON.parse((await stampede(same, folder)).stdout).hash).toBe(result.hash);
  });
});
