/** `stampede metrics --run` on stored flat books, against the forests of their logs. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Measurement } from '../../scenarios/runtime/index.js';
import { LogSource } from '../../scenarios/runtime/trace/index.js';
import { ForestReader } from '../../sim/contagion/index.js';
import type { Forest } from '../../sim/contagion/index.js';
import { CauseKind, EventKind } from '../../sim/trace/index.js';
import { remove, scratchFolder, stampede } from '../support/cli-process.js';

let folder: string;
let runs: string[];

beforeAll(async () => {
  folder = scratchFolder();
  const flat = ['run', 'flat-book', '--replicates', '5', '--set', 'flat.R=0.8', '--out', 'flat', '--quiet'];
  const made = await stampede(flat, folder);
  expect(made.code, made.stderr).toBe(0);
  runs = readdirSync(join(folder, 'flat')).sort((a, b) => Number(a) - Number(b));
}, 60_000);
afterAll(() => remove(folder));

/** The forest, and by the number of each event the part of its fall that liquidations made. */
function readRun(run: string): { forest: Forest; forced: Map<number, number> } {
  const source = new LogSource(join(folder, 'flat', run, 'events.log'));
  const reader = new ForestReader(source.metadata);
  const forced = new Map<number, number>();
  for (let piece = source.nextPiece(); piece !== null; piece = source.nextPiece()) {
    while (piece.next()) {
      if (piece.kind !== EventKind.share || piece.other !== CauseKind.liquidation) continue;
      forced.set(piece.value, (forced.get(piece.value) ?? 0) + piece.feeB);
    }
    reader.add(piece.again());
  }
  source.close();
  return { forest: reader.forest(1), forced };
}

async function measure(run: string, ...more: string[]): Promise<Measurement[]> {
  const words = ['metrics', ...more, '--run', `flat/${run}`, '--json'];
  const { code, stdout, stderr } = await stampede(words, folder);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout).values;
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, one) => total + one, 0);

