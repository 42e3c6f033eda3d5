/** `stampede why` on stored runs, against the forests and rows of their logs. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ForestReader } from '../../sim/contagion/index.js';
import type { Forest } from '../../sim/contagion/index.js';
import { LogSource } from '../../scenarios/runtime/trace/index.js';
import { remove, scratchFolder, stampede } from '../support/cli-process.js';

let folder: string;
let runs: string[];

beforeAll(async () => {
  folder = scratchFolder();
  const flat = ['run', 'flat-book', '--replicates', '6', '--set', 'flat.R=0.8', '--set', 'flat.theta=3'];
  const made = await stampede([...flat, '--out', 'flat', '--quiet', '--json'], folder);
  expect(made.code, made.stderr).toBe(0);
  runs = readdirSync(join(folder, 'flat')).sort((a, b) => Number(a) - Number(b));
}, 60_000);
afterAll(() => remove(folder));

function forestOf(run: string): Forest {
  const source = new LogSource(join(folder, 'flat', run, 'events.log'));
  const reader = new ForestReader(source.metadata);
  for (let piece = source.nextPiece(); piece !== null; piece = source.nextPiece()) reader.add(piece);
  source.close();
  return reader.forest(1);
}

async function why(...args: string[]) {
  const { code, stdout, stderr } = await stampede(['why', ...args, '--json'], folder);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

describe('why', () => {
  it('tells the chain, the children and the sizes that the log holds', async () => {
    let children = 0;
    for (const run of runs.slice(0, 3)) {
      const forest = forestOf(run);
      if (forest.count === 0) continue;
      const last = forest.count - 1;
      const found = await why(`flat/${run}`, String(forest.liquidation[last]));
      const path: number[] = [];
      for (let at = forest.parent[last]; at >= 0; at = forest.parent[at]) path.unshift(forest.liquidation[at]);
      expect(found.chain.map((link: { liquidation: number }) => link.liquidation)).toEqual(path);
      expect(found.liquidation.generation).toBe(path.length + 1);
      expect(found.root.kind).toBe('shock');
      expect(found.cascade.liquidations).toBe(forest.count);
      const weights = found.liquidation.shares.map((share: { weight: number }) => share.weight);
      expect(weights.reduce((sum: number, weight: number) => sum + weight, 0)).toBeCloseTo(1, 9);
      const first = await why(`flat/${run}`, '1');
      const direct = forest.parent.filter((parent) => parent === 0).length;
      expect(first.pushed.directly).toBe(direct);
      children += direct;
    }
    expect(children).toBeGreaterThan(0);
  });

  it('explains the largest cascade in words', async () => {
    const run = runs.find((one) => forestOf(one).generation.some((g) => g > 1)) as string;
    const { code, stdout } = await stampede(['why', `flat/${run}`], folder);
    expect(code).toBe(0);
    expect(stdout).toContain('The largest cascade (of 1) of flat-book');
    expect(stdout).toContain('A scheduled order from outside the population (the shock), which sold');
    expect(stdout).toContain('Its longest chain');
    expect(stdout).toMatch(/80 lots sold; the mark fell from [\d,]+ to [\d,]+ \(-0\.04 %\)/);
  });

  it('tells what would have happened without it', async () => {
    const run = runs.find((one) => forestOf(one).count > 3) as string;
    const forest = forestOf(run);
    const found = await why(`flat/${run}`, '1', '--counterfactual', '--continuations', '0');
    const { value, twin, difference } = found.counterfactual.effects.liquidations;
    expect(value).toBe(forest.count);
    expect(difference).toBe(value - twin);
    expect(difference).toBeGreaterThanOrEqual(1);
  });

  it('refuses what is not there in one line', async () => {
    const none = await stampede(['why', `flat/${runs[0]}`, '99999'], folder);
    expect(none.code).toBe(2);
    expect(none.stderr).toMatch(/^error: event was 99999, must be a liquidation from 1 to \d+, .*\[why\/event\]\n$/);
    const typo = await stampede(['why', `flat/${runs[0]}`, 'cascad'], folder);
    expect(typo.stderr).toContain('did you mean "cascade"?');
    const missing = await stampede(['why', 'nowhere'], folder);
    expect([missing.code, missing.stderr.split('\n').length]).toEqual([2, 2]);
  });

  it('says so where nobody was liquidated', async () => {
    const set = ['--set', 'flat.theta=0.001', '--set', 'flat.R=0'];
    await stampede(['run', 'flat-book', ...set, '--out', 'calm', '--quiet', '--json'], folder);
    const { code, stdout } = await stampede(['why', 'calm'], folder);
    expect([code, stdout.includes('nobody was liquidated')]).toEqual([0, true]);
  });

  it('needs the causal ledger, without which a run has the same hash and verifies', async () => {
    const set = ['run', 'flat-book', '--seed', '5', '--quiet', '--json'];
    const kept = await stampede([...set, '--out', 'kept'], folder);
    const bare = await stampede([...set, '--without-causes', '--out', 'bare'], folder);
    expect(JSON.parse(bare.stdout).hash).toBe(JSON.parse(kept.stdout).hash);
    expect(JSON.parse(bare.stdout).contagion).toBe(null);
    const asked = await stampede(['why', 'bare'], folder);
    expect([asked.code, asked.stderr.includes('[why/no-causes]')]).toEqual([2, true]);
    expect((await stampede(['verify', 'bare', '--quiet'], folder)).code).toBe(0);
  });
});
