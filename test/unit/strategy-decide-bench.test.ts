/** The decide benchmark runs, on tiny inputs, and hashes the same twice. */
import { expect, it } from 'vitest';
import { registry } from '../../agents/index.js';
import { decideBench } from '../bench/decide.bench.js';

it('measures the mix and every strategy, reproducibly', async () => {
  const { bench, results } = await decideBench({ tiny: true });
  expect(bench).toBe('decide');
  expect(results.map((result) => result.case)).toEqual([
    'mixed-8', ...registry.map((strategy) => strategy.name), 'the whole way',
  ]);
  for (const result of results) {
    expect(result.decisionsPerCpuSecond).toBeGreaterThan(0);
    expect(result.hash).toMatch(/^[0-9a-f]{16}$/);
  }
  const again = await decideBench({ tiny: true });
  expect(again.results.map((result) => result.hash)).toEqual(results.map((result) => result.hash));
});