describe('metrics --run', () => {
  it('tells of every replicate what its forest comes to', async () => {
    let pushed = 0;
    expect(runs.length).toBe(5);
    for (const run of runs) {
      const { forest, forced } = readRun(run);
      const values = await measure(run);
      const told = (name: string, scope = 'L1') =>
        values.find((one) => one.name === name && one.scope === scope);
      const { count } = forest;
      if (count === 0) {
        expect(told('reproductionNumber')).toMatchObject({ value: null, note: 'nobody was liquidated' });
        continue;
      }
      const parents = [...forest.parent];
      const generations = [...forest.generation];
      const roots = parents.filter((one) => one < 0).length;
      pushed += count - roots;
      const R = (count - roots) / count;
      for (const scope of ['L1', 'L2', 'L3']) {
        expect(told('reproductionNumber', scope)).toMatchObject({ value: R, n: count });
      }
      expect(told('branchingRatio.tree')?.value).toBeCloseTo(R, 12);
      expect(told('reproductionNumber.spectralRadius')?.value).toBeCloseTo(R, 9);
      expect(told('reproductionNumber.matrix', 'L1, longs -> longs')?.value).toBeCloseTo(R, 12);
      const rootOf = (i: number): number => forest.rootEvent[i];
      const sizes = new Map<number, number>();
      const notionals = new Map<number, number>();
      parents.forEach((_, i) => {
        sizes.set(rootOf(i), (sizes.get(rootOf(i)) ?? 0) + 1);
        notionals.set(rootOf(i), (notionals.get(rootOf(i)) ?? 0) + forest.notionalQuote[i]);
      });
      expect(told('cascade.count')?.value).toBe(sizes.size);
      expect(told('cascade.largest')?.value).toBe(Math.max(...sizes.values()));
      expect(told('cascade.mean')?.value).toBe(count / sizes.size);
      expect(told('cascade.notional')?.value).toBeCloseTo(Math.max(...notionals.values()), 6);
      expect(told('generations.max')?.value).toBe(Math.max(...generations));
      expect(told('generations.mean')?.value).toBeCloseTo(sum(generations) / count, 12);
      const widths = generations.map((g) => generations.filter((one) => one === g).length);
      expect(told('generations.width')?.value).toBe(Math.max(...widths));
      const notional = [...forest.notionalQuote];
      const later = notional.filter((_, i) => generations[i] > 1);
      expect(told('contagionShare')?.value).toBeCloseTo(sum(later) / sum(notional), 12);
      const shared = notional.map((one, i) => one * (forced.get(forest.event[i]) ?? 0));
      expect(told('contagionShare.shared')?.value).toBeCloseTo(sum(shared) / sum(notional), 12);
      const second = generations.filter((g) => g === 2).length;
      expect(told('reproductionNumber.byGeneration', 'L1, generation 1')?.value).toBe(second / roots);
    }
    expect(pushed).toBeGreaterThan(0);
  });

  it('agrees with the summary of a run with deleveragings', async () => {
    const harsh = ['--set', 'venue.insuranceFund=1000', '--set', 'dials.leverage=2', '--set', 'dials.shock=1.5'];
    const words = ['run', 'flash-crash', ...harsh, '--out', 'flat/crash', '--quiet', '--json'];
    const { contagion, liquidations, autoDeleveraging, badDebtQuote } = JSON.parse(
      (await stampede(words, folder)).stdout,
    );
    expect(autoDeleveraging.count).toBeGreaterThan(0);
    expect(contagion.reproductionNumber).toBeGreaterThan(0);
    const values = await measure('crash');
    const told = (name: string) => values.find((one) => one.name === name) as Measurement;
    expect(told('reproductionNumber')).toMatchObject({ n: liquidations.count, scope: 'L1' });
    expect(told('reproductionNumber').value).toBeCloseTo(contagion.reproductionNumber, 12);
    expect(told('cascade.count').value).toBe(contagion.episodes);
    expect(told('cascade.largest').value).toBe(contagion.largestTree);
    expect(told('generations.max').value).toBe(contagion.generations);
    expect((told('uncoveredQuote').value ?? 0) / badDebtQuote).toBeCloseTo(1, 9);
    expect(told('adl.incidenceGini').value).toBeGreaterThan(0);
    expect(told('adl.overshoot').value).toBeNull();
  }, 60_000);

  it('prints a table that fits a screen, or one metric with its definition', async () => {
    const run = runs.find((one) => readRun(one).forest.generation.some((g) => g > 1)) as string;
    const { stdout } = await stampede(['metrics', '--run', `flat/${run}`], folder);
    expect(stdout.split('\n').length).toBeLessThan(40);
    expect(stdout).toMatch(/^flat-book, seed \d+\ncascade +reproductionNumber \(L1\) +0\.\d+ .*liquidations per/);
    expect(stdout).toMatch(/^ +undefined +there was no deleveraging: adl\.overshoot, /m);
    const one = await stampede(['metrics', 'contagionShare', '--run', `flat/${run}`], folder);
    expect(one.stdout).toMatch(/^contagionShare \(cascade, from one run's trace\)\n/);
    expect(one.stdout).toMatch(/\nL1: 0\.\d+ fraction, n \d+\n$/);
    const named = await measure(run, 'contagionShare');
    expect(named.map((value) => value.name)).toEqual(['contagionShare']);
  });

  it('refuses what it cannot measure in one line', async () => {
    const refusals = [
      [['metrics', '--run', 'nowhere'], /\[trace\/missing\]\n$/],
      [['metrics', 'contagionShar', '--run', `flat/${runs[0]}`], /\(did you mean "contagionShare"\?\) \[metric\/unknown\]\n$/],
      [['metrics', 'coVar', '--run', `flat/${runs[0]}`], /which is measured from many runs; .*\[metric\/unmeasured\]\n$/],
      [['metrics', '--run', ''], /^error: --run was empty/],
    ] as const;
    for (const [words, message] of refusals) {
      const { code, stdout, stderr } = await stampede(words, folder);
      expect([code, stdout, stderr.split('\n').length]).toEqual([2, '', 2]);
      expect(stderr).toMatch(message);
    }
  });
});
