/** All facts against a sample. */
import { assert, RandomSource } from '../kernel/index.js';
import { bookFacts } from './book-facts.js';
import type { FactResult, StylisedFact } from './fact.js';
import { flowFacts } from './flow-facts.js';
import type { Sample } from './market-record.js';
import { returnFacts } from './return-facts.js';
import { volatilityFacts } from './volatility-facts.js';

/** Every fact, by number. */
export const stylisedFacts: readonly StylisedFact[] = [
  ...returnFacts,
  ...volatilityFacts,
  ...flowFacts,
  ...bookFacts,
].sort((a, b) => a.id - b.id);

/** A fact without its test, and what testing it found. */
export type FactRow = Omit<StylisedFact, 'test'> & FactResult;

/** Facts and what they found. */
export interface Scorecard {
  rows: FactRow[];
  /** Whether every fact that must hold does; one that cannot be tested does not. */
  holds: boolean;
}

/** Seed of the resamples: the same sample always gives the same intervals. */
const SEED = 20_010_101;
const BINS_MIN = 30;

/** Tests every fact. The sample must have at least one run, each with at least 30 bins. */
export function scorecard(sample: Sample, resamples?: number): Scorecard {
  assert(sample.length > 0, 'a scorecard needs a run');
  for (const { volumeLots } of sample) {
    assert(volumeLots.length >= BINS_MIN, `a run of ${volumeLots.length} bins`);
  }
  const source = new RandomSource(SEED);
  const rows = stylisedFacts.map(({ test, ...fact }) => {
    const stream = source.stream(`fact/${fact.id}`);
    return { ...fact, ...test(sample, resamples === undefined ? { stream } : { stream, resamples }) };
  });
  const holds = rows.every(
    ({ tier, verdict }) => tier !== 'must' || verdict === 'pass' || verdict === 'warn',
  );
  return { rows, holds };
}
