/** A scenario against what was published of the event it reproduces. */
import { meanEstimate, quantile, sorted } from '../../../sim/metrics/index.js';
import type { HistoryFigures } from './history-recorder.js';
import { eventOf, type HistoryEvent, type HistoryRange } from './history-ranges.js';
import type { RecordedRun } from './record-run.js';
import { startSeeds, type ValidateHandle, type ValidateOptions } from './seed-runs.js';

/** Where the simulated median lies. */
export type HistoryVerdict = 'inside' | 'below' | 'above' | 'input' | 'not-measured';

/** One published figure and ours. */
export interface HistoryRow extends HistoryRange {
  verdict: HistoryVerdict;
  /** Of each seed; empty where nothing is measured. */
  values: number[];
  median: number | null;
  lowest: number | null;
  highest: number | null;
  /** Student's 95 % interval of the mean over seeds; null with one seed. */
  meanInterval: { value: number; low: number; high: number } | null;
  /** Seeds inside the published range. */
  seedsInside: number;
}

/** All figures of an event. */
export interface HistoryReport {
  scenario: string;
  event: string;
  date: string;
  runs: { seed: number; hash: string; wallSeconds: number }[];
  rows: HistoryRow[];
  /** Whether the median of every measured figure lies in its range. */
  holds: boolean;
}

/** Starts the runs. @throws UserError `validate/history`, at once. */
export function startHistory(options: ValidateOptions): ValidateHandle<HistoryReport> {
  const event = eventOf(options.scenario.name);
  return startSeeds<HistoryFigures, HistoryReport>('history', options, (runs) =>
    compareHistory(event, runs),
  );
}

/** Compares runs with the published figures of an event. */
export function compareHistory(
  event: HistoryEvent,
  runs: readonly RecordedRun<HistoryFigures>[],
): HistoryReport {
  const rows = event.ranges.map((range) => rowOf(range, runs));
  return {
    scenario: event.scenario,
    event: event.event,
    date: event.date,
    runs: runs.map(({ seed, hash, wallSeconds }) => ({ seed, hash, wallSeconds })),
    rows,
    holds: rows.every(({ verdict }) => verdict !== 'below' && verdict !== 'above'),
  };
}

function rowOf(range: HistoryRange, runs: readonly RecordedRun<HistoryFigures>[]): HistoryRow {
  const { measure, low, high } = range;
  const values = measure === null ? [] : runs.map((run) => run.kept[measure]);
  if (values.length === 0 || values.some((one) => Number.isNaN(one))) {
    const none = { values: [], median: null, lowest: null, highest: null, meanInterval: null };
    return { ...range, ...none, verdict: 'not-measured', seedsInside: 0 };
  }
  const ascending = sorted(values);
  const median = quantile(ascending, 0.5);
  const place = median < low ? 'below' : median > high ? 'above' : 'inside';
  return {
    ...range,
    verdict: range.isInput === true ? 'input' : place,
    values,
    median,
    lowest: ascending[0],
    highest: ascending[ascending.length - 1],
    meanInterval: values.length < 2 ? null : meanEstimate(values),
    seedsInside: values.filter((one) => one >= low && one <= high).length,
  };
}
