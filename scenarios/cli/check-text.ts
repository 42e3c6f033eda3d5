/** The verdicts of a check for people: at most 20 lines. */
import { estimateText, valueText } from './check-amount.js';
import type { AssertionReport, CheckReport } from './check-report.js';
import { percent, short, span, whole } from './number-text.js';
import { paint } from './terminal.js';

const MARKS = { pass: '✓', fail: '✗', undecided: '?' } as const;
const COLORS = { pass: 'green', fail: 'red', undecided: 'yellow' } as const;
/** What matters most comes first where not all can be told. */
const ORDER = ['fail', 'undecided', 'pass'] as const;
const ROWS_MAX = 9;
/** Assertions that are told more of. */
const DETAILS_MAX = 3;
const ASSERTION_COLUMNS_MAX = 60;

/** Returns the lines of a report. */
export function checkText(report: CheckReport): string {
  const { assertions, failed } = report;
  const byWeight = ORDER.flatMap((verdict) => assertions.filter((one) => one.verdict === verdict));
  const shown = assertions.length <= ROWS_MAX ? assertions : byWeight.slice(0, ROWS_MAX);
  const detailed = byWeight.filter((one) => one.verdict !== 'pass').slice(0, DETAILS_MAX);
  const width = Math.min(ASSERTION_COLUMNS_MAX, Math.max(...shown.map((one) => one.assertion.length)));
  const lines = [
    paint('bold', titleText(report)),
    paint('dim', rowText(['  assertion', 'estimate', 'bounds', 'runs'], width)),
  ];
  for (const one of shown) {
    lines.push(assertionRow(one, width));
    if (detailed.includes(one)) lines.push(...detailLines(one));
  }
  if (shown.length < assertions.length) {
    lines.push(`  and ${assertions.length - shown.length} more; --json tells all`);
  }
  if (failed.count > 0) {
    const [first] = failed.runs;
    lines.push(`${whole(failed.count)} of ${whole(report.runs)} runs could not be made; seed ${first.seed}: ${first.reason}`);
  }
  return [...lines, verdictText(report)].join('\n');
}

/** Says what one assertion came to, in a sentence without a mark. */
export function sentenceOf(one: AssertionReport): string {
  const { verdict, estimate, low, high, n, needs, reason, violations } = one;
  const bounds = `${estimateText(estimate, one)} [${estimateText(low, one, '-∞')}, ${estimateText(high, one, '∞')}]`;
  const runs = `${bounds} over ${whole(n)} runs`;
  const rest = extremeText(one);
  if (verdict === 'pass') return `holds: ${runs}${rest === undefined ? '' : `, ${rest}`}`;
  if (verdict === 'fail') return `fails: ${runs}, of which ${whole(violations.count)} violate it`;
  return `undecided: ${runs}; ${reason ?? ''}${needsText(needs)}`;
}

function titleText({ scenario, seed, runs, confidence, version }: CheckReport): string {
  const seeds = runs === 1 ? `seed ${seed}` : `seeds ${seed} to ${seed + Math.max(runs, 1) - 1}`;
  return `${scenario}, ${seeds}, confidence ${confidence}, stampede ${version}`;
}

function assertionRow(one: AssertionReport, width: number): string {
  const { verdict, assertion, estimate, low, high, n } = one;
  const bounds = `${estimateText(low, one, '-∞')} to ${estimateText(high, one, '∞')}`;
  const text = assertion.length > width ? `${assertion.slice(0, width - 1)}…` : assertion;
  const row = rowText([`${MARKS[verdict]} ${text}`, estimateText(estimate, one), extremeText(one) ?? bounds, whole(n)], width);
  return row.replace(MARKS[verdict], paint(COLORS[verdict], MARKS[verdict]));
}

/** A maximum has no bounds beyond the runs made, but says something of other seeds. */
function extremeText({ violatingShareMax }: AssertionReport): string | undefined {
  return violatingShareMax === undefined ? undefined : `but for ${percent(violatingShareMax)} of seeds at most`;
}

function rowText([assertion, estimate, bounds, runs]: string[], width: number): string {
  return `${assertion.padEnd(width + 2)}  ${estimate.padStart(10)}  ${bounds.padEnd(27)}  ${runs.padStart(7)}`;
}

function detailLines(one: AssertionReport): string[] {
  const { verdict, worst, violations, unit, n, reason, needs, undefinedRuns } = one;
  const left = undefinedRuns > 0 ? `; undefined in ${whole(undefinedRuns)} runs` : '';
  if (verdict === 'undecided') return [`    ${reason ?? 'undecided'}${needsText(needs)}`];
  if (worst === null) return [];
  const count = `${whole(violations.count)} of ${whole(n)} runs violate it${left}`;
  const seed = `seed ${worst.seed} most: ${valueText(worst.value, unit)}`;
  const measure = worst.measure === undefined ? [] : [`    ${worst.measure}`];
  return [`    ${count}, ${seed}`, `    ${worst.replay}`, ...measure];
}

function needsText(needs: number | undefined): string {
  return needs === undefined ? '' : `; it needs ${whole(needs)} runs at least`;
}

function verdictText({ verdict, interrupted, assertions, runs, wallSeconds, runsPerSecond }: CheckReport): string {
  const count = (of: string): number => assertions.filter((one) => one.verdict === of).length;
  const parts = ORDER.filter((of) => count(of) > 0).map((of) => `${count(of)} ${WORDS[of][count(of) === 1 ? 0 : 1]}`);
  const word = interrupted ? 'interrupted' : verdict;
  const color = word === 'pass' || word === 'fail' ? COLORS[word] : 'yellow';
  const cost = `${whole(runs)} runs in ${span(wallSeconds)}, ${short(runsPerSecond)} a second`;
  return `${paint(color, word)}: ${parts.join(', ')}; ${cost}`;
}

/** For one, and for several. */
const WORDS = {
  pass: ['holds', 'hold'],
  fail: ['fails', 'fail'],
  undecided: ['is undecided', 'are undecided'],
} as const;
