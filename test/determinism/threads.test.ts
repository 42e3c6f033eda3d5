/** The same run on one, two and three threads, asked for every window or for none: one hash. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseScenario, resolveScenario } from '../../scenarios/model/index.js';
import { loadScenario, startRun } from '../../scenarios/runtime/index.js';
import type { RunOptions, RunResult } from '../../scenarios/runtime/index.js';
import { SMALL_SCENARIO } from '../support/small-scenario.js';

const small = resolveScenario(parseScenario(SMALL_SCENARIO, 'small.yaml'));

function result(options: Partial<RunOptions>): Promise<RunResult> {
  return startRun({ scenario: small, seed: 1, threads: 1, out: null, ...options }).result;
}

describe('threads', () => {
  it('change no bit of a run with liquidations', async () => {
    const alone = await result({});
    expect(alone.liquidations.count).toBeGreaterThan(0);
    expect(alone.parallelWindows).toBe(0);
    for (const [threads, inlineDueMax] of [[2, 0], [2, 20], [3, 0], [2, Infinity]]) {
      const other = await result({ threads, inlineDueMax });
      expect([other.hash, other.logHash], `${threads} threads, ${inlineDueMax}`).toEqual([alone.hash, alone.logHash]);
      if (inlineDueMax < 100) expect(other.parallelWindows).toBeGreaterThan(0);
    }
    expect((await result({ seed: 2 })).hash).not.toBe(alone.hash);
  });

  it('change no byte of the log, causes included', async () => {
    const bytes: Buffer[] = [];
    const withLog = (path: string): void => {
      bytes.push(readFileSync(path));
    };
    for (const [threads, inlineDueMax] of [[1, 0], [2, 0], [3, 20]]) {
      const { contagion } = await result({ threads, inlineDueMax, withLog });
      expect(contagion?.roots).toBeGreaterThan(0);
    }
    expect(bytes).toHaveLength(3);
    expect(bytes[0].equals(bytes[1]) && bytes[0].equals(bytes[2])).toBe(true);
    expect(bytes[0].length).toBeGreaterThan(1_000_000);
  });

  it('change no bit of a run whose cohorts work their orders', async () => {
    const targets = 'name: targets\n    strategy: leverage-target';
    for (const execution of [
      'policy: limit-join, reprice: 2s, patience: 15s',
      'policy: almgren-chriss, duration: { dist: uniform, min: 30s, max: 90s }, riskAversion: 0.1',
    ]) {
      const worked = `${targets}\n    execution: { ${execution} }\n    speedLimit: 0.05`;
      const text = SMALL_SCENARIO.replace(targets, worked);
      const scenario = resolveScenario(parseScenario(text, 'small.yaml'));
      const alone = await result({ scenario });
      const other = await result({ scenario, threads: 2, inlineDueMax: 0 });
      expect([other.hash, other.logHash]).toEqual([alone.hash, alone.logHash]);
      expect(other.parallelWindows).toBeGreaterThan(0);
      expect(alone.hash).not.toBe((await result({})).hash);
    }
  });

  it('show everybody the same crowd and the same liquidation map', async () => {
    const more = (strategy: string, period: string) =>
      `  - { name: ${strategy}, strategy: ${strategy}, count: 60, equity: 20000, period: ${period} }\n`;
    const text = SMALL_SCENARIO + more('herding', '3s') + more('liquidation-hunter', '2s');
    const scenario = resolveScenario(parseScenario(text, 'small.yaml'));
    const alone = await result({ scenario });
    for (const threads of [2, 3]) {
      const other = await result({ scenario, threads, inlineDueMax: 0 });
      expect([other.hash, other.logHash], `${threads} threads`).toEqual([alone.hash, alone.logHash]);
      expect(other.parallelWindows).toBeGreaterThan(0);
    }
  });

  it('draw the same mix, the same crowd and the same correlations', async () => {
    const text = SMALL_SCENARIO.replace(/strategy: (zero-intelligence|leverage-target)\n/g, (line) =>
      `${line}    mix: { name: flow, alpha: 2 }\n    crowding: 0.6\n` +
      '    correlations: [{ between: [equity, params.leverage], rho: 0.5 }]\n'.repeat(
        line.includes('leverage-target') ? 1 : 0,
      ));
    expect(text.match(/alpha/g)).toHaveLength(2);
    const scenario = resolveScenario(parseScenario(text, 'mixed.yaml'));
    const [alone, together] = [await result({ scenario }), await result({ scenario, threads: 2, inlineDueMax: 0 })];
    expect([together.hash, together.logHash]).toEqual([alone.hash, alone.logHash]);
    expect(alone.hash).not.toBe((await result({})).hash);
  });

  it('change no bit of a shipped scenario, checked after every window', async () => {
    const scenario = resolveScenario(loadScenario('calm').scenario);
    const common = { scenario, seed: 7, untilMicros: 120_000_000, check: true };
    const one = await result({ ...common, threads: 1 });
    const two = await result({ ...common, threads: 2, inlineDueMax: 0 });
    expect(two.hash).toBe(one.hash);
    expect(one.conservationErrorQuanta).toBe(0);
    expect(two.simulatedSeconds).toBe(120);
  });
});
