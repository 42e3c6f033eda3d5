/** Numbers as a report prints them. */

const GROUPED = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });
const NOTHING = '–';

/** Three significant digits, four with groups from a thousand on; a dash for what is undefined. */
export function figureText(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return NOTHING;
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size >= 1000 && size < 1e12) return minus(GROUPED.format(value));
  const digits = Number(value.toPrecision(3)) + 0;
  if (digits !== 0 && (size >= 1e12 || size < 1e-4)) return minus(digits.toExponential().replace('e+', 'e'));
  return minus(String(digits));
}

const SCALES = [
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** As `figureText`, for narrow places: from ten thousand on with a letter, `143M`. */
export function shortText(value: number): string {
  const size = Math.abs(value);
  if (!(size >= 1e4 && size < 1e12)) return figureText(value);
  const [scale, letter] = SCALES.find(([one]) => size >= one) ?? SCALES[2];
  return `${figureText(Number((value / scale).toPrecision(3)))}${letter}`;
}

function minus(text: string): string {
  return text.replaceAll('-', '−');
}

/** `[low, high]`; a dash where there is no interval. */
export function intervalText(low: number, high: number): string {
  return Number.isNaN(low) || Number.isNaN(high) ? NOTHING : `[${figureText(low)}, ${figureText(high)}]`;
}

/** `1.23 [1.1, 1.4]`. */
export function estimateText({ value, low, high }: { value: number; low: number; high: number }): string {
  return Number.isNaN(low) || Number.isNaN(high) ? figureText(value) : `${figureText(value)} ${intervalText(low, high)}`;
}

/** A p-value, never as 0. */
export function chanceText(p: number): string {
  if (Number.isNaN(p)) return NOTHING;
  return p < 0.001 ? '< .001' : p.toFixed(3).replace(/^0/, '');
}

/** `57 %`. */
export function shareText(share: number): string {
  return Number.isNaN(share) ? NOTHING : `${Math.round(100 * share)} %`;
}

/** `1 run`, `2 runs`. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${GROUPS.format(count)} ${count === 1 ? one : many}`;
}

const GROUPS = new Intl.NumberFormat('en-US');
