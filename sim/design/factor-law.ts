/** What a factor's coordinate in 0..1 stands for: ranges, lists and distributions. */
import { assert, exp, log, normalCdf, normalQuantile, UserError } from '../kernel/index.js';

/** A value that a factor takes. */
export type FactorLevel = number | string | boolean;

/** Equal steps of the coordinate are equal differences, or with `log` equal ratios. */
export interface RangeLaw {
  law: 'linear' | 'log' | 'integer';
  low: number;
  high: number;
}

/** Every value has an equal share of the coordinate. */
export interface ListLaw {
  law: 'list';
  values: readonly FactorLevel[];
}

/** A normal distribution, cut off outside low..high. */
export interface NormalLaw {
  law: 'normal';
  mean: number;
  standardDeviation: number;
  low?: number;
  high?: number;
}

/** A distribution whose logarithm is normal, cut off outside low..high. */
export interface LognormalLaw {
  law: 'lognormal';
  median: number;
  /** Standard deviation of the logarithm. */
  logStandardDeviation: number;
  low?: number;
  high?: number;
}

/** A density that rises from low to mode and falls to high. */
export interface TriangularLaw {
  law: 'triangular';
  low: number;
  mode: number;
  high: number;
}

/** How a coordinate becomes a value. */
export type FactorLaw = RangeLaw | ListLaw | NormalLaw | LognormalLaw | TriangularLaw;

/**
 * Returns the value at u in 0..1: the quantile of the law. `integer` gives low..high equal shares,
 * `log` takes ends of one sign, negative ones too. Values never leave low..high.
 *
 * @throws UserError design/unbounded at u = 0 or 1 of a normal or lognormal law without that end
 */
export function factorValue(law: FactorLaw, u: number): FactorLevel {
  assert(u >= 0 && u <= 1, `a coordinate lies in 0..1, was ${u}`);
  switch (law.law) {
    case 'linear':
      return clamp(law.low * (1 - u) + law.high * u, law);
    case 'log':
      return logValue(law, u);
    case 'integer':
      return law.low + shareIndex(u, law.high - law.low + 1);
    case 'list':
      return law.values[shareIndex(u, law.values.length)];
    case 'normal':
      return normalValue(law, u);
    case 'lognormal':
      return lognormalValue(law, u);
    case 'triangular':
      return triangularValue(law, u);
  }
}

/** Returns which of `count` equal shares of 0..1 holds u; 1 belongs to the last. */
export function shareIndex(u: number, count: number): number {
  return Math.min(count - 1, Math.floor(u * count));
}

/**
 * Checks that a law's numbers make sense together.
 *
 * @param where what the message starts with, such as `factors.leverage`
 * @throws UserError design/factor
 */
export function checkFactorLaw(law: FactorLaw, where: string): void {
  const need = (ok: boolean, field: string, was: unknown, rule: string): void => {
    if (!ok) throw new UserError('design/factor', `${where}: ${field} was ${was}, ${rule}`);
  };
  if (law.law === 'list') {
    need(law.values.length > 0, 'values', 'empty', 'a list has at least one value');
    return;
  }
  for (const [field, value] of Object.entries(law)) {
    if (field === 'law' || value === undefined) continue;
    need(Number.isFinite(value), field, value, 'must be a finite number');
  }
  const { low, high } = law;
  if (low !== undefined && high !== undefined) {
    need(low < high, 'low', low, `must lie below high, ${high}`);
  }
  if (law.law === 'log') {
    const sameSign = (law.low > 0 && law.high > 0) || (law.low < 0 && law.high < 0);
    need(sameSign, 'low', law.low, `a log range has both ends above 0 or both below, not ${high}`);
  } else if (law.law === 'integer') {
    need(Number.isSafeInteger(law.low), 'low', law.low, 'must be a whole number');
    need(Number.isSafeInteger(law.high), 'high', law.high, 'must be a whole number');
    need(Number.isSafeInteger(law.high - law.low + 1), 'high', law.high, 'is too far from low');
  } else if (law.law === 'normal') {
    const { standardDeviation } = law;
    need(standardDeviation > 0, 'standardDeviation', standardDeviation, 'must be above 0');
  } else if (law.law === 'lognormal') {
    const { median, logStandardDeviation } = law;
    need(median > 0, 'median', median, 'must be above 0');
    need(logStandardDeviation > 0, 'logStandardDeviation', logStandardDeviation, 'must be above 0');
    need(low === undefined || low > 0, 'low', low, 'must be above 0');
    need(high === undefined || high > 0, 'high', high, 'must be above 0');
  } else if (law.law === 'triangular') {
    const inside = law.mode >= law.low && law.mode <= law.high;
    need(inside, 'mode', law.mode, `must lie in ${law.low}..${law.high}`);
  }
}

function logValue(law: RangeLaw, u: number): number {
  if (u === 0) return law.low;
  if (u === 1) return law.high;
  const sign = law.low > 0 ? 1 : -1;
  const value = exp(log(sign * law.low) * (1 - u) + log(sign * law.high) * u);
  return clamp(sign * value, law);
}

function normalValue(law: NormalLaw, u: number): number {
  const { mean, standardDeviation, low, high } = law;
  const from = low === undefined ? -Infinity : (low - mean) / standardDeviation;
  const to = high === undefined ? Infinity : (high - mean) / standardDeviation;
  return clamp(mean + standardDeviation * truncatedQuantile(u, from, to), law);
}

function lognormalValue(law: LognormalLaw, u: number): number {
  const middle = log(law.median);
  const scale = law.logStandardDeviation;
  const from = law.low === undefined ? -Infinity : (log(law.low) - middle) / scale;
  const to = law.high === undefined ? Infinity : (log(law.high) - middle) / scale;
  return clamp(exp(middle + scale * truncatedQuantile(u, from, to)), law);
}

/** Returns the u-quantile of a standard normal within from..to, precise in both tails. */
function truncatedQuantile(u: number, from: number, to: number): number {
  if (u === 0 || u === 1) {
    const end = u === 0 ? from : to;
    if (Number.isFinite(end)) return end;
    const missing = u === 0 ? 'low' : 'high';
    const text = `design: a normal factor is at its ${missing} end, give it a ${missing}`;
    throw new UserError('design/unbounded', text);
  }
  if (from > 0) return -truncatedQuantile(1 - u, -to, -from);
  const below = from === -Infinity ? 0 : normalCdf(from);
  const above = to === Infinity ? 1 : normalCdf(to);
  return normalQuantile(below + u * (above - below));
}

function triangularValue({ low, mode, high }: TriangularLaw, u: number): number {
  const width = high - low;
  const rising = u * width < mode - low;
  const value = rising
    ? low + Math.sqrt(u * width * (mode - low))
    : high - Math.sqrt((1 - u) * width * (high - mode));
  return clamp(value, { low, high });
}

function clamp(value: number, { low, high }: { low?: number; high?: number }): number {
  if (low !== undefined && value < low) return low;
  if (high !== undefined && value > high) return high;
  return value;
}
