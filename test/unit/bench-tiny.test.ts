/** Every benchmark runs with tiny inputs, so that none rots; speed is not judged here. */
import { expect, it } from 'vitest';
import { barrierBench } from '../bench/barrier.bench.js';
import { blackThursdayBench } from '../bench/black-thursday.bench.js';
import { causalityBench } from '../bench/causality.bench.js';
import { flatBookBench } from '../bench/flat-book.bench.js';
import { scaleBench } from '../bench/scale.bench.js';
import { sweepBench } from '../bench/sweep.bench.js';
import { zeroIntelligenceBench } from '../bench/zi-1k.bench.js';

it('barrier', async () => {
  const { bench, results } = await barrierBench({ tiny: true });
  expect(bench).toBe('barrier');
  expect(results.map((one) => one.case)).toEqual(['hot', 'after a pause']);
  for (const one of results) expect(one.p99Micros).toBeGreaterThanOrEqual(one.p50Micros);
});

it('zi-1k', async () => {
  const { results } = await zeroIntelligenceBench({ tiny: true });
  const [{ counts, orderActionsPerCpuSecond, hash }] = results;
  expect(Object.keys(counts)).toEqual(['wakes', 'limitOrders', 'marketOrders', 'cancels', 'trades']);
  expect(counts.wakes.within).toBe(false);
  expect(orderActionsPerCpuSecond).toBeGreaterThan(0);
  expect(hash).toMatch(/^[0-9a-f]{16}$/);
});

it('black-thursday', async () => {
  const { results } = await blackThursdayBench({ tiny: true });
  expect(results[0]).toMatchObject({ case: '48h', threads: 2 });
  expect(results[1]).toMatchObject({ case: 'crowd', parallelShare: expect.any(Number) });
});

it('flat-book', async () => {
  const { results } = await flatBookBench({ tiny: true });
  expect(results.map((one) => one.R)).toEqual([0, 0.6, 0.9, 1.1, 1.5, 2]);
  for (const one of results) expect(one.replicatesPerCpuSecond).toBeGreaterThan(0);
});

it('scale', async () => {
  const { results } = await scaleBench({ tiny: true });
  expect(results.map((one) => one.case)).toEqual(['100 traders', '1000 traders', 'range', 'million']);
  expect(results[1]).toMatchObject({ liquidations: expect.any(Number), orderActions: expect.any(Number) });
  expect((results[1] as { liquidations: number }).liquidations).toBeGreaterThan(100);
});

it('causality', () => {
  const { results } = causalityBench({ tiny: true });
  expect(results.map((one) => one.scenario)).toEqual(['monoculture', 'all']);
});

it('sweep', async () => {
  const { results } = await sweepBench({ tiny: true });
  expect(results.map((one) => one.case)).toEqual(['threads', 'tiny']);
  for (const one of results) expect(one.hash).toMatch(/^[0-9a-f]{16}$/);
});
