/** A comparison for people. */
import { describeTime } from '../../sim/trace/index.js';
import { INTERVAL_RULE } from '../experiment/index.js';
import type { Comparison, MetricComparison } from '../experiment/index.js';
import { percent, short, whole } from './number-text.js';
import type { Variant } from './compare-variants.js';
import { paint } from './terminal.js';

const HEAD = ['mean A', 'mean B', 'B - A', 'interval', 'p (Holm)', 'B better', 'ties', 'corr', 'var ratio'];
const FAILED_SHOWN = 3;

/** Returns the lines of a comparison. */
export function compareText(
  found: Comparison,
  [a, b]: readonly Variant[],
  replays: { a: string; b: string },
): string {
  const { seed, seeds, pairs, confidence } = found;
  const level = Number((100 * confidence).toFixed(4));
  const lines = [
    paint('bold', `A ${subjectText(a)}`),
    paint('bold', `B ${subjectText(b)}`),
    `${whole(pairs)} pairs on seeds ${seed} to ${seed + seeds - 1}, ${level} % intervals`,
    '',
    ...table(found.metrics),
    '',
    ...divergenceLines(found, replays),
  ];
  if (found.failed.length > 0) lines.push('', ...failedLines(found));
  lines.push('', paint('dim', rules(found)));
  return lines.join('\n');
}

function subjectText({ request, settings }: Variant): string {
  return [request.run.scenario.name, ...settings].join('  ');
}

function table(metrics: readonly MetricComparison[]): string[] {
  const rows = metrics.map((one) => [label(one), ...cells(one)]);
  const all = [['', ...HEAD], ...rows];
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => row[column].length)));
  return all.map((row, k) => {
    const text = row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column] + 2)))
      .join('');
    return k === 0 ? paint('dim', text) : text;
  });
}

function label({ name, unit }: MetricComparison): string {
  return unit === '' || name.endsWith('Quote') || name.endsWith('Fraction') ? name : `${name} [${unit}]`;
}

function cells(one: MetricComparison): string[] {
  if (one.pairs === 0) return [...HEAD.slice(0, -1).map(() => '-'), `undefined in all`];
  const { meanA, meanB, difference, low, high, interval, pHolm, betterInB, ties } = one;
  const mark = interval === 'bca' ? '*' : '';
  const few = one.undefinedPairs > 0 ? ` (${one.pairs})` : '';
  return [
    amount(meanA) + few,
    amount(meanB),
    amount(difference),
    Number.isNaN(low) ? '-' : `${amount(low)} to ${amount(high)}${mark}`,
    pText(pHolm),
    betterInB === null ? '-' : shareText(betterInB),
    whole(ties),
    Number.isNaN(one.correlation) ? '-' : one.correlation.toFixed(2),
    ratioText(one.varianceRatio),
  ];
}

function shareText({ share, low, high }: NonNullable<MetricComparison['betterInB']>): string {
  return `${percent(share)} (${whole(100 * low)}-${whole(100 * high)})`;
}

function amount(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || !Number.isFinite(value)) return value === 0 ? '0' : '-';
  return size < 0.01 ? value.toPrecision(3) : short(value);
}

function pText(p: number): string {
  if (Number.isNaN(p)) return '-';
  return p < 1e-4 ? '<0.0001' : p.toFixed(4);
}

function ratioText(ratio: number): string {
  if (Number.isNaN(ratio)) return '-';
  return ratio === Infinity ? 'inf' : short(ratio);
}

function divergenceLines(found: Comparison, replays: { a: string; b: string }): string[] {
  const { divergence, hashes, seed, pairs, samePairs } = found;
  if (pairs > 0 && samePairs === pairs) {
    return [
      `A and B are the same: every pair ends in the same hash, no event differs`,
      `seed ${seed}: ${hashes.a}  ${replays.a}`,
    ];
  }
  const same = samePairs > 0 ? [`${whole(samePairs)} of ${whole(pairs)} pairs end in the same hash`] : [];
  const lines = [
    ...same,
    `seed ${seed} A  ${hashes.a ?? 'failed'}  ${replays.a}`,
    `seed ${seed} B  ${hashes.b ?? 'failed'}  ${replays.b}`,
  ];
  if (divergence === null) return lines;
  const { opening, event, sample } = divergence;
  if (opening !== null) lines.push(...rowLines('they open differently', opening));
  if (event !== null) lines.push(...rowLines(`first event that differs, ${describeTime(event.timeMicros)}`, event));
  else if (sample !== null) lines.push(...rowLines('events are the same; first sample that differs', sample));
  else if (hashes.a === hashes.b) lines.push('no event differs');
  else lines.push('no event differs; the states at the end do');
  return lines;
}

function rowLines(title: string, { a, b }: { a: string | null; b: string | null }): string[] {
  return [`${title}:`, `  A  ${a ?? 'nothing further'}`, `  B  ${b ?? 'nothing further'}`];
}

function failedLines({ failed, seeds, pairs }: Comparison): string[] {
  const head = `${whole(failed.length)} runs failed; ${whole(seeds - pairs)} pairs were dropped`;
  const shown = failed.slice(0, FAILED_SHOWN).map(({ variant, seed, code, reason }) => {
    return `  ${variant} seed ${seed}: ${reason} [${code}]`;
  });
  const rest = failed.length - shown.length;
  return [paint('red', head), ...shown, ...(rest > 0 ? [`  and ${whole(rest)} more`] : [])];
}

function rules({ metrics }: Comparison): string {
  const skewed = metrics.some((one) => one.interval === 'bca') ? ' (* BCa)' : '';
  const few = metrics.some((one) => one.undefinedPairs > 0 && one.pairs > 0)
    ? '; (n) pairs in which the figure is defined'
    : '';
  return `interval: ${INTERVAL_RULE}${skewed}; p: Student's paired t${few}`;
}
