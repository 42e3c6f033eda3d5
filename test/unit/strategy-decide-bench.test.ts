/** The decide benchmark runs, on tiny inputs, and hashes the same twice. */
import { expect, it } from 'vitest';
import { registry } from '../../agents/index.js';
import { decideBench } from '../bench/decide.bench.js';

it('measures the mix and each strategy, reproducibly', async () => {
  const { bench, results } = await decideBench({ tiny: true });
  expect(bench).toBe('decide');
  const sizing = registry.filter((strategy) => strategy.style === 'sizing').length;
  expect(results.map((result) => result.case)[0]).toBe(`mixed-${sizing}`);
  expect(results.length).toBe(sizing + 2);
  for (const result of results) {
    expect(result.decisionsPerCpuSecond).toBeGreaterThan(0);
    expect(result.hash).toMatch(/^[0-9a-f]{16}$/);
  }
  const again = await decideBench({ tiny: true });
  expect(again.results.map((result) => result.hash)).toEqual(results.map((result) => result.hash));
});
