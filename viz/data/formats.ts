/** Numbers and times in words a reader takes in at a glance. */

const MILLIS_PER_DAY = 86_400_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MINUS = '\u2212';
const THIN = '\u2009';

/** `hh:mm:ss.mmm` of a simulated instant, UTC, by the film's start. */
export function clockText(timeMicros: number, startEpochMs: number): string {
  const millis = Math.floor(timeMicros / 1000) + startEpochMs;
  const rest = ((millis % MILLIS_PER_DAY) + MILLIS_PER_DAY) % MILLIS_PER_DAY;
  const hours = Math.floor(rest / 3_600_000);
  const minutes = Math.floor(rest / 60_000) % 60;
  const seconds = Math.floor(rest / 1000) % 60;
  return `${pad(hours, 2)}:${pad(minutes, 2)}:${pad(seconds, 2)}.${pad(rest % 1000, 3)}`;
}

/** `12 Mar 2020`, or `day 2` when the film has no date of its own. */
export function dateText(timeMicros: number, startEpochMs: number): string {
  if (startEpochMs === 0) return `day ${Math.floor(timeMicros / 86_400_000_000) + 1}`;
  const days = Math.floor((Math.floor(timeMicros / 1000) + startEpochMs) / MILLIS_PER_DAY);
  const { year, month, day } = civil(days);
  return `${day} ${MONTHS[month - 1] ?? ''} ${year}`;
}

/** A time as typed: `hh:mm[:ss[.mmm]]`, `[d]d hh:mm:ss` or `+90s`; null when it is none of them. */
export function parseClock(
  text: string,
  startEpochMs: number,
  durationMicros: number,
): number | null {
  const offset = /^\+(\d+(?:\.\d+)?)(s|m|h)$/.exec(text.trim());
  if (offset) {
    const unit = offset[2] === 'h' ? 3600 : offset[2] === 'm' ? 60 : 1;
    return within(Math.round(Number(offset[1]) * unit * 1e6), durationMicros);
  }
  const match = /^(?:(\d{1,3})d? +)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?$/.exec(
    text.trim(),
  );
  if (!match) return null;
  const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0);
  const millis = seconds * 1000 + Number((match[5] ?? '').padEnd(3, '0'));
  const startOfDay = ((startEpochMs % MILLIS_PER_DAY) + MILLIS_PER_DAY) % MILLIS_PER_DAY;
  const firstDay = match[1] === undefined ? 0 : dayOffset(Number(match[1]), startEpochMs);
  let found = millis - startOfDay + firstDay * MILLIS_PER_DAY;
  if (found < 0 && match[1] === undefined) found += MILLIS_PER_DAY;
  return within(found * 1000, durationMicros);
}

/** Three to four significant digits with k, M, B: `1.84 M`. */
export function amountText(value: number): string {
  if (!Number.isFinite(value)) return '\u2013';
  const size = Math.abs(value);
  if (size === 0) return '0';
  const sign = value < 0 ? MINUS : '';
  if (size >= 999.5e6) return `${sign}${digits(size / 1e9)}${THIN}B`;
  if (size >= 999.5e3) return `${sign}${digits(size / 1e6)}${THIN}M`;
  if (size >= 9_999.5) return `${sign}${digits(size / 1e3)}${THIN}k`;
  if (size >= 1000) return `${sign}${groupText(Math.round(size))}`;
  return `${sign}${digits(size)}`;
}

/** Writes amounts of an axis from `low` to `high`: one unit for all, decimals that differ. */
export function axisAmountText(low: number, high: number): (value: number) => string {
  const size = Math.max(Math.abs(low), Math.abs(high));
  const [unit, name] = size >= 2e9 ? [1e9, 'B'] : size >= 2e6 ? [1e6, 'M'] : [1, ''];
  let step = (high - low) / unit / 2.5;
  let decimals = 0;
  while (step > 0 && step < 1 && decimals < 6) {
    step *= 10;
    decimals += 1;
  }
  return (value) => groupText(value / unit, decimals) + (name ? THIN + name : '');
}

/** A price with the decimals its tick needs: `5,182.5`. */
export function priceText(value: number, quotePerTick: number): string {
  if (!Number.isFinite(value)) return '\u2013';
  return groupText(value, tickDecimals(quotePerTick));
}

/** Decimals that tell two neighbouring ticks apart, at most 8. */
export function tickDecimals(quotePerTick: number): number {
  let decimals = 0;
  let scaled = quotePerTick;
  while (decimals < 8 && Math.abs(scaled - Math.round(scaled)) > 1e-9 * scaled) {
    scaled *= 10;
    decimals += 1;
  }
  return decimals;
}

/** Basis points with sign: `−124 bps`. */
export function bpsText(value: number): string {
  if (!Number.isFinite(value)) return '\u2013';
  const rounded = Math.abs(value) >= 99.95 ? value.toFixed(0) : value.toFixed(1);
  return `${signText(rounded)} bps`;
}

/** A fraction in percent with sign and the given decimals. */
export function percentText(fraction: number, decimals = 2): string {
  if (!Number.isFinite(fraction)) return '\u2013';
  return `${signText((fraction * 100).toFixed(decimals))}${THIN}%`;
}

/** A whole number, or one with fixed decimals, in groups of three: `12,345.5`. */
export function groupText(value: number, decimals = 0): string {
  if (!Number.isFinite(value)) return '\u2013';
  const [whole = '0', fraction] = Math.abs(value).toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const sign = value < 0 && Number(value.toFixed(decimals)) !== 0 ? MINUS : '';
  return sign + (fraction ? `${grouped}.${fraction}` : grouped);
}

/** A stretch of time in its largest fitting unit: `10 min`, `1.5 s`, `48 h`. */
export function durationText(micros: number): string {
  const seconds = micros / 1e6;
  if (seconds >= 5400) return `${trim(seconds / 3600)} h`;
  if (seconds >= 90) return `${trim(seconds / 60)} min`;
  if (seconds >= 1) return `${trim(seconds)} s`;
  return `${trim(seconds * 1000)} ms`;
}

function within(micros: number, durationMicros: number): number | null {
  return micros >= 0 && micros <= durationMicros ? micros : null;
}

/** Days from the film's first day to a day number: of the month with a date, else counted from 1. */
function dayOffset(day: number, startEpochMs: number): number {
  if (startEpochMs === 0) return day - 1;
  const first = Math.floor(startEpochMs / MILLIS_PER_DAY);
  for (let ahead = 0; ahead < 62; ahead += 1) {
    if (civil(first + ahead).day === day) return ahead;
  }
  return -1;
}

/** Year, month and day of a day count since 1970-01-01 (Hinnant, days_to_civil). */
function civil(daysSinceEpoch: number): { year: number; month: number; day: number } {
  const shifted = daysSinceEpoch + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

function digits(value: number): string {
  if (value >= 99.95) return value.toFixed(0);
  if (value >= 9.995) return value.toFixed(1);
  if (value >= 0.0995) return value.toFixed(2);
  return value.toPrecision(2);
}

function trim(value: number): string {
  return String(Number(value.toFixed(value < 10 ? 1 : 0)));
}

function signText(text: string): string {
  return text.startsWith('-') ? MINUS + text.slice(1) : `+${text}`;
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, '0');
}
