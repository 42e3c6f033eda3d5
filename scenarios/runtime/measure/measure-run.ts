/** The metrics of a stored run. */
import { readRun } from '../trace/index.js';
import { cascadeValues } from './cascade-values.js';
import { liquidityValues } from './liquidity-values.js';
import type { Measurement } from './measurement.js';
import { cutLog } from './run-cut.js';
import type { RunCut } from './run-cut.js';
import { crowdingValues, solvencyValues } from './solvency-values.js';

/** A run and what its trace tells. */
export interface RunMeasurements {
  scenario: string;
  seed: number;
  hash: string;
  /** False when the run was interrupted before its end. */
  complete: boolean;
  values: Measurement[];
}

/**
 * Measures a stored run. O(rows) time.
 * @throws UserError `trace/...`
 */
export function measureRun(folder: string): RunMeasurements {
  const { manifest, log } = readRun(folder);
  const { hash, complete } = manifest;
  const cut = cutLog(log);
  const { scenario, seed } = cut.metadata;
  return { scenario, seed, hash, complete, values: measureCut(cut) };
}

/** Returns every value that a trace can tell, group by group. */
export function measureCut(cut: RunCut): Measurement[] {
  return [...cascadeValues(cut), ...crowdingValues(cut), ...liquidityValues(cut), ...solvencyValues(cut)];
}
