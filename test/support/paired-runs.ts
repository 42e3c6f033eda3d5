/** Runs of library scenarios over seeds and variants, in parallel, for paired comparisons. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { RunFigures } from '../../sim/engine/index.js';

/** One cohort of a run. Columns have an entry per sample, the first of the start. */
export interface CohortRecord {
  name: string;
  strategy: string;
  family: string;
  count: number;
  /** Net position at the mark, signed quote units. */
  netQuote: Float64Array;
  /** What it traded as a taker since the sample before, quote units: gross, and bought less sold. */
  takenQuote: Float64Array;
  takenNetQuote: Float64Array;
  /** Bought less sold since the sample before, as taker or maker, quote units at traded prices. */
  boughtQuote: Float64Array;
  /** Liquidated over the run, quote units, and accounts hit. */
  liquidatedQuote: number;
  liquidations: number;
}

/** What a run left, sampled at the scenario's `time.series`. */
export interface RunRecord {
  seed: number;
  sampleMicros: number;
  /** Mark and index, quote units; sizes resting within 1 % of the mark, quote units: of the first. */
  mark: Float64Array;
  index: Float64Array;
  depthQuote: Float64Array;
  /** Mark of every instrument, quote units. */
  marks: Float64Array[];
  cohorts: CohortRecord[];
  figures: RunFigures;
  cpuSeconds: number;
}

/** What is run. */
export interface PairedRuns<V extends string> {
  /** Name of a library scenario, or a file's path. */
  scenario: string;
  /** Seeds 0..seeds-1 unless listed. */
  seeds: number | readonly number[];
  /** Settings of each variant, as `--set` takes them. */
  variants: Record<V, readonly string[]>;
  /** Worker threads, 2 by default. */
  threads?: number;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Runs every variant with every seed; records of a variant are in the order of the seeds. */
export async function pairedRuns<V extends string>(
  runs: PairedRuns<V>,
): Promise<Record<V, RunRecord[]>> {
  if (!existsSync(`${ROOT}dist/scenarios/model/index.js`)) throw new Error('build first: npx tsc -b');
  const { scenario, seeds, variants, threads = 2 } = runs;
  const file = scenario.includes('/') ? scenario : `${ROOT}scenarios/library/${scenario}.yaml`;
  const list = typeof seeds === 'number' ? Array.from({ length: seeds }, (_, seed) => seed) : seeds;
  const pool = new Piscina({
    filename: fileURLToPath(new URL('./run-worker.mjs', import.meta.url)),
    minThreads: threads,
    maxThreads: threads,
  });
  try {
    const names = Object.keys(variants) as V[];
    const all = names.map((name) =>
      Promise.all(list.map((seed) => pool.run({ file, seed, settings: variants[name] }))),
    );
    const records = (await Promise.all(all)) as RunRecord[][];
    return Object.fromEntries(names.map((name, k) => [name, records[k]])) as Record<V, RunRecord[]>;
  } finally {
    await pool.destroy();
  }
}

/** Sum of squared log returns of the mark between samples, over [from, until) of the run. */
export function realisedVariance(record: RunRecord, from = 0, until = 1): number {
  const { mark } = record;
  const [first, last] = [from, until].map((part) => Math.round(part * (mark.length - 1)));
  let total = 0;
  for (let k = first + 1; k <= last; k++) total += Math.log(mark[k] / mark[k - 1]) ** 2;
  return total;
}

/** A cohort's profit since the start, before fees, at a sample: quote units. */
export function profitQuote(cohort: CohortRecord, at: number): number {
  let bought = 0;
  for (let k = 0; k <= at; k++) bought += cohort.boughtQuote[k];
  return cohort.netQuote[at] - cohort.netQuote[0] - bought;
}

/** Sums a quantity over the cohorts that a test names. */
export function over(
  record: RunRecord,
  which: (cohort: CohortRecord) => boolean,
  of: (cohort: CohortRecord) => number,
): number {
  let total = 0;
  for (const cohort of record.cohorts) if (which(cohort)) total += of(cohort);
  return total;
}
