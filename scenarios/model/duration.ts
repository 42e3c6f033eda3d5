/** Durations as text with units, such as "100ms", "48h" or "26h15m". */

const UNIT_MICROS: Readonly<Record<string, number>> = {
  us: 1,
  ms: 1_000,
  s: 1_000_000,
  m: 60_000_000,
  h: 3_600_000_000,
  d: 86_400_000_000,
};

/** Matches a duration: one or more numbers, each with its unit. */
export const DURATION_PATTERN = /^(?:\d+(?:\.\d+)?(?:us|ms|s|m|h|d))+$/;

const PART = /(\d+(?:\.\d+)?)(us|ms|s|m|h|d)/g;

/** Returns the microseconds of a duration, rounded to whole ones; NaN when it is not a duration. */
export function durationMicros(text: string): number {
  if (!DURATION_PATTERN.test(text)) return NaN;
  let micros = 0;
  for (const [, amount, unit] of text.matchAll(PART)) micros += Number(amount) * UNIT_MICROS[unit];
  return Math.round(micros);
}

/** Writes microseconds in the largest unit that divides them. */
export function durationText(micros: number): string {
  if (micros === 0) return '0s';
  for (const unit of ['d', 'h', 'm', 's', 'ms']) {
    if (micros % UNIT_MICROS[unit] === 0) return `${micros / UNIT_MICROS[unit]}${unit}`;
  }
  return `${micros}us`;
}
