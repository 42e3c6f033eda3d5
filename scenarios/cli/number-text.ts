/** Numbers for people: grouped digits, short forms, durations, bytes. */

const GROUPS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Whole number with grouped digits: `12,345`. */
export function whole(value: number): string {
  return GROUPS.format(Math.round(value) + 0);
}

/** Three significant digits with a letter from ten thousand on: `9,876`, `12.3 k`, `1.52 B`. */
export function short(value: number): string {
  const size = Math.abs(value);
  if (size < 10_000) return Number.isInteger(value) || size >= 100 ? whole(value) : digits(value);
  for (const [scale, letter] of SCALES) {
    if (size < scale * 999.5) return `${digits(value / scale)} ${letter}`;
  }
  return value.toExponential(2);
}

const SCALES: readonly (readonly [number, string])[] = [
  [1e3, 'k'],
  [1e6, 'M'],
  [1e9, 'B'],
  [1e12, 'T'],
];

/** Three significant digits of a value below a thousand. */
function digits(value: number): string {
  return value === 0 ? '0' : value.toPrecision(3);
}

/** A price: five significant digits, at least. */
export function price(value: number): string {
  const size = Math.abs(value);
  if (size >= 1000) return whole(value);
  if (size === 0) return '0';
  return value.toFixed(Math.min(12, Math.max(0, 4 - Math.floor(Math.log10(size)))));
}

/** Percentage with one decimal: `-52.6 %`. */
export function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(1)} %`;
}

/** Simulated time: `48 h 00 min`, `9 min 30 s`, `1.25 s`. */
export function span(seconds: number): string {
  if (seconds < 60) return `${Number(seconds.toFixed(2))} s`;
  const whole = Math.floor(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}

/** Bytes in binary units: `612 MiB`. */
export function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  if (count < 1048576) return `${(count / 1024).toFixed(0)} KiB`;
  if (count < 1073741824) return `${(count / 1048576).toFixed(0)} MiB`;
  return `${(count / 1073741824).toFixed(2)} GiB`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
