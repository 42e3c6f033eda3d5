/** How a stylised fact declares itself, and what testing it says. */
import type { RandomStream } from '../kernel/index.js';
import type { Interval } from './block-bootstrap.js';
import type { Sample } from './market-record.js';

/** What became of a fact. `warn` is inside the accepted range, but near its edge. */
export type Verdict = 'pass' | 'warn' | 'fail' | 'report' | 'not-applicable';

/** A number with its interval; ends are NaN where it has none. */
export interface FactValue {
  name: string;
  value: number;
  low: number;
  high: number;
}

/** Numbers along an axis. */
export interface FactCurve {
  name: string;
  /** What stands on the axis, with its unit: `lag, bins`. */
  axis: string;
  at: readonly number[];
  value: readonly number[];
}

/** What testing a fact found. */
export interface FactResult {
  verdict: Verdict;
  /** The first is what the verdict rests on, or the most telling of them. */
  values: readonly FactValue[];
  curves: readonly FactCurve[];
  /** What else there is to know; why, where it does not apply or fails. */
  note: string;
}

/** A fact. */
export interface StylisedFact {
  /** Its number in the table of docs/validation.md. */
  id: number;
  name: string;
  /** `must`: a market that lacks it is not like real ones; `report`: for the reader. */
  tier: 'must' | 'report';
  formula: string;
  /** What is accepted, as text. */
  range: string;
  source: string;
  test(sample: Sample, terms: FactTerms): FactResult;
}

/** What every fact is tested with. */
export interface FactTerms {
  stream: RandomStream;
  resamples?: number;
}

/** Returns a value with its interval. */
export function bounded(name: string, value: number, { low, high }: Interval): FactValue {
  return { name, value, low, high };
}

/** Returns a value without an interval. */
export function plain(name: string, value: number): FactValue {
  return { name, value, low: Number.NaN, high: Number.NaN };
}

/** Returns the result of a fact that cannot be tested. */
export function notApplicable(note: string): FactResult {
  return { verdict: 'not-applicable', values: [], curves: [], note };
}
