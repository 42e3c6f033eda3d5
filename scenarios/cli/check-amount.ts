/** Values of assertions for people. */
import { percent, short, span } from './number-text.js';

/** Unit of figures that are times. */
const MICROSECONDS = 'us';

/** Writes a value of a figure with its unit: `12,345 quote`, `8 min 20 s`, `0.42`. */
export function valueText(value: number, unit: string): string {
  if (unit === MICROSECONDS) return span(value / 1e6);
  return unit === 'fraction' || unit === 'count' ? short(value) : `${short(value)} ${unit}`;
}

/** Writes an estimate or a bound; `missing` where there is none. */
export function estimateText(
  value: number | null,
  { unit, statistic }: { unit: string; statistic: string },
  missing = '-',
): string {
  if (value === null) return missing;
  if (statistic === 'share') return percent(value);
  return unit === MICROSECONDS ? span(value / 1e6) : short(value);
}
