/** The value of a metric of one run. */
import { type Estimate, type MetricInfo, metricInfos } from '../../../sim/metrics/index.js';

/** One value, as `stampede metrics --run --json` prints it: every number finite. */
export interface Measurement {
  name: string;
  /** Null where it is undefined: `note` tells why. */
  value: number | null;
  unit: string;
  /** Two-sided, 95 %; null where one run has none to tell. */
  interval: { low: number; high: number } | null;
  /** Which of several values of the name it is: `L1`, `L1, generation 2`, an instrument. */
  scope: string | null;
  /** Observations behind it: nodes, cascades, samples, accounts. */
  n: number;
  note: string | null;
}

/** What is known of a value beyond it. */
export interface Facts {
  n: number;
  scope?: string;
  note?: string;
  /** Why the value is null, where it is. */
  missing?: string;
  interval?: Pick<Estimate, 'low' | 'high'>;
  /** In place of the declared unit, where that depends on the input. */
  unit?: string;
}

const infos = new Map(metricInfos.map((one): [string, MetricInfo] => [one.name, one]));

/** Returns a metric's declaration; undefined of none. */
export function infoOf(name: string): MetricInfo | undefined {
  return infos.get(name);
}

/** Makes a measurement of a declared metric; a value that is not finite becomes null. */
export function measured(name: string, value: number, facts: Facts): Measurement {
  const info = infos.get(name);
  if (info === undefined) throw new Error(`${name} is no declared metric`);
  const { n, scope = null, note = null, missing = 'undefined for these numbers', interval } = facts;
  const isTold = Number.isFinite(value);
  const unit = facts.unit ?? info.unit;
  return {
    name,
    // Without -0, which JSON does not know.
    value: isTold ? value + 0 : null,
    unit,
    interval: isTold ? intervalOf(interval) : null,
    scope,
    n,
    note: isTold ? note : missing,
  };
}

/** Makes a measurement of an estimate with its interval. */
export function estimated(name: string, estimate: Estimate, facts: Omit<Facts, 'interval'>): Measurement {
  return measured(name, estimate.value, { ...facts, interval: estimate });
}

/** An interval without width tells that nothing varied, not that all is known: null. */
function intervalOf(interval: Facts['interval']): Measurement['interval'] {
  if (interval === undefined) return null;
  const { low, high } = interval;
  return Number.isFinite(low) && Number.isFinite(high) && high > low ? { low, high } : null;
}
