/** The outcomes that effects are told of. */
import type { BranchOutcome } from '../../../sim/engine/index.js';

/** Keys of an outcome that add up to an effect, in the order they are told. */
export const MEASURES = [
  'liquidations',
  'liquidatedQuote',
  'badDebtQuote',
  'priceFallFraction',
  'fundDrawdownQuote',
] as const satisfies readonly (keyof BranchOutcome)[];

export type Measure = (typeof MEASURES)[number];

/** Builds a record over the measures. */
export function perMeasure<T>(of: (measure: Measure) => T): Record<Measure, T> {
  return Object.fromEntries(MEASURES.map((measure) => [measure, of(measure)])) as Record<Measure, T>;
}
