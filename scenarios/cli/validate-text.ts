/** What a validation says, for people: colour and words. */
import type { FactRow, FactValue, Verdict } from '../../sim/stylised-facts/index.js';
import type { FactsReport, HistoryReport, HistoryRow } from '../runtime/index.js';
import { percent, short, span } from './number-text.js';
import { fitted, paint } from './terminal.js';

/** What a passed scorecard does not say. */
export const CRITIQUE =
  'Passing is not calibration: models that disagree about everything else show the same facts, so a ' +
  'pass rules nothing in; only a failure tells (after Platt & Gebbie 2018).';

const MARKS = {
  pass: paint('green', 'pass'.padEnd(7)),
  warn: paint('yellow', 'warn'.padEnd(7)),
  fail: paint('red', 'FAIL'.padEnd(7)),
  report: paint('dim', 'report'.padEnd(7)),
  'not-applicable': paint('dim', 'n/a'.padEnd(7)),
} satisfies Record<Verdict, string>;

/** Writes the scorecard: facts that must hold, then the others. */
export function factsText(report: FactsReport): string {
  const { scenario, runs, returnsPerRun, takersPerRun, rows, holds } = report;
  const must = rows.filter((row) => row.tier === 'must');
  const failed = must.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'warn');
  const first = runs[0].seed;
  const seeds = runs.length === 1 ? `seed ${first}` : `seeds ${first} to ${first + runs.length - 1} together`;
  const verdict = holds
    ? paint('green', `all ${must.length} facts that must hold do`)
    : paint('red', `${failed.length} of ${must.length} facts that must hold do not: ${failed.map((row) => row.id).join(', ')}`);
  return [
    `${paint('bold', scenario)}, ${seeds}; per run ${short(returnsPerRun)} one-minute returns and ` +
      `${short(takersPerRun)} orders that take; intervals 95 % by block bootstrap`,
    '',
    paint('dim', 'must hold'),
    ...must.flatMap(factLines),
    paint('dim', 'for the reader'),
    ...rows.filter((row) => row.tier === 'report').flatMap(factLines),
    '',
    verdict,
    CRITIQUE,
  ].join('\n');
}

const NAME_COLUMNS = 34;
const INDENT = ' '.repeat(13);

function factLines(row: FactRow): string[] {
  const name = `${String(row.id).padStart(3)}  ${row.name}`.padEnd(NAME_COLUMNS);
  const head = `${name}${MARKS[row.verdict]}`;
  if (row.verdict === 'not-applicable') return [`${head} ${paint('dim', row.note)}`];
  const [main, ...others] = row.values.map(valueText);
  return [
    `${head} ${fitted(`${main}; ${acceptedText(row.range)}`, NAME_COLUMNS + 8)}`,
    ...(others.length > 0 ? [paint('dim', INDENT + fitted(others.join('; '), INDENT.length))] : []),
  ];
}

function acceptedText(range: string): string {
  return range.startsWith('none') ? `no range${range.slice(4)}` : `accepted: ${range}`;
}

function valueText({ name, value, low, high }: FactValue): string {
  const ends = Number.isNaN(low) ? '' : ` (${figure(low)} to ${figure(high)})`;
  return `${name} ${figure(value)}${ends}`;
}

/** Three digits: more than that such numbers do not carry. */
export function figure(value: number): string {
  if (Number.isNaN(value)) return 'undefined';
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) return short(value);
  return size < 1 ? value.toFixed(3) : value.toPrecision(3);
}

/** Writes simulated beside published figures. */
export function historyText(report: HistoryReport): string {
  const { scenario, event, date, runs, rows, holds } = report;
  const seconds = runs.reduce((sum, run) => sum + run.wallSeconds, 0);
  const seeds = runs.map((run) => run.seed).join(', ');
  const measured = rows.filter(({ verdict }) => verdict !== 'not-measured' && verdict !== 'input');
  const inside = measured.filter(({ verdict }) => verdict === 'inside').length;
  const width = Math.max(...rows.map((row) => row.name.length)) + 2;
  return [
    `${paint('bold', scenario)} against ${event}, ${date}; seeds ${seeds}, ` +
      `${span(seconds)} of runs; ours: median (lowest to highest seed)`,
    '',
    ...rows.flatMap((row) => historyLines(row, width)),
    '',
    paint(holds ? 'green' : 'red', `${inside} of ${measured.length} measured figures inside what was published`),
    `Few seeds tell medians roughly; docs/black-thursday.md has twenty, and why figures differ.`,
  ].join('\n');
}

const PLACES = {
  inside: paint('green', 'inside'.padEnd(13)),
  below: paint('red', 'BELOW'.padEnd(13)),
  above: paint('red', 'ABOVE'.padEnd(13)),
  input: paint('dim', 'input'.padEnd(13)),
  'not-measured': paint('dim', 'not measured'.padEnd(13)),
} satisfies Record<HistoryRow['verdict'], string>;

function historyLines(row: HistoryRow, width: number): string[] {
  const of = (value: number): string => historyQuantity(value, row.unit);
  const published = row.low === row.high ? of(row.low) : `${of(row.low)} to ${of(row.high)}`;
  const { median, lowest, highest } = row;
  const ours =
    median === null || lowest === null || highest === null
      ? ''
      : `ours ${of(median)} (${of(lowest)} to ${of(highest)}), ${row.seedsInside} of ${row.values.length} seeds inside`;
  const note = row.note === undefined ? [] : [paint('dim', `${INDENT}${fitted(row.note, INDENT.length)}`)];
  return [`${row.name.padEnd(width)}${PLACES[row.verdict]}published ${published}; ${ours}`.replace(/; $/, ''), ...note];
}

/** Writes a published figure, or ours, in its unit. */
export function historyQuantity(value: number, unit: HistoryRow['unit']): string {
  if (unit === 'fraction') return Math.abs(value) < 0.01 ? `${(100 * value).toFixed(3)} %` : percent(value);
  if (unit === 'count') return short(value);
  return `${short(value)} ${unit}`;
}
